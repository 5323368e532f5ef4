import { kindOfTask, productTraits } from "../../../provider/clients/traits";
import { type ApiRequest, type ProductClient, type TaskRef } from "../../../provider/tasks";
import { errorOf, never } from "../../support/with-simulator";
import { withExchanges, type ScenarioOptions } from "../support/with-exchanges";

/** An operation that starts work of a kind, with a body that its description takes. */
type Row = readonly [kind: string, method: ApiRequest["method"], path: string, body: unknown];

const bench = (more: Partial<ScenarioOptions> = {}): ScenarioOptions => ({
  product: "sddc-manager",
  simulate: { sddcVersion: "9.1" },
  ...more,
});

const uuid = "6f9619ff-8b86-4d11-b42d-00c04fc964ff";

const host = {
  fqdn: "esx-1.test",
  username: "root",
  password: "Secret-1",
  storageType: "VSAN",
  networkPoolId: "b4e1cd5a-0f6f-4f3b-9d0e-3a5a0d8f0b11",
};
const vcenter = {
  vcenterAddress: "vc.test",
  vcenterSsoUsername: "administrator@vsphere.local",
  vcenterSsoPassword: "Secret-1",
};
const passwords = {
  operationType: "ROTATE",
  elements: [
    {
      resourceName: "esx-1.test",
      resourceType: "ESXI",
      credentials: [{ credentialType: "SSH", username: "root" }],
    },
  ],
};

// Without validations of certificates: the file has the look at one answer with a page of certificates, which cannot
// tell whether the validation is done.
const rows: readonly Row[] = [
  ["credentials", "PATCH", "/v1/credentials", passwords],
  ["credentialsExpiration", "POST", "/v1/credentials/expirations", { resourceType: "ESXI" }],
  ["import", "POST", "/v1/sddcs/imports/validations", vcenter],
  ["import", "POST", "/v1/domains/a/synchronizations", { domainName: "a" }],
  ["import", "POST", "/v1/domains/a/synchronizations/ssh-known-hosts", undefined],
  ["validation", "POST", "/v1/hosts/validations", [host]],
  ["validation", "POST", "/v1/hosts/validations/commissions", [host]],
  ["validation", "POST", "/v1/edge-clusters/a/validations", { operation: "EXPANSION" }],
  ["validation", "POST", "/v1/releases/domains/a/validations", {}],
  ["validation", "POST", "/v1/sddc-manager/validations", {}],
  [
    "validation",
    "POST",
    "/v1/system/dns-configuration/validations",
    { dnsServers: [{ ipAddress: "10.0.0.1", isPrimary: true }] },
  ],
  [
    "validation",
    "POST",
    "/v1/system/ntp-configuration/validations",
    { ntpServers: [{ ipAddress: "10.0.0.2" }] },
  ],
  ["remediation", "POST", "/v1/clusters/a/remediations", { name: "REMEDIATE" }],
  ["supportBundle", "POST", "/v1/system/support-bundles", {}],
  ["healthSummary", "POST", "/v1/system/health-summary", {}],
  ["backup", "POST", "/v1/backups/tasks", { elements: [{ resourceType: "SDDC_MANAGER" }] }],
  [
    "restore",
    "POST",
    "/v1/restores/tasks",
    {
      backupFile: "a",
      elements: [{ resourceType: "SDDC_MANAGER" }],
      encryption: { passphrase: "Secret-1" },
    },
  ],
  ["query", "POST", "/v1/clusters/a/hosts/queries", { name: "UNASSIGNED" }],
  ["query", "POST", "/v1/nsxt-clusters/queries", {}],
  ["query", "POST", "/v1/vcenters/repository-images/queries", { vCenterIds: ["a"] }],
  ["query", "POST", "/v1/domains/a/image-compliance/queries", { resources: [{ id: "a", type: "HOST" }] }],
  [
    "complianceAudit",
    "POST",
    "/v1/domains/a/compliance-audits",
    {
      standardType: "PCI",
      standardVersion: "4.0",
      complianceResourcesConfigurationSpec: [{ resources: [{ resourceType: "SDDC_MANAGER" }] }],
    },
  ],
  [
    "healthCheck",
    "PATCH",
    "/v1/domains/a/health-checks",
    [{ id: "a", name: "b", resourceType: "VCENTER", status: "ENABLED" }],
  ],
  ["vcfComponent", "POST", "/v1/vcf-management-components", {}],
  ["configDrift", "POST", "/v1/config-drift-reconciliations", {}],
  ["licenseCheck", "POST", "/v1/resources/license-checks", {}],
  [
    "catalogUpload",
    "POST",
    "/v1/product-version-catalogs",
    { productVersionCatalogFilePath: "/a", signatureFilePath: "/b" },
  ],
  ["servicesConfig", "POST", "/v1/services-config/propagation", { vcenterIds: ["a"] }],
  ["checkSetExport", "POST", `/v1/system/check-sets/${uuid}/exports`, undefined],
  ["task", "POST", "/v1/domains/a/isolation-prechecks", {}],
];

