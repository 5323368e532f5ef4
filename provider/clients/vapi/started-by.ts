import { canBeSince, type StartTrace, type TaskSnapshot } from "../../tasks";

// Object ids of vCenter hold digits (`domain-c8`, `vm-101`, UUIDs); names of resources do not, but for these.
const hasIdForm = (segment: string): boolean => /\d/.test(segment) && !/^(v\d+|tpm2)$/.test(segment);

/** Segments before names that users and vendors give, with a digit or without (vCenter bindings of 8.0U2). */
const namesFollow = new Set([
  "ca-certificates",
  "consumer-principals",
  "endorsement-keys",
  "providers",
  "solutions",
  "transition",
]);

const isId = (segment: string, index: number, all: readonly string[]): boolean =>
  hasIdForm(segment) || namesFollow.has(all[index - 1] ?? "");

const bare = (text: string): string => text.replaceAll(/[^a-z0-9]/gi, "").toLowerCase();

function segmentsOf(path: string): string[] {
  return (path.split("?")[0] ?? "")
    .split("/")
    .filter((segment) => segment !== "" && segment !== "api" && segment !== "rest");
}

/** Services that are not named after their path (vCenter bindings of 8.0U2). */
const oddServices: readonly (readonly [RegExp, string])[] = [
  [/^com\.vmware\.vcenter\.vm$/, "com.vmware.vcenter.VM"],
  [/\.pending\.precheck_report$/, ".precheck_report"],
  [/\.peer_certs\.(current|trusted)$/, ".$1_peer_certificates"],
];

/** The vAPI service behind a path: `/api/vcenter/vm` is `com.vmware.vcenter.VM`. */
export function serviceOf(path: string): string {
  const names = segmentsOf(path)
    .filter((segment, index, all) => !isId(segment, index, all))
    .map((name) => name.replaceAll("-", "_"));
  const service = `com.vmware.${names.join(".")}`;
  const odd = oddServices.find(([form]) => form.test(service));
  return odd === undefined ? service : service.replace(...odd);
}

function actionOf(path: string, query: StartTrace["request"]["query"]): string | undefined {
  const action = new URLSearchParams(path.split("?")[1] ?? "").get("action") ?? query?.action;
  return typeof action === "string" ? action : undefined;
}

/** Operations by an action that is not their name (vCenter bindings of 8.0U2). */
const oddOperations: Readonly<Record<string, string>> = { download: "update", query: "list" };

/** The operations that are named after a method of HTTP. */
const operationsByMethod: Readonly<Record<string, readonly string[]>> = {
  GET: ["get", "list"],
  POST: ["create"],
  PUT: ["set"],
  PATCH: ["update"],
  DELETE: ["delete"],
};

function isOperationOf({ request }: StartTrace, operation: string): boolean {
  const name = bare(operation.replace(/\$task$/, ""));
  const action = actionOf(request.path, request.query);
  if (action !== undefined) {
    // `import` is the operation `import_profile`.
    return name.includes(bare(action)) || name === oddOperations[action];
  }
  const isOfOtherMethod = Object.entries(operationsByMethod).some(
    ([method, names]) => method !== request.method && names.includes(name),
  );
  return !isOfOtherMethod;
}

/** `domain-c8` is in `domain-c8:uuid`, and not in `domain-c81`. */
const holdsId = (text: string, id: string): boolean => text.split(/[^\w-]/).includes(id) || text === id;

/** What ids of one kind have in common: `domain-c` of `domain-c8`, and all UUIDs alike. */
const formOf = (id: string): string =>
  /^[0-9a-f]{8}-[0-9a-f-]{27}/i.test(id) ? "uuid" : id.replace(/\d.*$/s, "");

/** Whether a target speaks against a request: an object of the same kind as one in its path, and another one. */
function isOnOther(trace: StartTrace, target: string): boolean {
  const ids = segmentsOf(trace.request.path).filter(isId);
  if (ids.length === 0 || ids.some((id) => holdsId(target, id))) return false;
  // The target of a creation may be what it makes (CIS `Info`: "the target created by the operation or an existing one").
  const isCreation =
    trace.request.method === "POST" && actionOf(trace.request.path, trace.request.query) === undefined;
  return !isCreation || ids.some((id) => formOf(id) === formOf(target));
}

/** Whether a task can be the one that a request started: same operation and target, not older than the request. */
export function canBeStartedBy(trace: StartTrace, task: TaskSnapshot): boolean {
  const { operation, target } = task.native as { operation?: unknown; target?: { id?: unknown } | null };
  if (typeof operation === "string" && !isOperationOf(trace, operation)) return false;
  if (typeof target?.id === "string" && isOnOther(trace, target.id)) return false;
  return canBeSince(task.startedAt, trace.sentAt);
}
