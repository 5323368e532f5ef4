// Every kind over HTTP, against a server of a few lines that answers as the API files say.
import { taskKey, type ApiRequest, type StartReply, type TaskRef } from "../../../provider/tasks";
import { sddcError, withSmallServer, type Reply, type Seen } from "../../support/small-server";
import { errorOf, never } from "../../support/with-simulator";

/** One kind: how it starts, and its bodies while it runs, when it is over, and when it failed. */
interface Case {
  readonly start: Pick<ApiRequest, "method" | "path">;
  readonly accepted: Reply;
  readonly path: string;
  readonly running: object;
  readonly good: object;
  readonly bad: object;
  /** What an unknown id is answered with. @default 404 */
  readonly unknown?: number;
  readonly result?: unknown;
  /** What the failure says. */
  readonly told?: string | undefined;
}

const at = "2026-01-01T00:00:00.000Z";
const errors = [{ errorCode: "NOT_SO", message: "It is not so." }];
const named = { id: "x", name: "Work", creationTimestamp: at };
const told = "It is not so.";

/** A kind whose status is one word. */
const plain = (path: string, start: Case["start"], more: Partial<Case> & { body?: object } = {}): Case => {
  const { body = named, ...others } = more;
  return {
    start,
    path,
    accepted: { status: 202, body: { ...body, status: "IN_PROGRESS" } },
    running: { ...body, status: "IN_PROGRESS" },
    good: { ...body, status: "SUCCESSFUL" },
    bad: { ...body, status: "FAILED", errors },
    told,
    ...others,
  };
};

const validation = { id: "x", description: "Validate" };
const checks = [
  { description: "Names", resultStatus: "SUCCEEDED", severity: "ERROR" },
  {
    description: "Networks",
    resultStatus: "FAILED",
    severity: "ERROR",
    nestedValidationChecks: [
      { description: "MTU", resultStatus: "FAILED", severity: "ERROR", errorResponse: errors[0] },
    ],
  },
];
const finished = (outcome: string): object => ({
  ...validation,
  executionStatus: "COMPLETED",
  resultStatus: outcome,
});

const validationAt = (path: string, start: string): Case => ({
  start: { method: "POST", path: start },
  path,
  accepted: { status: 202, body: { ...validation, executionStatus: "IN_PROGRESS", resultStatus: "UNKNOWN" } },
  running: { ...validation, executionStatus: "IN_PROGRESS", resultStatus: "UNKNOWN" },
  good: finished("SUCCEEDED"),
  bad: { ...finished("FAILED"), validationChecks: checks },
  unknown: 400,
  told,
});

const queryOf = (info: object, more: object = {}): object => ({
  queryInfo: { queryId: "x", ...info },
  ...more,
});
const certificates = (completed: boolean, validationStatus: string): object => ({
  validationId: "x",
  completed,
  validations: [{ resourceFqdn: "vc.example.com", validationStatus, validationMessage: told }],
});

