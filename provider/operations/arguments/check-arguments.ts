import * as z from "../../zod";
import { kindOfTask, productTraits, traitsOfKind, usualKind, type ProductTraits } from "../../clients/traits";
import type { Problem, Product } from "../../tasks";
import type { Configuration } from "./configuration";
import { completionArguments, needed, request, startArguments } from "./schemas";
import { hasUnknown, problemsOf, unknownValue } from "./validation";

/** Arguments before they are known to be right. */
type Raw = Readonly<Record<string, unknown>>;

/** Everything that `Operation` takes but its functions. */
const operationArguments = startArguments.extend(completionArguments.shape);

const followUpArguments = z.strictObject({
  endpoint: startArguments.shape.endpoint,
  request: request.optional(),
  of: needed("the id of the task that made the object").min(1),
  kind: z.string().optional(),
  site: z.string().optional(),
  timeout: completionArguments.shape.timeout,
  runNow: z.boolean().optional(),
});

const completedTaskArguments = completionArguments.extend({
  endpoint: startArguments.shape.endpoint,
  startedTaskId: needed("the id of a task").min(1),
  kind: startArguments.shape.kind,
  site: startArguments.shape.site,
  taskIdFrom: startArguments.shape.taskIdFrom,
  request: request.optional(),
  immediateResult: z.unknown().optional(),
  onRequestChange: startArguments.shape.onRequestChange,
});

function knownString(value: unknown): string | undefined {
  return typeof value === "string" && value !== unknownValue ? value : undefined;
}

/** The request as far as it says which kind of task it starts. */
function knownRequest(given: Raw): { method: string; path: string } | undefined {
  const { request: asked } = given;
  const { method, path } = (typeof asked === "object" && asked !== null ? asked : {}) as Raw;
  const known = { method: knownString(method), path: knownString(path) };
  return known.method === undefined || known.path === undefined
    ? undefined
    : { method: known.method, path: known.path };
}

/** Whether a request says itself to which site it goes. */
function namesSite(request: unknown): boolean {
  if (typeof request !== "object" || request === null) return false;
  const { path, query } = request as { path?: unknown; query?: Record<string, unknown> | null };
  const inPath = typeof path === "string" && new URLSearchParams(path.split("?")[1] ?? "").has("site");
  return inPath || query?.site !== undefined;
}

/** The kinds that a task can have: one, unless what tells it is not known yet. */
function possibleKinds(given: Raw, traits: ProductTraits): string[] {
  const kind = knownString(given.kind);
  const asked = knownRequest(given);
  const isToldLater =
    given.kind === unknownValue ||
    (kind === undefined && asked === undefined && given.request !== undefined && traits.kindOf !== undefined);
  return isToldLater ? Object.keys(traits.kinds) : [kindOfTask(traits, { kind, request: asked })];
}

/** What a product cannot do, so that nothing starts because of it. */
export function traitProblems(given: Raw, traits: ProductTraits): Problem[] {
  const [first = [], ...others] = possibleKinds(given, traits).map((kind) =>
    kindProblems(kind, given, traits),
  );
  // What one of the kinds can do may be what is meant.
  return first.filter(({ path }) =>
    others.every((problems) => problems.some((other) => other.path === path)),
  );
}