const requestOf = ([, method, path, body]: Row): ApiRequest => ({
  method,
  path,
  ...(body === undefined ? {} : { body }),
});

async function start(client: ProductClient, request: ApiRequest): Promise<TaskRef> {
  const kind = kindOfTask(productTraits["sddc-manager"], { request });
  const reply = await client.start(request, { kind }, never);
  if (reply.kind !== "task") throw new Error("It gave no task.");
  return reply.ref;
}

test.each(rows)("starts a %s by %s %s, and looks at it until it has ended well or badly", (...row) =>
  withExchanges(bench(), async ({ client, simulator, pass }) => {
    const [kind] = row;
    const ended: string[] = [];
    for (const outcome of ["SUCCEEDED", "FAILED"] as const) {
      simulator.script({ outcome, times: 1 });
      const ref = await start(client, requestOf(row));
      expect(ref.kind).toBe(kind);
      for (const ms of [0, 500, 1_000]) {
        pass(ms);
        expect(await client.look([ref], never)).toMatchObject([{ kind: "seen" }]);
      }
      ended.push((await client.get(ref, {}, never))?.status ?? "missing");
    }
    expect(ended).toEqual(["SUCCEEDED", "FAILED"]);
  }),
);

test("continues a change of passwords that has failed, with a body, and gives up another", () =>
  withExchanges(bench(), async ({ client, simulator, pass, asked }) => {
    simulator.script({ outcome: "FAILED", times: 2 });
    const request: ApiRequest = { method: "PATCH", path: "/v1/credentials", body: passwords };
    const first = await start(client, request);
    const second = await start(client, request);
    await errorOf(client.cancel(first, never));
    pass(1_000);
    await client.retry(first, request, never);
    await client.cancel(second, never);
    pass(1_000);
    expect(await client.get(first, {}, never)).toMatchObject({ status: "SUCCEEDED" });
    expect(await client.get(second, {}, never)).toMatchObject({ status: "CANCELLED" });
    await errorOf(client.retry(first, request, never));
    expect(await client.list({ kind: "credentials", limit: 10 }, never)).toHaveLength(2);
    expect(asked()).toEqual(
      expect.arrayContaining([
        "GET /v1/credentials/tasks",
        "PATCH /v1/credentials/tasks/{id}",
        "DELETE /v1/credentials/tasks/{id}",
      ]),
    );
  }));

test("lists the kinds that have a list", () =>
  withExchanges(bench(), async ({ client, pass }) => {
    const upgrade = { bundleId: "a", resourceType: "DOMAIN", resourceUpgradeSpecs: [{ resourceId: "b" }] };
    await start(client, { method: "POST", path: "/v1/upgrades", body: upgrade });
    await start(client, { method: "POST", path: "/v1/system/support-bundles", body: {} });
    await start(client, { method: "POST", path: "/v1/system/health-summary", body: {} });
    await start(client, { method: "POST", path: "/v1/vcf-management-components", body: {} });
    const body = { bundleDownloadSpec: { downloadNow: true } };
    await start(client, { method: "PATCH", path: "/v1/bundles/a", body });
    pass(1_000);
    for (const kind of ["upgrade", "supportBundle", "healthSummary", "vcfComponent", "bundle"])
      expect(await client.list({ kind }, never)).toMatchObject([{ status: "SUCCEEDED" }]);
  }));