const cases: [string, Case][] = [
  ["task", plain("/v1/tasks/x", { method: "POST", path: "/v1/hosts" })],
  [
    "credentials",
    plain("/v1/credentials/tasks/x", { method: "PATCH", path: "/v1/credentials" }, { unknown: 400 }),
  ],
  [
    "credentialsExpiration",
    plain(
      "/v1/credentials/expirations/x",
      { method: "POST", path: "/v1/credentials/expirations" },
      {
        unknown: 400,
        good: { id: "x", status: "COMPLETED", elements: [{ username: "root" }] },
        result: [{ username: "root" }],
      },
    ),
  ],
  ["validation", validationAt("/v1/domains/validations/x", "/v1/domains/validations")],
  [
    "validation",
    validationAt("/v1/clusters/c/validations/x", "/v1/clusters/c/validations?useAsyncValidation=true"),
  ],
  ["validation", validationAt("/v1/hosts/validations/x", "/v1/hosts/validations/commissions")],
  [
    "validation",
    validationAt("/v1/clusters/c/datastores/validations/x", "/v1/clusters/c/datastores/validation"),
  ],
  [
    "certificateValidation",
    {
      start: { method: "PUT", path: "/v1/domains/d/resource-certificates/validations" },
      path: "/v1/domains/d/resource-certificates/validations/x",
      accepted: { status: 201, body: certificates(false, "INPROGRESS") },
      running: certificates(false, "INPROGRESS"),
      good: certificates(true, "SUCCESSFUL"),
      bad: certificates(true, "FAILED"),
      told,
    },
  ],
  [
    "bringUp",
    plain(
      "/v1/sddcs/x",
      { method: "POST", path: "/v1/sddcs" },
      {
        good: { ...named, status: "COMPLETED_WITH_SUCCESS" },
        bad: {
          ...named,
          status: "COMPLETED_WITH_FAILURE",
          sddcSubTasks: [
            { name: "vc", description: "Deploy vCenter", status: "COMPLETED_WITH_FAILURE", errors },
            { name: "nsx", description: "Deploy NSX", status: "INITIALIZED" },
          ],
        },
      },
    ),
  ],
  [
    "supportBundle",
    plain(
      "/v1/system/support-bundles/x",
      { method: "POST", path: "/v1/system/support-bundles" },
      {
        unknown: 400,
        good: { id: "x", status: "COMPLETED_WITH_SUCCESS", bundleAvailable: "true" },
        bad: { id: "x", status: "COMPLETED_WITH_FAILURE" },
        told: undefined,
      },
    ),
  ],
  [
    "healthSummary",
    plain(
      "/v1/system/health-summary/x",
      { method: "POST", path: "/v1/system/health-summary" },
      {
        unknown: 400,
        good: { id: "x", status: "COMPLETED_WITH_SUCCESS", bundleAvailable: "true" },
        bad: { id: "x", status: "COMPLETED_WITH_FAILURE" },
        told: undefined,
      },
    ),
  ],
  ["backup", plain("/v1/tasks/x", { method: "POST", path: "/v1/backups/tasks" })],
  [
    "restore",
    plain("/v1/restores/tasks/x", { method: "POST", path: "/v1/restores/tasks" }, { unknown: 400 }),
  ],
  [
    "query",
    {
      start: { method: "POST", path: "/v1/hosts/queries" },
      path: "/v1/hosts/queries/x",
      accepted: { status: 200, body: queryOf({ completed: false }) },
      running: queryOf({ completed: false, processing: true }),
      good: queryOf({ completed: true, failure: false }, { result: { elements: [1] } }),
      bad: queryOf({ completed: true, failure: true, errorResponse: errors[0] }),
      unknown: 400,
      result: { elements: [1] },
      told,
    },
  ],
  [
    "healthCheckQuery",
    {
      start: { method: "GET", path: "/v1/domains/d/health-checks" },
      path: "/v1/domains/d/health-checks/queries/x",
      accepted: { status: 202, body: { resultId: "x", status: "IN_PROGRESS" } },
      running: { resultId: "x", status: "IN_PROGRESS" },
      good: { resultId: "x", status: "COMPLETED", result: [{ healthy: true }] },
      bad: { resultId: "x", status: "FAILED" },
      unknown: 400,
      result: [{ healthy: true }],
    },
  ],
  [
    "import",
    plain(
      "/v1/sddcs/imports/x",
      { method: "POST", path: "/v1/sddcs/imports" },
      {
        body: { taskId: "x", operationType: "IMPORT", startTimestamp: Date.parse(at) },
        unknown: 400,
        bad: {
          taskId: "x",
          status: "FAILED",
          error: { errorCode: "NOT_SO", cause: [{ type: "a", message: told }] },
        },
      },
    ),
  ],
  [
    "complianceAudit",
    plain(
      "/v1/domains/d/compliance-audits/tasks/x",
      { method: "POST", path: "/v1/domains/d/compliance-audits" },
      {
        body: { id: "x", complianceAuditId: "audit-1" },
        bad: { id: "x", status: "FAILED" },
        told: undefined,
        result: "audit-1",
      },
    ),
  ],
  [
    "healthCheck",
    plain(
      "/v1/domains/d/health-checks/tasks/x",
      { method: "PATCH", path: "/v1/domains/d/health-checks" },
      { body: { id: "x", resourceStatus: { a: "OK" } }, unknown: 400, result: { a: "OK" } },
    ),
  ],
  [
    "hostsPrecheck",
    {
      start: { method: "POST", path: "/v1/hosts/prechecks" },
      path: "/v1/hosts/prechecks/x",
      accepted: { status: 200, body: { id: "x", executionStatus: "IN_PROGRESS", result: "UNKNOWN" } },
      running: { id: "x", executionStatus: "IN_PROGRESS", result: "UNKNOWN" },
      good: { id: "x", executionStatus: "COMPLETED", result: "SUCCEEDED" },
      bad: {
        id: "x",
        executionStatus: "COMPLETED",
        result: "FAILED",
        hostPrechecks: [{ result: "FAILED", error: told }],
      },
      told,
    },
  ],
  [
    "vcfComponent",
    plain("/v1/vcf-management-components/tasks/x", { method: "POST", path: "/v1/vcf-management-components" }),
  ],
  [
    "configDrift",
    plain("/v1/config-drift-reconciliations/x", { method: "POST", path: "/v1/config-drift-reconciliations" }),
  ],
  [
    "licenseCheck",
    plain(
      "/v1/resources/license-checks/x",
      { method: "POST", path: "/v1/resources/license-checks" },
      { unknown: 400 },
    ),
  ],
  [
    "catalogUpload",
    plain(
      "/v1/product-version-catalogs/upload-tasks/x",
      { method: "POST", path: "/v1/product-version-catalogs" },
      {
        body: { taskId: "x", description: "Upload" },
        bad: { taskId: "x", status: "FAILED", errorResponse: errors[0] },
      },
    ),
  ],
  [
    "servicesConfig",
    plain(
      "/v1/services-config/propagation/tasks/x",
      { method: "POST", path: "/v1/services-config/propagation" },
      {
        body: { taskId: "x", description: "Propagate" },
        unknown: 400,
        bad: { taskId: "x", status: "FAILED", errorResponse: errors[0] },
      },
    ),
  ],
  [
    "remediation",
    plain(
      "/v1/clusters/c/remediations/x",
      { method: "POST", path: "/v1/clusters/c/remediations" },
      {
        body: { id: "x" },
        good: { id: "x", status: "COMPLETED" },
        bad: { id: "x", status: "FAILED", errorResponse: told },
      },
    ),
  ],
  [
    "checkSetExport",
    plain(
      "/v1/system/check-sets/r/exports",
      { method: "POST", path: "/v1/system/check-sets/r/exports" },
      {
        body: { startTimestamp: at },
        good: { startTimestamp: at, status: "COMPLETED" },
        bad: { startTimestamp: at, status: "FAILED", error: { message: told } },
      },
    ),
  ],
  [
    "lcm",
    plain(
      "/sddc-lcm/v1/tasks/x",
      { method: "POST", path: "/sddc-lcm/v1/components" },
      {
        body: { id: "x", name: "create", startTime: at },
        good: { id: "x", status: "SUCCEEDED", result: { a: 1 } },
        bad: {
          id: "x",
          status: "FAILED",
          stages: [
            {
              name: "deploy",
              description: { localizedMessage: "Deploying" },
              status: "FAILED",
              messages: [{ level: "ERROR", message: { localizedMessage: told } }],
            },
          ],
        },
        result: { a: 1 },
      },
    ),
  ],
];

