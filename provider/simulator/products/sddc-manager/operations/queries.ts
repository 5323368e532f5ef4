// Queries. They differ in the statuses of their answers.
import { query, queryWithErrors } from "../kinds/queries";
import type { Operation } from "../operation";

function ask(path: string, more: Partial<Operation> = {}): Operation {
  return { method: "POST", path, kind: query, look: `${path}/{task}`, ...more };
}

const same: Partial<Operation> = { status: 200 };

/** @internal */
export const queries: readonly Operation[] = [
  ask("/v1/hosts/queries", same),
  ask("/v1/clusters/{cluster}/hosts/queries", { ...same, until: "5.1" }),
  ask("/v1/clusters/{cluster}/hosts/queries", { lookStatusRunning: 202, since: "5.2" }),
  ask("/v1/nsxt-clusters/queries", { lookStatusRunning: 202 }),
  ask("/v1/clusters/{cluster}/datastores/queries", { ...same, unknown: 400 }),
  ask("/v1/clusters/{cluster}/network/queries", { ...same, unknown: 400, since: "5.1" }),
  ask("/v1/domains/{domain}/clusters/queries", same),
  ask("/v1/domains/{domain}/clusters/{cluster}/queries", same),
  ask("/v1/domains/{domain}/datastores/queries", same),
  ask("/v1/vcenters/repository-images/queries", {
    kind: queryWithErrors,
    status: [200, 202],
    since: "9.0",
  }),
  ask("/v1/domains/{domain}/image-compliance/queries", { since: "9.1" }),
];