function kindProblems(kind: string, given: Raw, traits: ProductTraits): Problem[] {
  const problems: Problem[] = [];
  const { title } = traits;
  const able = traitsOfKind(traits, kind);
  if (able === undefined) {
    const known = Object.keys(traits.kinds).join(", ");
    return [{ path: "kind", message: `${title} has no tasks of this kind; it has: ${known}` }];
  }
  const subject = kind === usualKind(traits) ? "a task" : `a task of the kind ${kind}`;
  if (given.site !== undefined && !traits.hasSites)
    problems.push({ path: "site", message: `${title} has no sites` });
  if (given.site === undefined && traits.hasSites && namesSite(given.request)) {
    // Followed at the local site, a task of another one would seem to be lost.
    problems.push({
      path: "site",
      message:
        "is missing: the request names a site itself, so say where its task runs, which is usually there",
    });
  }
  for (const name of ["onTimeout", "onDelete"] as const) {
    if (given[name] === "cancel" && able.cancels === "none") {
      problems.push({ path: name, message: `${title} cannot cancel ${subject}; leave it out` });
    }
  }
  if (given.onTimeout === "cancel" && able.cancels === "failed") {
    problems.push({
      path: "onTimeout",
      message: `${title} cancels ${subject} only when it has failed, so not one that still runs; leave it out`,
    });
  }
  const { how } = (typeof given.retry === "object" ? (given.retry ?? {}) : {}) as { how?: unknown };
  if (how === "retryTask" && able.retries === "no") {
    problems.push({
      path: "retry.how",
      message: `${title} cannot continue ${subject} that failed; use startAgain or auto`,
    });
  }
  if (given.onRequestChange === "retryInPlace" && able.retries !== "withBody") {
    const others = Object.entries(traits.kinds).flatMap(([name, { retries }]) =>
      retries === "withBody" ? [name] : [],
    );
    const which = others.length > 0 ? `only these kinds do: ${others.join(", ")}` : "none of its kinds does";
    problems.push({
      path: "onRequestChange",
      message: `the retry of this kind of ${title} task takes no changed request; ${which}`,
    });
  }
  return problems;
}

/** What a named policy asks of a product that it cannot do. */
function policyTraitProblems(
  name: string,
  given: Raw,
  configuration: Configuration,
  product: Product,
): Problem[] {
  if (configuration.policyProblems(name, "retry").length > 0) return [];
  const { how } = configuration.policy(name, { product });
  const { kind, request: asked } = given;
  const problems = traitProblems({ kind, request: asked, retry: { how } }, productTraits[product]);
  return problems.filter(({ path }) => path !== "kind");
}

/** What an endpoint, its product and its policies make of the arguments. */
function contextProblems(given: Raw, configuration: Configuration): Problem[] {
  const endpoint = knownString(given.endpoint);
  if (endpoint === undefined) return [];
  const product: Product | undefined = configuration.product(endpoint);
  return [
    ...configuration.endpointProblems(endpoint),
    ...(hasUnknown(given.retry) ? [] : configuration.policyProblems(given.retry, "retry")),
    ...(product === undefined ? [] : traitProblems(given, productTraits[product])),
    ...(product === undefined || typeof given.retry !== "string"
      ? []
      : policyTraitProblems(given.retry, given, configuration, product)),
  ];
}

function sourceProblems(given: Raw): Problem[] {
  if (given.request !== undefined || given.adoptTaskId !== undefined) return [];
  return [
    { path: "request", message: "is missing: what to send, or `adoptTaskId` for a task that already runs" },
  ];
}

/** Everything that is wrong with the arguments of an operation, all at once. */
export function operationProblems(given: Raw, configuration: Configuration): Problem[] {
  return [
    ...problemsOf(operationArguments, given),
    ...sourceProblems(given),
    ...contextProblems(given, configuration),
  ];
}

/** Everything that is wrong with the inputs of a `StartedTask`. */
export function startProblems(given: Raw, configuration: Configuration): Problem[] {
  return [
    ...problemsOf(startArguments, given),
    ...sourceProblems(given),
    ...contextProblems(given, configuration),
  ];
}

/** Everything that is wrong with the inputs of a `CompletedTask`. */
export function completionProblems(given: Raw, configuration: Configuration): Problem[] {
  return [...problemsOf(completedTaskArguments, given), ...contextProblems(given, configuration)];
}

/** Everything that is wrong with the inputs of an `UpdateTask` or a `DeleteTask`. */
export function followUpProblems(given: Raw, configuration: Configuration): Problem[] {
  return [...problemsOf(followUpArguments, given), ...contextProblems(given, configuration)];
}