const bearer = { login: "bearer", token: "t" } as const;

async function started(reply: Promise<StartReply>): Promise<TaskRef> {
  const answer = await reply;
  if (answer.kind !== "task") throw new Error("It is no task.");
  return answer.ref;
}

describe.each(cases)("the kind %s", (kind, one) => {
  test("is started, followed, and well in the end; its result is where the API has it", async () => {
    const bodies = [one.running, one.good];
    const answer = ({ method, path }: Seen): Reply | undefined =>
      path === one.start.path && method === one.start.method
        ? one.accepted
        : path === one.path
          ? { status: 200, body: bodies.shift() }
          : undefined;
    await withSmallServer(answer, bearer, async ({ client, seen }) => {
      const ref = await started(client.start({ ...one.start, body: {} }, { kind }, never));
      expect(ref.kind).toBe(kind);
      const [first] = await client.look([ref], never);
      expect(first).toMatchObject({ kind: "seen", snapshot: { ref, status: "RUNNING", causes: [] } });
      const [second] = await client.look([ref], never);
      expect(second).toMatchObject({ kind: "seen", snapshot: { ref, status: "SUCCEEDED", warnings: [] } });
      if (one.result !== undefined) expect(second).toMatchObject({ snapshot: { result: one.result } });
      expect(seen.map(({ path }) => path)).toEqual([one.start.path, one.path, one.path]);
      expect(taskKey(ref)).toContain(kind);
    });
  });

  test("fails and says why", () =>
    withSmallServer(
      ({ path }) => (path === one.path ? { status: 200, body: one.bad } : { ...one.accepted }),
      bearer,
      async ({ client }) => {
        const [look] = await client.look([{ id: one.path, kind }], never);
        expect(look).toMatchObject({ kind: "seen", snapshot: { status: "FAILED" } });
        const messages = look?.kind === "seen" ? look.snapshot.causes.map(({ message }) => message) : [];
        if (one.told !== undefined) expect(messages).toContain(one.told);
      },
    ));

  test("is missing when the server does not know its id", () =>
    withSmallServer(
      () => ({ status: one.unknown ?? 404, body: sddcError("There is none.") }),
      bearer,
      async ({ client }) => {
        expect(await client.get({ id: one.path, kind }, {}, never)).toBeUndefined();
        expect(await client.look([{ id: one.path, kind }], never)).toEqual([{ kind: "missing" }]);
      },
    ));

  test("is no success with a word that nobody knows", () =>
    withSmallServer(
      () => ({
        status: 200,
        body: JSON.parse(
          JSON.stringify(one.good).replaceAll(
            /"(status|executionStatus|resultStatus|result)":"[A-Z_]+"/g,
            '"$1":"EXPLODED"',
          ),
        ) as unknown,
      }),
      bearer,
      async ({ client }) => {
        const isWord = JSON.stringify(one.good).match(/"(status|resultStatus)":"/) !== null;
        if (!isWord) return;
        const seen = await client.get({ id: one.path, kind }, {}, never);
        expect(seen?.status).toBe("UNKNOWN");
      },
    ));
});

test("a plain id of a kind that is in many places is refused, and the error says what to give", () =>
  withSmallServer(
    () => undefined,
    bearer,
    async ({ client, seen }) => {
      const odd = await errorOf(client.get({ id: "x", kind: "validation" }, {}, never));
      expect(odd).toMatchObject({ code: "VMWARE_INVALID_ARGUMENTS" });
      expect(odd.message).toContain('must be the path of a validation, such as "/v1/domains/validations/');
      expect(seen).toEqual([]);
    },
  ));

describe("a reply that names no task", () => {
  const depot = { method: "PUT", path: "/v1/system/settings/depot", body: {} } as const;

  test.each<[string, Reply]>([
    ["has an object", { status: 202, body: { vmwareAccount: { status: "x" } } }],
    ["is empty", { status: 202 }],
  ])("and %s cannot be followed", (_title, reply) =>
    withSmallServer(
      () => reply,
      bearer,
      async ({ client }) => {
        const odd = await errorOf(client.start(depot, { kind: "task" }, never));
        expect(odd.message).toContain("The operation started, but cannot be followed");
        // What the program observes afterwards tells how it went.
        expect(await client.start(depot, { kind: "task", isObserved: true }, never)).toEqual({
          kind: "done",
          body: reply.body,
        });
      },
    ),
  );
});

describe("a check that the server forgets with its reply", () => {
  const request = { method: "POST", path: "/v1/alb-clusters/validations", body: {} } as const;
  const start = (
    body: object | undefined,
    use: (reply: Promise<StartReply>) => Promise<void>,
  ): Promise<void> =>
    withSmallServer(
      () => ({ status: 200, body }),
      bearer,
      ({ client }) => use(client.start(request, { kind: "validation" }, never)),
    );

  test("is done when it is good", () =>
    start(finished("SUCCEEDED"), async (reply) => {
      expect(await reply).toEqual({ kind: "done", body: finished("SUCCEEDED"), note: undefined });
    }));

  test("tells its warnings, also later", () =>
    withSmallServer(
      () => ({ status: 200, body: { ...finished("WARNING"), validationChecks: checks } }),
      bearer,
      async ({ client }) => {
        const reply = await client.start(request, { kind: "validation" }, never);
        const warnings = ['The server ended the task as "WARNING".', "It is not so."];
        expect(reply).toMatchObject({ kind: "done", note: warnings.join("\n") });
        const { body } = reply as Extract<StartReply, { kind: "done" }>;
        expect(client.warningsOf("validation", body)).toEqual(warnings);
        for (const odd of [undefined, null, "done", {}])
          expect(client.warningsOf("validation", odd)).toEqual([]);
        expect(client.warningsOf("task", body)).toEqual([]);
      },
    ));

  test("is refused with its reasons when it is not", () =>
    start({ ...finished("FAILED"), validationChecks: checks }, async (reply) => {
      const error = await errorOf(reply);
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { isBusy: false } });
      expect(error.message).toBe(
        'Endpoint "lab" answered POST /v1/alb-clusters/validations with FAILED:\n  NOT_SO: It is not so.',
      );
    }));

  test("cannot be followed when it is not over", () =>
    start({ ...validation, executionStatus: "IN_PROGRESS", resultStatus: "UNKNOWN" }, async (reply) => {
      expect((await errorOf(reply)).message).toContain("the server has no place to ask for it later");
    }));
});