test.each([
  ["credentials", uuid],
  ["credentialsExpiration", uuid],
  ["import", `/v1/sddcs/imports/${uuid}`],
  ["validation", `/v1/domains/validations/${uuid}`],
  ["validation", `/v1/hosts/validations/${uuid}`],
  ["supportBundle", uuid],
  ["restore", uuid],
  ["query", `/v1/clusters/a/hosts/queries/${uuid}`],
  ["complianceAudit", `/v1/domains/a/compliance-audits/tasks/${uuid}`],
  ["vcfComponent", uuid],
  ["licenseCheck", uuid],
  ["catalogUpload", uuid],
  ["upgrade", uuid],
])("finds no %s that is not there", (kind, id) =>
  withExchanges(bench(), async ({ client }) => {
    expect(await client.get({ id, kind }, {}, never)).toBeUndefined();
    expect(await client.look([{ id, kind }], never)).toEqual([{ kind: "missing" }]);
  }),
);

describe("VCF Installer", () => {
  const installer = (): ScenarioOptions => bench({ api: "vcf-installer" });
  const sddc = {
    sddcId: "sddc-1",
    dnsSpec: { subdomain: "test" },
    networkSpecs: [{ networkType: "MANAGEMENT", vlanId: 0 }],
    vcenterSpec: { vcenterHostname: "vc", rootVcenterPassword: "Secret-1" },
  };
  const bringUp: ApiRequest = { method: "POST", path: "/v1/sddcs", body: sddc };

  test("brings up an SDDC that fails at first", () =>
    withExchanges(installer(), async ({ client, simulator, pass, asked }) => {
      simulator.script({ outcome: "FAILED", times: 1 });
      const ref = await start(client, bringUp);
      expect(ref.kind).toBe("bringUp");
      await errorOf(client.retry(ref, bringUp, never));
      pass(1_000);
      expect(await client.get(ref, {}, never)).toMatchObject({ status: "FAILED" });
      await client.retry(ref, bringUp, never);
      for (const ms of [0, 500, 1_000]) {
        pass(ms);
        await client.look([ref], never);
      }
      expect(await client.list({ kind: "bringUp" }, never)).toMatchObject([{ status: "SUCCEEDED" }]);
      expect(await client.get({ ...ref, id: uuid }, {}, never)).toBeUndefined();
      expect(asked()).toContain("PATCH /v1/sddcs/{id}");
    }));

  test.each(["/v1/sddcs/validations", "/v1/sddcs/resources-calculation"])("validates by %s", (path) =>
    withExchanges(installer(), async ({ client, pass }) => {
      const ref = await start(client, { method: "POST", path, body: sddc });
      expect(ref.kind).toBe("validation");
      for (const ms of [0, 500, 1_000]) {
        pass(ms);
        await client.look([ref], never);
      }
      expect(await client.get(ref, {}, never)).toMatchObject({ status: "SUCCEEDED" });
    }),
  );

  test("lists validations, and finds a bring-up of which nothing was answered", () =>
    withExchanges(installer(), async ({ client, simulator }) => {
      await start(client, { method: "POST", path: "/v1/sddcs/validations", body: sddc });
      expect(await client.list({ kind: "validation" }, never)).toHaveLength(1);
      simulator.fault({ what: "reset-after", match: { operation: "start" } });
      await errorOf(start(client, bringUp));
      const trace = { request: bringUp, kind: "bringUp", sentAt: 0 };
      expect(await client.findStarted(trace, never)).toHaveLength(1);
    }));

  test.each([400, 401, 403, 429, 500, 503])("a bring-up is told %p", (status) =>
    withExchanges(installer(), async ({ client, simulator }) => {
      simulator.fault({ what: "status", status, times: 2, match: { operation: "start" } });
      await errorOf(start(client, bringUp));
    }),
  );
});

const bundle: ApiRequest = { method: "POST", path: "/v1/system/support-bundles", body: {} };

test.each([400, 401, 403, 409, 429, 500, 503])("a support bundle is told %p", (status) =>
  withExchanges(bench(), async ({ client, simulator }) => {
    simulator.fault({ what: "status", status, times: 2, match: { operation: "start" } });
    await errorOf(start(client, bundle));
  }),
);

test("collects one support bundle at a time", () =>
  withExchanges(bench(), async ({ client }) => {
    await start(client, bundle);
    expect(await errorOf(start(client, bundle))).toMatchObject({ refusal: { isBusy: true } });
  }));

test.each([401, 403, 429, 500, 503])("is told %p about a support bundle", (status) =>
  withExchanges(bench(), async ({ client, simulator }) => {
    const ref = await start(client, bundle);
    simulator.fault({ what: "status", status, times: 2, match: { operation: "get" } });
    const [look] = await client.look([ref], never).catch(() => []);
    expect(look?.kind).not.toBe("seen");
  }),
);
