// Validations. They differ in where they are looked at, and in the statuses of their answers.
import { validation, validationAtOnce } from "../kinds/validations";
import type { Operation } from "../operation";

type More = Partial<Operation>;

function validate(path: string, look: string, more: More = {}): Operation {
  return { method: "POST", path, kind: validation, look, ...more };
}

/** The path of the validations is that of the looks, too. */
const at = (path: string, more?: More): Operation => validate(path, `${path}/{task}`, more);

/** There is no look. */
const startOnly = (path: string, more: More): Operation => ({
  method: "POST",
  path,
  kind: validation,
  ...more,
});

const either: More = { status: [200, 202] };
const same: More = { status: 200 };

const before52: More = { ...same, kind: validationAtOnce, until: "5.1" };

/** Validations of specifications got a place of their own in 5.2, and their 202 in 9.1. */
function atOnceBefore52(path: string): Operation[] {
  return [
    startOnly(path, before52),
    at(path, { ...same, since: "5.2", until: "9.0" }),
    at(path, { ...either, since: "9.1" }),
  ];
}

/** @internal */
export const validations: readonly Operation[] = [
  ...atOnceBefore52("/v1/domains/validations"),
  at("/v1/domains/{domain}/validations", { ...same, since: "5.2" }),
  ...atOnceBefore52("/v1/clusters/validations"),
  startOnly("/v1/clusters/{cluster}/validations", before52),
  at("/v1/clusters/{cluster}/validations", { ...same, since: "5.2" }),
  startOnly("/v1/clusters/{cluster}/datastores/validations", {
    ...same,
    kind: validationAtOnce,
    since: "5.2",
    until: "9.0",
  }),
  at("/v1/clusters/{cluster}/datastores/validations", { ...same, since: "9.1" }),
  at("/v1/hosts/validations", { unknown: 400, until: "5.1" }),
  at("/v1/hosts/validations", { lookStatus: 202, unknown: 400, since: "5.2" }),
  validate("/v1/hosts/validations/commissions", "/v1/hosts/validations/{task}", {
    since: "5.2",
    lookStatus: 202,
    unknown: 400,
  }),
  at("/v1/edge-clusters/validations", { unknown: 400 }),
  validate("/v1/edge-clusters/{cluster}/validations", "/v1/edge-clusters/validations/{task}", {
    unknown: 400,
  }),
  at("/v1/system/dns-configuration/validations", { unknown: 400 }),
  at("/v1/system/ntp-configuration/validations", { unknown: 400 }),
  at("/v1/vasa-providers/validations"),
  at("/v1/nsxt-clusters/ip-address-pools/validations", same),
  at("/v1/sddc-manager/validations", { ...either, since: "9.1" }),
  at("/v1/domains/{domain}/hcx-managers/validations", { since: "9.1" }),
  at("/v1/vcf-management-components/validations", { since: "9.0" }),
  at("/v1/vrslcms/validations", { until: "5.2" }),
  validate("/v1/releases/domains/{domain}/validations", "/v1/releases/domains/validations/{task}", {
    since: "5.2",
  }),
];
