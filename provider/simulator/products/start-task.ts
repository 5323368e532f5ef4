// The start of an operation, the same for every product: script first, then the server's own rules, then the task.
import type { ErrorWish, Handled, ProductName, Reply, SimulatedRequest } from "../exchange";
import { without } from "../json";
import { fillPlaceholders } from "../placeholders";
import { queryRecord } from "../recorder";
import type { Task, TaskEffects } from "../task-engine";
import type { ScriptedReply, TaskPlan, TaskScript } from "../task-script";
import type { World } from "../world";

/** @internal What the product's own rules make of a start. */
export type Ruling =
  | { readonly kind: "refused"; readonly reply: Reply }
  | { readonly kind: "at-once"; readonly reply: Reply; readonly apply: () => void }
  | {
      readonly kind: "task";
      /** What success makes: a result, or resources. A script may say otherwise. */
      readonly yields?: unknown;
      /** What the plan says whatever a script says. */
      readonly forced?: TaskPlan;
      readonly effects?: TaskEffects;
    };

/** @internal */
export interface Start {
  readonly product: ProductName;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly user: string;
  readonly foreign: boolean;
}

/** @internal What differs between the products. */
export interface StartRules {
  describe(start: Start): { id: string; name: string; type: string; service?: string; site?: string };
  /** `scripted`: a script answers in the server's place, so the form of the request is its own affair. */
  rule(start: Start, scripted: boolean): Ruling;
  /** Adds what the product itself says about the run. */
  complete?(plan: TaskPlan, start: Start): TaskPlan;
  accepted(task: Task): Reply;
  /** An error in the product's own format. */
  error(wish: ErrorWish, start: Pick<Start, "path">): Reply;
}

export function answerStart(world: World, rules: StartRules, start: Start): Handled {
  const script = world.scripts.take(start);
  if (script?.immediate !== undefined) {
    recordStart(world, start, undefined);
    return { reply: toReply(script.immediate, rules, start, "") };
  }
  const scripted = script?.reply;
  if (scripted !== undefined && !(scripted.starts ?? toReply(scripted, rules, start, "").status < 300)) {
    return { reply: toReply(scripted, rules, start, "") };
  }
  const started = startTask(world, rules, start, script ?? {});
  if ("reply" in started) return { reply: started.reply };
  const { task } = started;
  const reply = scripted === undefined ? rules.accepted(task) : toReply(scripted, rules, start, task.id);
  return { reply, taskId: task.id };
}

/** A script of the form "GET this, answer that", for reads that no collection serves. */
export function answerScriptedRead(
  world: World,
  product: ProductName,
  rules: StartRules,
  request: SimulatedRequest,
): Reply | undefined {
  const immediate = world.scripts.takeForRead({ ...request, product })?.immediate;
  return immediate === undefined ? undefined : toReply(immediate, rules, request, "");
}

export function startTask(
  world: World,
  rules: StartRules,
  start: Start,
  script: TaskScript,
): { task: Task } | { reply: Reply } {
  const description = rules.describe(start);
  const ruling = rules.rule(start, script.reply !== undefined);
  if (ruling.kind === "refused") return { reply: ruling.reply };
  if (ruling.kind === "at-once") {
    ruling.apply();
    recordStart(world, start, undefined);
    return { reply: ruling.reply };
  }
  const { effects, yields } = ruling;
  const draft = { ...start, ...description, yields, ...(effects === undefined ? {} : { effects }) };
  const plan = { ...planOf(script, start, description.id), ...ruling.forced };
  const task = world.engine.start(draft, rules.complete?.(plan, start) ?? plan);
  recordStart(world, start, task.id);
  return { task };
}

/** The plan of a retry: what was done stays done, what failed is said anew. */
export function planOfRetry(task: Task, given: TaskPlan | undefined): TaskPlan {
  const { plan } = task.attempt;
  const kept = without(plan, "outcome", "error", "nativeStatus", "retryOutcome", "pendingMs", "fields");
  const next = given ?? plan.retryOutcome ?? {};
  // A retried task is in progress at once.
  return { ...kept, pendingMs: 0, ...(fillPlaceholders(next, { ...task, taskId: task.id }) as TaskPlan) };
}

function planOf(script: TaskScript, start: Start, taskId: string): TaskPlan {
  const plan = without(script, "match", "skip", "times", "immediate", "reply");
  return fillPlaceholders(plan, { ...start, taskId }) as TaskPlan;
}

function toReply(
  scripted: ScriptedReply,
  rules: StartRules,
  from: Pick<Start, "method" | "path" | "body">,
  taskId: string,
): Reply {
  const { status, body, text, headers, error, message } = scripted;
  const wish = { ...(status === undefined ? {} : { status }), ...(message === undefined ? {} : { message }) };
  const own =
    error === undefined
      ? { status: status ?? 200, body, text, headers: {} }
      : rules.error({ ...wish, error }, from);
  return fillPlaceholders({ ...own, headers: { ...own.headers, ...headers } }, { ...from, taskId }) as Reply;
}

function recordStart(world: World, start: Start, taskId: string | undefined): void {
  if (start.foreign) return;
  const { product, method, path, body } = start;
  world.recorder.starts.push({
    ...(taskId === undefined ? {} : { taskId }),
    product,
    method,
    path,
    query: queryRecord(start),
    body,
    at: world.settings.clock.now(),
  });
}
