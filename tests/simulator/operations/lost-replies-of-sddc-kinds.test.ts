// A start of each kind of SDDC Manager whose reply is lost: looked for where the kind has a list, sent again where it
// only looks, and an error everywhere else.
import { systemClock, type ApiRequest } from "../../../provider/tasks";
import { createFastClock } from "../../support/fast-clock";
import { servers, withLostReplies, type Ending, type Server } from "../../support/lost-reply-bed";

const domain = "/v1/domains/mgmt";

type Start = readonly [method: ApiRequest["method"], path: string, body?: unknown];

const passwordChange = {
  operationType: "ROTATE",
  elements: [
    {
      resourceName: "esx-1.test",
      resourceType: "ESXI",
      credentials: [{ credentialType: "SSH", username: "root" }],
    },
  ],
};

/** By the list of the kind. */
const searched: Readonly<Record<string, Start>> = {
  task: ["POST", "/v1/domains", { domainName: "web" }],
  credentials: ["PATCH", "/v1/credentials", passwordChange],
  bringUp: ["POST", "/v1/sddcs", { sddcId: "web" }],
  backup: ["POST", "/v1/backups/tasks", {}],
  supportBundle: ["POST", "/v1/system/support-bundles", {}],
  healthSummary: ["POST", "/v1/system/health-summary", {}],
  vcfComponent: ["POST", "/v1/vcf-management-components", {}],
};

/** They change nothing, so a second one does no harm. */
const harmless: Readonly<Record<string, Start>> = {
  credentialsExpiration: [
    "POST",
    "/v1/credentials/expirations",
    { resourceType: "ESXI", credentialIds: ["c-1"] },
  ],
  certificateValidation: [
    "PUT",
    `${domain}/resource-certificates/validations`,
    [{ resourceId: "r", resourceFqdn: "a.test" }],
  ],
  validation: ["POST", "/v1/domains/validations", {}],
  hostsPrecheck: ["POST", "/v1/hosts/prechecks", {}],
  query: ["POST", "/v1/hosts/queries", {}],
  licenseCheck: ["POST", "/v1/resources/license-checks", {}],
};

/** The server has no list of them. */
const unsearched: Readonly<Record<string, Start>> = {
  import: ["POST", "/v1/sddcs/imports", {}],
  remediation: ["POST", "/v1/clusters/7a1c0000-0000-4000-8000-000000000001/remediations", {}],
  restore: ["POST", "/v1/restores/tasks", {}],
  complianceAudit: ["POST", `${domain}/compliance-audits`, {}],
  healthCheck: ["PATCH", `${domain}/health-checks`, [{ resourceType: "ESXI" }]],
  configDrift: ["POST", "/v1/config-drift-reconciliations", {}],
  catalogUpload: ["POST", "/v1/product-version-catalogs", {}],
  servicesConfig: ["POST", "/v1/services-config/propagation", {}],
};

const clock = createFastClock(20);
beforeAll(() => void jest.spyOn(systemClock, "now").mockImplementation(() => clock.now()));
afterAll(() => void jest.restoreAllMocks());

function play([method, path, body]: Start, what: "reset-after" | "reset-before"): Promise<Ending> {
  const server: Server = { ...servers["sddc-manager"], request: () => ({ method, path, body }) };
  return withLostReplies(
    server,
    clock,
    ({ simulator, up }) => {
      simulator.fault({ what, match: { method, path } });
      return up();
    },
    { sddcVersion: "9.1" },
  );
}

const requestsTo = ({ requests, starts, ends }: Ending): object => ({ ends, requests, starts });

test.each(Object.entries(searched))("%s is looked for in its list", async (_kind, start) => {
  expect(requestsTo(await play(start, "reset-after"))).toEqual({ ends: "own", requests: 1, starts: 1 });
  expect(requestsTo(await play(start, "reset-before"))).toEqual({ ends: "own", requests: 2, starts: 1 });
});

test.each(Object.entries(harmless))("%s is sent again", async (_kind, start) => {
  expect(requestsTo(await play(start, "reset-after"))).toMatchObject({ ends: "own", requests: 2 });
});

test.each(Object.entries(unsearched))("%s is not sent again", async (_kind, start) => {
  const ending = await play(start, "reset-after");
  expect(requestsTo(ending)).toEqual({ ends: "may have started", requests: 1, starts: 1 });
  expect(ending.message).toMatch(/cannot be asked for it.*adoptTaskId/s);
});