describe("cancel and retry", () => {
  test.each<[string, string, string, Pick<Seen, "method" | "path" | "text">, "cancel" | "retry"]>([
    ["task", "x", "retry", { method: "PATCH", path: "/v1/tasks/x", text: "" }, "retry"],
    ["task", "x", "cancel", { method: "DELETE", path: "/v1/tasks/x", text: "" }, "cancel"],
    [
      "credentials",
      "x",
      "retry",
      { method: "PATCH", path: "/v1/credentials/tasks/x", text: '{"a":1}' },
      "retry",
    ],
    ["credentials", "x", "cancel", { method: "DELETE", path: "/v1/credentials/tasks/x", text: "" }, "cancel"],
    ["bringUp", "x", "retry", { method: "PATCH", path: "/v1/sddcs/x", text: '{"a":1}' }, "retry"],
    [
      "bundle",
      "x",
      "cancel",
      { method: "PATCH", path: "/v1/bundles/x", text: '{"bundleDownloadSpec":{"cancelNow":true}}' },
      "cancel",
    ],
    [
      "complianceAudit",
      "/v1/domains/d/compliance-audits/tasks/x",
      "retry",
      { method: "PATCH", path: "/v1/domains/d/compliance-audits/tasks/x", text: "" },
      "retry",
    ],
    [
      "lcm",
      "/sddc-lcm/v1/tasks/x",
      "retry",
      { method: "POST", path: "/sddc-lcm/v1/tasks/x?action=retry", text: "" },
      "retry",
    ],
    [
      "lcm",
      "/sddc-lcm/v1/tasks/x",
      "cancel",
      { method: "POST", path: "/sddc-lcm/v1/tasks/x?action=cancel", text: "" },
      "cancel",
    ],
  ])("of the kind %s (%s): %s", (kind, id, _title, wanted, what) =>
    withSmallServer(
      () => ({ status: 200 }),
      bearer,
      async ({ client, seen }) => {
        const request = { method: "PATCH", path: "/v1/somewhere", body: { a: 1 } } as const;
        await (what === "cancel"
          ? client.cancel({ id, kind }, never)
          : client.retry({ id, kind }, request, never));
        expect(seen).toMatchObject([wanted]);
      },
    ),
  );

  test("a retry that is answered with another id is followed there", () =>
    withSmallServer(
      () => ({ status: 202, body: { id: "y" } }),
      bearer,
      async ({ client }) => {
        const ref = { id: "x", kind: "credentials" };
        expect(await client.retry(ref, undefined, never)).toEqual({ id: "y", kind: "credentials" });
      },
    ));

  test.each([
    [400, sddcError("Not now.")],
    [405, undefined],
    [409, sddcError("Not in this state.")],
    [405, sddcError("The bring-up cannot be retried.")],
  ])("%d with %j is a clear no", (status, body) =>
    withSmallServer(
      () => ({ status, body }),
      bearer,
      async ({ client }) => {
        const no = await errorOf(client.retry({ id: "x", kind: "bringUp" }, undefined, never));
        expect(no).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: status } });
        expect(await errorOf(client.cancel({ id: "x", kind: "credentials" }, never))).toMatchObject({
          code: "VMWARE_REQUEST_REFUSED",
        });
      },
    ),
  );
});

