// The client against the simulator: every operation that answers with work of its own kind, in several versions.
import type { SddcVersion, SimulatorOptions, TaskScript } from "../../../provider/simulator";
import { kindOfTask, productTraits } from "../../../provider/clients/traits";
import type { ApiRequest, TaskRef, TaskSnapshot } from "../../../provider/tasks";
import { errorOf, never, withClient, type ClientBench } from "../../support/with-simulator";

const password = "VMw@re-c4nary-1!";
const credentials = (operationType = "UPDATE", secret = password): object => ({
  operationType,
  elements: [
    {
      resourceName: "esx1.test",
      resourceType: "ESXI",
      credentials: [
        {
          credentialType: "SSH",
          accountType: "USER",
          username: "root",
          ...(operationType === "UPDATE" ? { password: secret } : {}),
        },
      ],
    },
  ],
});

const rotate: ApiRequest = { method: "PATCH", path: "/v1/credentials", body: credentials() };
const sddc: ApiRequest = {
  method: "POST",
  path: "/v1/sddcs",
  body: { sddcId: "m01", secretPassword: password },
};

const operations: [string, ApiRequest, SddcVersion?][] = [
  ["task", { method: "POST", path: "/v1/backups", body: {} }],
  ["credentials", rotate],
  [
    "credentialsExpiration",
    {
      method: "POST",
      path: "/v1/credentials/expirations",
      body: { resourceType: "ESXI", credentialIds: ["c-1"] },
    },
  ],
  ["validation", { method: "POST", path: "/v1/domains/validations", body: { domainName: "a" } }],
  ["validation", { method: "POST", path: "/v1/clusters/validations", body: { a: 1 } }, "5.2"],
  ["validation", { method: "POST", path: "/v1/hosts/validations", body: [{ fqdn: "a" }] }, "9.1"],
  ["validation", { method: "POST", path: "/v1/sddcs/validations", body: { sddcId: "a" } }],
  [
    "certificateValidation",
    {
      method: "PUT",
      path: "/v1/domains/mgmt/resource-certificates/validations",
      body: [{ resourceId: "r", resourceFqdn: "a.test" }],
    },
  ],
  ["bringUp", sddc],
  ["bringUp", sddc, "9.1"],
  ["supportBundle", { method: "POST", path: "/v1/system/support-bundles", body: {} }],
  ["healthSummary", { method: "POST", path: "/v1/system/health-summary", body: {} }],
  ["backup", { method: "POST", path: "/v1/backups/tasks", body: { elements: [] } }],
  ["restore", { method: "POST", path: "/v1/restores/tasks", body: {} }],
  ["query", { method: "POST", path: "/v1/nsxt-clusters/queries", body: {} }],
  ["query", { method: "POST", path: "/v1/hosts/queries", body: {} }],
  ["import", { method: "POST", path: "/v1/sddcs/imports", body: {} }, "9.0"],
  ["complianceAudit", { method: "POST", path: "/v1/domains/mgmt/compliance-audits", body: {} }],
  [
    "healthCheck",
    { method: "PATCH", path: "/v1/domains/mgmt/health-checks", body: [{ resourceType: "ESXI" }] },
  ],
  ["vcfComponent", { method: "POST", path: "/v1/vcf-management-components", body: { a: 1 } }, "9.0"],
  ["configDrift", { method: "POST", path: "/v1/config-drift-reconciliations", body: {} }],
  ["licenseCheck", { method: "POST", path: "/v1/resources/license-checks", body: {} }],
  ["catalogUpload", { method: "POST", path: "/v1/product-version-catalogs", body: {} }, "9.0"],
  ["remediation", { method: "POST", path: "/v1/clusters/c-1/remediations", body: {} }, "9.1"],
  ["hostsPrecheck", { method: "POST", path: "/v1/hosts/prechecks", body: {} }],
];

async function begin({ client }: ClientBench, request: ApiRequest): Promise<TaskRef> {
  const kind = kindOfTask(productTraits["sddc-manager"], { request });
  const reply = await client.start(request, { kind }, never);
  if (reply.kind !== "task") throw new Error("It is no task.");
  return reply.ref;
}

async function look({ client }: ClientBench, ref: TaskRef): Promise<TaskSnapshot> {
  const seen = await client.get(ref, {}, never);
  if (seen === undefined) throw new Error("It is missing.");
  return seen;
}

const bench = (simulate: SimulatorOptions, use: (all: ClientBench) => Promise<void>): Promise<void> =>
  withClient({ product: "sddc-manager", simulate }, use);

const broken: TaskScript = {
  outcome: "FAILED",
  error: ["It broke."],
  subTasks: [{ name: "Deploy", outcome: "FAILED", errors: [{ errorCode: "BROKEN", message: "It broke." }] }],
};

/** Kinds whose body has no place for a reason. */
const silent = ["supportBundle", "healthSummary", "complianceAudit", "healthCheck", "licenseCheck"];

describe.each(operations)("%s %j in version %s", (kind, request, sddcVersion = "5.2") => {
  test("is followed to a good end", () =>
    bench({ sddcVersion }, async (all) => {
      const ref = await begin(all, request);
      expect(ref.kind).toBe(kind);
      all.pass(500);
      expect(["PENDING", "RUNNING"]).toContain((await look(all, ref)).status);
      all.pass(600);
      expect(await look(all, ref)).toMatchObject({ ref, status: "SUCCEEDED", causes: [], warnings: [] });
    }));

  test("is followed to a bad end, with the reason", () =>
    bench({ sddcVersion, scripts: [broken] }, async (all) => {
      const ref = await begin(all, request);
      all.pass(1_100);
      const seen = await look(all, ref);
      expect(seen.status).toBe("FAILED");
      if (!silent.includes(kind)) expect(JSON.stringify(seen.causes)).toContain("It broke.");
    }));

  test("is missing under another id", () =>
    bench({ sddcVersion }, async (all) => {
      const { id } = await begin(all, request);
      const other = id.replace(/[^/]+$/, "11111111-2222-4333-8444-555555555555");
      expect(await all.client.get({ id: other, kind }, {}, never)).toBeUndefined();
    }));
});

