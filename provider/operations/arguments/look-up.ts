import * as z from "../../zod";
import { productTraits, usualKind } from "../../clients/traits";
import { taskStatuses, type Problem, type Product } from "../../tasks";
import type { Configuration } from "./configuration";
import { endpointName, needed } from "./schemas";
import { problemsOf } from "./validation";

const name = z.string().min(1);
const names = z.array(name);
const status = z.enum(taskStatuses, { error: `must be one of ${taskStatuses.join(", ")}` });
const statuses = z.union([status, z.array(status)], {
  error: `must be one or several of ${taskStatuses.join(", ")}`,
});
const limit = z
  .int({ error: "must be a whole number from 1" })
  .min(1, { error: "must be a whole number from 1" })
  .optional();

const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: "must be an ISO 8601 time" })
  .optional();
const oneOrMore = z.union([name, names]).optional();

const anyTask = z.strictObject({
  endpoint: endpointName,
  id: needed("the id of a task").min(1),
  kind: name.optional(),
  site: name.optional(),
  ifMissing: z.enum(["error", "undefined"], { error: "must be error or undefined" }).optional(),
});

const anyTasks = z.strictObject({
  endpoint: anyTask.shape.endpoint,
  status: statuses.optional(),
  ids: names.optional(),
  limit,
});

/** The arguments of each data source; a name that a product's API lacks is refused. */
export const lookUpSchemas = {
  task: anyTask,
  tasks: anyTasks,
  vcenterTask: anyTask.extend({ returnAll: z.boolean().optional(), excludeResult: z.boolean().optional() }),
  vcenterTasks: z
    .strictObject({
      endpoint: anyTask.shape.endpoint,
      status: statuses.optional(),
      tasks: names.optional(),
      services: names.optional(),
      operations: names.optional(),
      targets: z.array(z.strictObject({ type: name, id: name })).optional(),
      users: names.optional(),
      returnAll: z.boolean().optional(),
      excludeResult: z.boolean().optional(),
      limit,
    })
    .refine(({ tasks = [], services = [] }) => tasks.length + services.length > 0, {
      error:
        'vCenter lists no tasks without `tasks` or `services`, such as services: ["com.vmware.vcenter.VM"]',
    }),
  snapserviceTask: anyTask.omit({ kind: true, site: true }),
  snapserviceTasks: z.strictObject({
    endpoint: anyTask.shape.endpoint,
    status: statuses.optional(),
    tasks: names.optional(),
    operations: names.optional(),
    services: names.optional(),
    users: names.optional(),
    limit,
  }),
  sddcTask: anyTask,
  sddcTasks: z.strictObject({
    endpoint: anyTask.shape.endpoint,
    status: statuses.optional(),
    type: name.optional(),
    name: name.optional(),
    resourceId: name.optional(),
    resourceType: name.optional(),
    completedAfter: time,
    orderBy: name.optional(),
    orderDirection: z.enum(["ASC", "DESC"]).optional(),
    doLiveRefresh: z.boolean().optional(),
    kind: name.optional(),
    limit,
  }),
  vcdaTask: anyTask.omit({ kind: true }),
  vcdaTasks: z
    .strictObject({
      endpoint: anyTask.shape.endpoint,
      site: name.optional(),
      status: statuses.optional(),
      state: name.optional(),
      ids: names.optional(),
      user: name.optional(),
      sourceOrg: name.optional(),
      destinationOrg: name.optional(),
      startTimeBefore: time,
      startTimeAfter: time,
      endTimeBefore: time,
      endTimeAfter: time,
      type: name.optional(),
      resourceId: name.optional(),
      resourceName: name.optional(),
      resourceType: oneOrMore,
      sort: oneOrMore,
      limit,
      offset: z
        .int({ error: "must be a whole number from 0" })
        .min(0, { error: "must be a whole number from 0" })
        .optional(),
    })
    .refine(({ user, destinationOrg }) => user === undefined || destinationOrg === undefined, {
      error: "VCDA takes `user` or `destinationOrg`, not both",
    })
    .refine(({ status, offset }) => status === undefined || offset === undefined, {
      error: "`offset` counts tasks of every status; with `status` leave it out, or use `state`",
    }),
} as const;

/** Which data source is asked. */
export type LookUp = keyof typeof lookUpSchemas;

/** A kind that the endpoint's product lacks. */
function kindProblems({ kind }: Readonly<Record<string, unknown>>, product: Product | undefined): Problem[] {
  if (typeof kind !== "string" || product === undefined) return [];
  const { title, kinds } = productTraits[product];
  if (Object.hasOwn(kinds, kind)) return [];
  return [
    {
      path: "kind",
      message: `${title} has no tasks of this kind; it has: ${Object.keys(kinds).join(", ")}`,
    },
  ];
}

/** What the list of a kind cannot do; `status`, `ids` and `limit` are seen to here, whatever a list knows. */
function listProblems(given: Readonly<Record<string, unknown>>, product: Product): Problem[] {
  const { kinds } = productTraits[product];
  const { kind = usualKind(productTraits[product]), endpoint, status, ids, limit, ...filters } = given;
  const traits = typeof kind === "string" && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (traits?.list === undefined) {
    const listed = Object.keys(kinds).filter((one) => kinds[one]?.list !== undefined);
    return [{ path: "kind", message: `has no list; these kinds have one: ${listed.join(", ")}` }];
  }
  return Object.keys(filters)
    .filter((filter) => filters[filter] !== undefined && traits.filters?.[filter] === undefined)
    .map((filter) => ({
      path: filter,
      message: `the list of this kind (${String(kind)}) cannot filter by it`,
    }));
}

/** Everything that is wrong with the arguments of a data source; `product` is the one it is made for. */
export function lookUpProblems(
  lookUp: LookUp,
  given: Readonly<Record<string, unknown>>,
  configuration: Configuration,
  product?: Product,
): Problem[] {
  const problems = problemsOf(lookUpSchemas[lookUp], given);
  const { endpoint } = given;
  if (typeof endpoint !== "string") return problems;
  problems.push(...configuration.endpointProblems(endpoint));
  const actual = configuration.product(endpoint);
  if (product !== undefined && actual !== undefined && actual !== product) {
    problems.push({
      path: "endpoint",
      message: `is of product ${actual}, but this looks tasks of ${product} up`,
    });
  }
  if (lookUp === "sddcTasks") problems.push(...listProblems(given, "sddc-manager"));
  if (lookUp === "sddcTask" || lookUp === "task") problems.push(...kindProblems(given, actual));
  const asksAll =
    lookUp === "tasks" && actual === "vcenter" && !(Array.isArray(given.ids) && given.ids.length > 0);
  if (asksAll) {
    problems.push({
      path: "ids",
      message:
        "is needed, for vCenter lists no tasks without ids or services; vcenter.getTasks takes services",
    });
  }
  return problems;
}