describe("a start whose reply was lost", () => {
  const trace = (kind: string, path: string): Parameters<typeof find>[0] => ({
    request: { method: "POST", path },
    kind,
    sentAt: Date.parse(at),
  });
  const find = (
    given: { request: ApiRequest; kind: string; sentAt: number },
    answer: Reply,
  ): Promise<unknown> => {
    let found: unknown = "none";
    return withSmallServer(
      () => answer,
      bearer,
      async ({ client }) => {
        found = await client.findStarted(given, never);
      },
    ).then(() => found);
  };

  test("is found in the list of its own kind", async () => {
    const body = { elements: [{ ...named, status: "IN_PROGRESS", type: "ROTATE" }] };
    expect(await find(trace("credentials", "/v1/credentials"), { status: 200, body })).toMatchObject([
      { ref: { id: "x", kind: "credentials" } },
    ]);
  });

  test("may be made again where it only looks, and cannot be looked for where there is no list", async () => {
    expect(await find(trace("validation", "/v1/domains/validations"), { status: 500 })).toEqual([]);
    expect(await find(trace("restore", "/v1/restores/tasks"), { status: 500 })).toBeUndefined();
  });
});

describe("lists of other kinds", () => {
  test("have no parameters but their own", () =>
    withSmallServer(
      ({ path }) => ({
        status: 200,
        body: {
          elements: path.startsWith("/v1/sddcs/validations")
            ? [finished("SUCCEEDED")]
            : [{ ...named, status: "FAILED" }],
        },
      }),
      bearer,
      async ({ client, seen }) => {
        const list = async (filter: Record<string, unknown>): Promise<string[]> =>
          (await client.list(filter, never)).map(({ ref }) => `${ref.kind} ${ref.id}`);
        expect(await list({ kind: "credentials", limit: 5 })).toEqual(["credentials x"]);
        expect(await list({ kind: "bringUp" })).toEqual(["bringUp x"]);
        expect(await list({ kind: "validation" })).toEqual(["validation /v1/sddcs/validations/x"]);
        expect(await list({ kind: "task", doLiveRefresh: true })).toEqual(["task x"]);
        expect(seen.map(({ path }) => path)).toEqual([
          "/v1/credentials/tasks?limit=5",
          "/v1/sddcs",
          "/v1/sddcs/validations",
          "/v1/tasks?doLiveRefresh=true&pageSize=100",
        ]);
        expect((await errorOf(client.list({ kind: "query" }, never))).message).toMatch(
          /query has no list; these have one: task, credentials, validation, bringUp/,
        );
      },
    ));
});
