import type { ScriptedReply } from "../../../provider/simulator";
import type { ApiRequest } from "../../../provider/tasks";
import { errorOf, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const taskId = /^[0-9a-f-]{36}:com\.vmware\.vcenter\.VM$/;
const kind = { kind: "task" };

describe.each(["api", "rest"] as const)("a start at vCenter by /%s", (api) => {
  const bench: ClientBenchOptions = { product: "vcenter", settings: { api } };
  const path = `/${api}/vcenter/vm?action=clone`;
  const clone: ApiRequest = { method: "POST", path, body: { source: "vm-1", name: "a" } };
  const answering = (reply: ScriptedReply & { starts?: boolean }): ClientBenchOptions => ({
    ...bench,
    simulate: { scripts: [{ match: { method: "POST" }, reply }] },
  });

  test("asks for a task and answers with its id", () =>
    withClient(bench, async ({ client, simulator }) => {
      const reply = await client.start(clone, kind, never);
      expect(reply).toEqual({
        kind: "task",
        ref: { id: expect.stringMatching(taskId) as string, kind: "task" },
      });
      expect(simulator.starts).toMatchObject([
        { query: { action: "clone", "vmw-task": "true" }, body: { source: "vm-1", name: "a" } },
      ]);
    }));

  test.each([
    ["in the path", { ...clone, path: `${path}&vmw-task=true` }],
    ["in the query", { ...clone, query: { "vmw-task": true } }],
  ])("asks for a task once when the program does so, too: %s", (_title, request) =>
    withClient(bench, async ({ client, simulator }) => {
      expect(await client.start(request, kind, never)).toMatchObject({ kind: "task" });
      expect(simulator.starts[0]?.query).toEqual({ action: "clone", "vmw-task": "true" });
    }),
  );

  test.each([false, "false"])(
    "asks for no task when the program says %p, and takes no string for its id",
    (wish) =>
      withClient(
        {
          ...bench,
          simulate: { scripts: [{ immediate: { body: api === "rest" ? { value: "vm-7" } : "vm-7" } }] },
        },
        async ({ client, simulator }) => {
          const reply = await client.start({ ...clone, query: { "vmw-task": wish } }, kind, never);
          expect(reply).toEqual({ kind: "done", body: "vm-7" });
          expect(simulator.starts[0]?.query).toEqual({ action: "clone" });
        },
      ),
  );

  test("says what the server says when an operation that is a task only is asked for no task", () =>
    withClient(bench, async ({ client, simulator }) => {
      const error = await errorOf(client.start({ ...clone, query: { "vmw-task": false } }, kind, never));
      expect(error).toMatchObject({
        code: "VMWARE_REQUEST_REFUSED",
        refusal: { httpStatus: 404, isBusy: false },
      });
      expect(error.message).toContain("OPERATION_NOT_FOUND");
      expect(simulator.counts().start).toBe(1);
    }));

  test("sends an operation without a form that is a task once more as it is", () =>
    withClient(
      {
        ...bench,
        simulate: {
          scripts: [
            { immediate: { body: api === "rest" ? { value: "vm-9" } : "vm-9" } },
            {
              match: { query: { "vmw-task": "true" } },
              reply: { error: "OPERATION_NOT_FOUND", message: "No task.", starts: false },
            },
          ],
        },
      },
      async ({ client, simulator }) => {
        expect(await client.start(clone, kind, never)).toEqual({ kind: "done", body: "vm-9" });
        expect(
          simulator.requests.filter(({ operation }) => operation === "start").map(({ query }) => query),
        ).toEqual([{ action: "clone", "vmw-task": "true" }, { action: "clone" }]);
        expect(simulator.starts).toHaveLength(1);
      },
    ));

  test.each([
    ["a body that is no id", { status: 202, body: { unusual: true } }, undefined, "the body is no task id"],
    ["no body", { status: 202 }, undefined, "the body is no task id"],
    ["an empty string", { status: 202, body: "" }, undefined, "the body is no task id"],
    [
      "no id where the program looks",
      { status: 202, body: { other: "a" } },
      "task",
      "there is no task id at `task`",
    ],
    [
      "a string where the program looks for a field",
      { status: 200, body: "a" },
      "task",
      "there is no task id at `task`",
    ],
  ])("says that an operation started but cannot be followed: %s", (_title, reply, taskIdFrom, where) =>
    withClient(answering(reply), async ({ client }) => {
      const error = await errorOf(client.start(clone, { kind: "task", taskIdFrom }, never));
      expect(error).toMatchObject({ code: "VMWARE_UNEXPECTED_REPLY" });
      expect(error.message).toBe(
        `Endpoint "lab" answered POST /${api}/vcenter/vm with something else than its API documents: ${where}. ` +
          "The operation started, but cannot be followed.",
      );
    }),
  );

  test.each([
    ["commit.apply_task", { commit: { apply_task: "{taskId}" } }],
    ["tasks[0]", { tasks: ["{taskId}"] }],
    ["value.id", { value: { id: "{taskId}" } }],
  ])("finds the id at %s", (taskIdFrom, body) =>
    withClient(answering({ status: 200, body }), async ({ client, simulator }) => {
      const reply = await client.start(clone, { kind: "task", taskIdFrom }, never);
      expect(reply).toEqual({ kind: "task", ref: { id: simulator.tasks()[0]?.id, kind: "task" } });
    }),
  );

  test("takes what is desired already for done", () =>
    withClient(
      answering({ error: "ALREADY_IN_DESIRED_STATE", message: "It is so.", starts: false }),
      async ({ client }) => {
        expect(await client.start(clone, kind, never)).toEqual({
          kind: "done",
          body: undefined,
          note: "It is so.",
        });
      },
    ));

  test.each([
    ["ALREADY_EXISTS", 400],
    ["FEATURE_IN_USE", 400],
    ["INVALID_ARGUMENT", 400],
    ["INVALID_ELEMENT_CONFIGURATION", 400],
    ["INVALID_ELEMENT_TYPE", 400],
    ["INVALID_REQUEST", 400],
    ["NOT_FOUND", 404],
    ["RESOURCE_IN_USE", 400],
    ["UNABLE_TO_ALLOCATE_RESOURCE", api === "api" ? 500 : 400],
    ["UNAUTHORIZED", 403],
    ["UNEXPECTED_INPUT", 500],
    ["UNSUPPORTED", 400],
    ["UNVERIFIED_PEER", 400],
  ])("takes %s for a no", (type, status) =>
    withClient(
      answering({ error: type, message: "For a reason.", starts: false }),
      async ({ client, simulator }) => {
        const error = await errorOf(client.start(clone, kind, never));
        expect(error).toMatchObject({
          code: "VMWARE_REQUEST_REFUSED",
          refusal: {
            httpStatus: status,
            isBusy: false,
            isNotFound: type === "NOT_FOUND",
            causes: [{ path: [], code: type, message: "For a reason." }],
          },
        });
        const [advice, ...more] = error.message.split("\n").slice(2);
        expect(error.message.split("\n").slice(0, 2)).toEqual([
          `Endpoint "lab" refused POST /${api}/vcenter/vm with HTTP ${status}:`,
          `  ${type}: For a reason.`,
        ]);
        if (type === "UNAUTHORIZED") expect(advice).toMatch(/^ {2}what to do: Give .* a role/);
        else expect(advice).toBeUndefined();
        expect(more).toEqual([]);
        expect(simulator.counts().start).toBe(1);
      },
    ),
  );

  test.each([
    ["RESOURCE_BUSY", undefined, "Wait.", api === "api" ? 500 : 400],
    ["NOT_ALLOWED_IN_CURRENT_STATE", undefined, "Another operation runs.", 400],
    ["CONCURRENT_CHANGE", undefined, "Changed meanwhile.", api === "api" ? 409 : 400],
    ["ERROR", 409, "A conflict.", 409],
    ["UNABLE_TO_ALLOCATE_RESOURCE", undefined, "Too many tasks are running.", api === "api" ? 500 : 400],
  ])("takes %s with status %p for busy", (type, status, message, httpStatus) =>
    withClient(
      answering({
        error: type,
        message,
        starts: false,
        headers: { "retry-after": "12" },
        ...(status === undefined ? {} : { status }),
      }),
      async ({ client }) => {
        expect(await errorOf(client.start(clone, kind, never))).toMatchObject({
          code: "VMWARE_REQUEST_REFUSED",
          refusal: { httpStatus, isBusy: true, retryAfterMs: 12_000 },
        });
      },
    ),
  );

  test.each([
    ["INVALID_ARGUMENT", 400],
    ["ALREADY_EXISTS", 400],
    ["ALREADY_EXISTS", 409],
    ["UNSUPPORTED", 400],
    ["UNAUTHORIZED", 403],
  ])("does not take %s with status %d for busy, whatever it says", (error, status) =>
    withClient(
      answering({ error, status, message: "It exceeds the maximum number of characters.", starts: false }),
      async ({ client }) => {
        expect(await errorOf(client.start(clone, kind, never))).toMatchObject({
          refusal: { isBusy: false },
        });
      },
    ),
  );

  test.each([
    "ERROR",
    "INTERNAL_SERVER_ERROR",
    "TIMED_OUT",
    "SERVICE_UNAVAILABLE",
    "RESOURCE_INACCESSIBLE",
    "CANCELED",
    "NEW_IN_2030",
  ])("does not know after %s whether it started", (type) =>
    withClient(answering({ error: type, message: "Perhaps.", starts: true }), async ({ client }) => {
      const error = await errorOf(client.start(clone, kind, never));
      expect(error).toMatchObject({
        code: "VMWARE_ENDPOINT_FAULT",
        fault: { faultClass: expect.stringMatching(/server|malformed/) as string, sent: "maybe" },
      });
      expect(error.message).toContain(`${type}: Perhaps.`);
    }),
  );

  test("shows every message of an error, the first with its type", () =>
    withClient({ ...bench }, async ({ client, simulator }) => {
      const inner = {
        messages: [
          { id: "a", default_message: "The clone failed.", args: [] },
          { id: "b", default_message: "ignored", localized: "The disk is full.", args: [] },
          { id: "only.an.id", default_message: "", args: [] },
        ],
        data: { is_transient: false },
      };
      const body =
        api === "api"
          ? { error_type: "INVALID_ARGUMENT", ...inner }
          : { type: "com.vmware.vapi.std.errors.invalid_argument", value: inner };
      simulator.fault({ what: "status", status: 400, body, match: { operation: "start" } });
      expect(await errorOf(client.start(clone, kind, never))).toMatchObject({
        refusal: {
          causes: [
            { path: [], code: "INVALID_ARGUMENT", message: "The clone failed.", isTransient: false },
            { path: [], message: "The disk is full." },
            { path: [], message: "only.an.id" },
          ],
        },
      });
    }));
});

describe("requests below /rest at an endpoint that speaks /api", () => {
  test("are unwrapped and followed", () =>
    withClient({ product: "vcenter" }, async ({ client, simulator }) => {
      const request = {
        method: "POST",
        path: "/rest/vcenter/vm?action=clone",
        body: { spec: { source: "vm-1", name: "a" } },
      } as const;
      const reply = await client.start(request, kind, never);
      expect(reply).toEqual({ kind: "task", ref: { id: simulator.tasks()[0]?.id, kind: "task" } });
      expect(await client.read({ method: "GET", path: "/rest/vcenter/vm" }, never)).toEqual([]);
    }));
});

test("takes a string of an operation that was done at once for its result", () =>
  withClient(
    { product: "vcenter", simulate: { scripts: [{ immediate: { status: 201, body: "group-v7" } }] } },
    async ({ client }) => {
      const request = { method: "POST", path: "/api/vcenter/folder" } as const;
      expect(await client.start(request, kind, never)).toEqual({ kind: "done", body: "group-v7" });
    },
  ));

describe("a DELETE", () => {
  const path = "/api/esx/settings/depots/offline/depot-1";

  test("that answers 204 is done, and the program is told that it may not be where a task was asked for", () =>
    withClient({ product: "vcenter" }, async ({ client, simulator }) => {
      const id = simulator.addObject("/api/vcenter/vm", { name: "a" });
      const request = { method: "DELETE", path: `/api/vcenter/vm/${id}` } as const;
      expect(await client.start(request, kind, never)).toEqual({
        kind: "done",
        body: undefined,
        note: expect.stringMatching(/^DELETE \/api\/vcenter\/vm\/.* 204 and no task id.*`observe`/) as string,
      });
      const other = simulator.addObject("/api/vcenter/vm", { name: "b" });
      const plain = {
        method: "DELETE",
        path: `/api/vcenter/vm/${other}`,
        query: { "vmw-task": false },
      } as const;
      expect(await client.start(plain, kind, never)).toEqual({ kind: "done", body: undefined });
    }));

  test("that answers 202 with an id is a task", () =>
    withClient({ product: "vcenter" }, async ({ client, simulator }) => {
      const reply = await client.start({ method: "DELETE", path }, kind, never);
      expect(reply).toEqual({ kind: "task", ref: { id: simulator.tasks()[0]?.id, kind: "task" } });
    }));

  test("that answers 202 without an id cannot be followed", () =>
    withClient(
      { product: "vcenter", simulate: { scripts: [{ reply: { status: 202 } }] } },
      async ({ client }) => {
        const error = await errorOf(client.start({ method: "DELETE", path }, kind, never));
        expect(error.message).toContain("The operation started, but cannot be followed.");
      },
    ));
});

describe("a GET that starts a task", () => {
  const request = {
    method: "GET",
    path: "/api/vcenter/trusted-infrastructure/trust-authority-clusters/domain-c8/attestation/services",
  } as const;

  test("is asked for as a task and followed", () =>
    withClient({ product: "vcenter" }, async ({ client, simulator }) => {
      expect(await client.start(request, kind, never)).toMatchObject({ kind: "task" });
      expect(simulator.starts).toMatchObject([{ method: "GET", query: { "vmw-task": "true" } }]);
    }));

  test.each(["reset-after", "delay"] as const)("is not sent again when no clear reply came: %s", (what) =>
    withClient({ product: "vcenter", settings: { requestTimeoutMs: 300 } }, async ({ client, simulator }) => {
      simulator.fault({ what, delayMs: 1_000, match: { operation: "start" } });
      expect(await errorOf(client.start(request, kind, never))).toMatchObject({
        code: "VMWARE_ENDPOINT_FAULT",
        fault: { sent: "maybe" },
      });
      expect(simulator.counts().start).toBe(1);
      const trace = { request, kind: "task", sentAt: 0 };
      expect(await client.findStarted(trace, never)).toHaveLength(1);
    }),
  );
});

describe("the apply of a draft, which has no form that is a task", () => {
  const request = {
    method: "POST",
    path: "/api/esx/settings/clusters/domain-c8/configuration/drafts/12?action=apply",
  } as const;
  const scripts = [
    { reply: { status: 200, body: { commit: "auto-57", apply_task: "{taskId}" } } },
    {
      match: { query: { "vmw-task": "true" } },
      reply: { error: "OPERATION_NOT_FOUND", message: "No such operation.", starts: false },
    },
  ];

  test("is followed by the id at `apply_task`", () =>
    withClient({ product: "vcenter", simulate: { scripts } }, async ({ client, simulator }) => {
      const reply = await client.start(request, { ...kind, taskIdFrom: "apply_task" }, never);
      expect(reply).toEqual({ kind: "task", ref: { id: simulator.tasks()[0]?.id, kind: "task" } });
      expect(simulator.starts).toHaveLength(1);
      expect(await client.get({ id: simulator.tasks()[0]?.id ?? "", ...kind }, {}, never)).toMatchObject({
        native: { service: "com.vmware.esx.settings.clusters.configuration.drafts" },
      });
    }));

  test("is done with its reply as the result where the program names no place", () =>
    withClient({ product: "vcenter", simulate: { scripts } }, async ({ client }) => {
      expect(await client.start(request, kind, never)).toMatchObject({
        kind: "done",
        body: { commit: "auto-57" },
      });
    }));
});

test("takes a task id that came with 200 for a task, as some versions answer", () =>
  withClient(
    { product: "vcenter", simulate: { scripts: [{ reply: { status: 200, body: "{taskId}" } }] } },
    async ({ client }) => {
      const request = {
        method: "POST",
        path: "/api/vcenter/vm?action=clone",
        body: { source: "vm-1", name: "a" },
      } as const;
      expect(await client.start(request, kind, never)).toMatchObject({ kind: "task" });
    },
  ));
