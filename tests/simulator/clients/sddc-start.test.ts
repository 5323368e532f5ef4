import type { TaskPlan } from "../../../provider/simulator";
import { kind, lookAt, startSddcTask } from "../../support/look-at";
import { errorOf, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({
  product: "sddc-manager",
  ...more,
});

describe("a start at SDDC Manager", () => {
  const domain = { method: "POST", path: "/v1/domains", body: { domainName: "a" } } as const;

  test("answers with the id of the task", () =>
    withClient(bench(), async ({ client, simulator }) => {
      const reply = await client.start(domain, { kind }, never);
      expect(reply).toEqual({ kind: "task", ref: { id: simulator.starts[0]?.taskId, kind } });
    }));

  test.each<[string, { status: number; body?: unknown }, string | undefined, unknown]>([
    [
      "a task with 200",
      { status: 200, body: { id: "t", name: "n", status: "Pending", creationTimestamp: "x" } },
      undefined,
      { kind: "task", ref: { id: "t", kind } },
    ],
    [
      "a domain with 200",
      { status: 200, body: { id: "d", name: "n", status: "ACTIVE" } },
      undefined,
      { kind: "done", body: { id: "d", name: "n", status: "ACTIVE" } },
    ],
    ["nothing with 204", { status: 204 }, undefined, { kind: "done", body: undefined }],
    ["a list with 200", { status: 200, body: [1] }, undefined, { kind: "done", body: [1] }],
    [
      "an upgrade that names its task",
      { status: 200, body: { id: "u", taskId: "t" } },
      "taskId",
      { kind: "task", ref: { id: "t", kind } },
    ],
  ])("understands %s", (_title, immediate, taskIdFrom, wanted) =>
    withClient(bench({ simulate: { scripts: [{ immediate }] } }), async ({ client }) => {
      expect(await client.start(domain, { kind, taskIdFrom }, never)).toEqual(wanted);
    }),
  );

  test.each([
    [{ status: 202 }, undefined, "id"],
    [{ status: 202, body: { name: "n" } }, undefined, "id"],
    [{ status: 202, body: "text" }, undefined, "id"],
    [{ status: 200, body: { id: "u" } }, "taskId", "taskId"],
  ])("says that %j cannot be followed", (immediate, taskIdFrom, where) =>
    withClient(bench({ simulate: { scripts: [{ immediate }] } }), async ({ client }) => {
      const odd = await errorOf(client.start(domain, { kind, taskIdFrom }, never));
      expect(odd).toMatchObject({ code: "VMWARE_UNEXPECTED_REPLY" });
      expect(odd.message).toBe(
        `Endpoint "lab" answered POST /v1/domains with something else than its API documents: there is no task id at \`${where}\`. ` +
          "The operation started, but cannot be followed.",
      );
    }),
  );

  test.each([
    [409, "SOME_CONFLICT", "x", true],
    [409, "A_DUPLICATE", "Another operation is in progress.", true],
    [409, "TRUSTED_CERTIFICATE_ERROR", "Trusted certificate already exists", false],
    [409, "RESOURCE_ALREADY_EXISTS", "x", false],
    [409, "BUNDLE_DOWNLOAD_ALREADY_SCHEDULED", "x", false],
    [409, "SOME_CONFLICT", "The bundle has already been downloaded.", false],
    [409, "SOME_CONFLICT", "A duplicate name.", false],
    [500, "WORKFLOW_LOCKED", "Another workflow is in progress.", true],
    [500, "SYSTEM_BUSY", "x", true],
    [400, "BAD", "Too many tasks are running.", true],
    [400, "BAD", "The maximum number of concurrent tasks runs.", true],
    [400, "BAD", "Workflow limit is reached.", true],
    [400, "BAD", "Limit exceeded for concurrent upgrades.", true],
    [400, "BAD", "The name of the operation exceeds the maximum number of characters.", false],
    [400, "BAD", "The limit was exceeded: 64 hosts in a cluster.", false],
    [400, "BAD", "Field domainName is required.", false],
    [404, "RESOURCE_NOT_FOUND", "x", false],
    [405, "NOT_ALLOWED", "x", false],
    [422, "INVALID", "x", false],
  ])("takes %d %s %j for a no (busy: %p)", (status, code, message, isBusy) =>
    withClient(
      bench({ simulate: { scripts: [{ reply: { status, error: code, message, starts: false } }] } }),
      async ({ client }) => {
        expect(await errorOf(client.start(domain, { kind }, never))).toMatchObject({
          code: "VMWARE_REQUEST_REFUSED",
          refusal: { httpStatus: status, isBusy, isNotFound: status === 404, causes: [{ code, message }] },
        });
      },
    ),
  );

  test("does not know after an error of the server whether it started", () =>
    withClient(
      bench({
        simulate: { scripts: [{ reply: { status: 500, error: "OOPS", message: "Broken.", starts: true } }] },
      }),
      async ({ client }) => {
        const fault = await errorOf(client.start(domain, { kind }, never));
        expect(fault).toMatchObject({
          code: "VMWARE_ENDPOINT_FAULT",
          fault: { faultClass: "server", sent: "maybe" },
        });
        expect(fault.message).toContain("OOPS: Broken.");
      },
    ));

  test("says so when an error of the server says nothing", () =>
    withClient(
      bench({ simulate: { scripts: [{ reply: { status: 500, body: { message: "" } } }] } }),
      async ({ client }) => {
        const fault = await errorOf(client.start(domain, { kind }, never));
        expect(fault.message).toContain("with HTTP 500 and no usable body.");
      },
    ));
});

describe("retry and cancel at SDDC Manager", () => {
  test("continue a failed task under its id", () =>
    withClient(bench(), async (all) => {
      const id = startSddcTask(all, { outcome: "FAILED", retryable: true });
      all.pass(1_000);
      expect(await lookAt(all, id)).toMatchObject({ status: "FAILED", isRetryable: true });
      await all.client.retry({ id, kind }, undefined, never);
      expect(await lookAt(all, id)).toMatchObject({
        ref: { id },
        status: "RUNNING",
        isRetryable: false,
        causes: [],
      });
      all.pass(1_000);
      expect(await lookAt(all, id)).toMatchObject({ status: "SUCCEEDED" });
    }));

  test.each<[string, TaskPlan, number]>([
    ["runs", {}, 500],
    ["succeeded", {}, 1_000],
    ["says that it cannot be retried", { outcome: "FAILED", retryable: false }, 1_000],
  ])("refuse a retry of a task that %s", (_title, plan, ms) =>
    withClient(bench(), async (all) => {
      const id = startSddcTask(all, plan);
      all.pass(ms);
      const refused = await errorOf(all.client.retry({ id, kind }, undefined, never));
      expect(refused).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: 409 } });
      expect(refused.message).toContain("TA_TASK_CAN_NOT_BE_RETRIED");
      expect(all.simulator.counts().retry).toBe(1);
    }),
  );

  test("cancel a task that runs, and no other", () =>
    withClient(bench(), async (all) => {
      const id = startSddcTask(all);
      all.pass(500);
      await all.client.cancel({ id, kind }, never);
      expect(await lookAt(all, id)).toMatchObject({ status: "CANCELLED" });
      const refused = await errorOf(all.client.cancel({ id, kind }, never));
      expect(refused).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: 409 } });
    }));

  test("say that a task is not known", () =>
    withClient(bench(), async ({ client }) => {
      const ref = { id: "00000000-0000-4000-8000-00000000dead", kind };
      for (const attempt of [client.retry(ref, undefined, never), client.cancel(ref, never)]) {
        expect(await errorOf(attempt)).toMatchObject({
          code: "VMWARE_REQUEST_REFUSED",
          refusal: { isNotFound: true },
        });
      }
      expect(await client.get(ref, {}, never)).toBeUndefined();
      expect(await client.look([ref], never)).toEqual([{ kind: "missing" }]);
    }));
});