describe("a validation of 4.5, which the server forgets with its reply", () => {
  const request = { method: "POST", path: "/v1/clusters/validations", body: { a: 1 } } as const;

  test("is done when it is good", () =>
    bench({ sddcVersion: "4.5" }, async ({ client }) => {
      expect(await client.start(request, { kind: "validation" }, never)).toMatchObject({
        kind: "done",
        body: { executionStatus: "COMPLETED", resultStatus: "SUCCEEDED" },
      });
    }));

  test("is refused with the reason when it is not", () =>
    bench({ sddcVersion: "4.5", scripts: [broken] }, async ({ client }) => {
      const refused = await errorOf(client.start(request, { kind: "validation" }, never));
      expect(refused).toMatchObject({ code: "VMWARE_REQUEST_REFUSED" });
      expect(refused.message).toContain("It broke.");
    }));
});

describe("a credentials task", () => {
  test("that failed is retried with the request, and shows no password anywhere", () =>
    bench(
      {
        scripts: [
          { outcome: "FAILED", error: [`Not set to {body.elements.0.credentials.0.password}.`], times: 1 },
        ],
      },
      async (all) => {
        const ref = await begin(all, rotate);
        all.pass(1_100);
        const failed = await look(all, ref);
        expect(failed.status).toBe("FAILED");
        expect(JSON.stringify(failed)).not.toContain("c4nary");
        expect(JSON.stringify(failed.causes)).toContain("[secret]");
        const changed = { ...rotate, body: credentials("UPDATE", `${password}-other`) };
        expect(await all.client.retry(ref, changed, never)).toEqual(ref);
        all.pass(1_100);
        const done = await look(all, ref);
        expect(done.status).toBe("SUCCEEDED");
        expect(JSON.stringify(done)).not.toContain("c4nary");
      },
    ));

  test("that failed takes a cancel, one that runs does not", () =>
    bench({ scripts: [{ outcome: "FAILED" }] }, async (all) => {
      const ref = await begin(all, rotate);
      expect(await errorOf(all.client.cancel(ref, never))).toMatchObject({ code: "VMWARE_REQUEST_REFUSED" });
      all.pass(1_100);
      await all.client.cancel(ref, never);
      expect((await look(all, ref)).status).toBe("CANCELLED");
    }));

  test("is listed beside others of its kind", () =>
    bench({}, async (all) => {
      const ids = [await begin(all, rotate)];
      all.pass(1_100);
      ids.push(await begin(all, rotate));
      const listed = await all.client.list({ kind: "credentials" }, never);
      expect(listed.map(({ ref }) => ref)).toEqual([...ids].reverse());
      expect(await all.client.list({ kind: "credentials", limit: 1 }, never)).toHaveLength(1);
    }));
});

describe("a bring-up", () => {
  test.each<SddcVersion>(["5.2", "9.1"])("that failed is retried with the changed spec (%s)", (sddcVersion) =>
    bench({ sddcVersion, scripts: [{ outcome: "FAILED", times: 1 }] }, async (all) => {
      const ref = await begin(all, sddc);
      expect(await errorOf(all.client.retry(ref, sddc, never))).toMatchObject({
        code: "VMWARE_REQUEST_REFUSED",
        refusal: { httpStatus: 405 },
      });
      all.pass(1_100);
      expect((await look(all, ref)).status).toBe("FAILED");
      const changed = { ...sddc, body: { sddcId: "m02", secretPassword: password } };
      expect(await all.client.retry(ref, changed, never)).toEqual(ref);
      all.pass(1_100);
      expect((await look(all, ref)).status).toBe("SUCCEEDED");
      expect(await all.client.read({ method: "GET", path: `/v1/sddcs/${ref.id}/spec` }, never)).toMatchObject(
        {
          sddcId: "m02",
        },
      );
    }),
  );
});

describe("log-ins that the simulator takes", () => {
  const hosts = { method: "GET", path: "/v1/hosts" } as const;

  test.each([
    ["apiKey", "simulator-api-key"],
    ["idToken", "simulator-id-token"],
  ])("%s", (login, token) =>
    withClient({ product: "sddc-manager", settings: { login, token } }, async ({ client, simulator }) => {
      await client.read(hosts, never);
      simulator.expireSessions();
      await client.read(hosts, never);
      expect(simulator.counts().login).toBe(2);
    }),
  );

  test("basic, for Cloud Builder", () =>
    withClient(
      { product: "sddc-manager", settings: { login: "basic" }, simulate: { sddcLogin: "basic" } },
      async ({ client, simulator }) => {
        await client.read(hosts, never);
        expect(simulator.counts().login).toBe(0);
      },
    ));
});

test("an id of the wrong form is that task's matter alone", () =>
  bench({}, async (all) => {
    const good = await begin(all, {
      method: "POST",
      path: "/v1/domains/validations",
      body: { domainName: "a" },
    });
    const looks = await all.client.look([{ id: "bare", kind: good.kind }, good], never);
    expect(looks.map(({ kind }) => kind)).toEqual(["fault", "seen"]);
  }));
