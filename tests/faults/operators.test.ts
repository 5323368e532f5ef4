// Tasks that an operator retries or cancels, and objects that somebody deletes, while a stack counts on them.
import type { Simulator } from "../../provider/simulator";
import { destroyed, play, settled } from "../support/deeds";
import { until } from "../support/until";
import { withStack } from "../support/with-stack";

jest.setTimeout(900_000);

const hosts = (more = ""): string => `
  new vmware.Operation("hosts", {
    endpoint: "sddc",
    request: { method: "POST", path: "/v1/hosts", body: [{ fqdn: "esx-1.example.com", username: "root", password: "test-password", storageType: "VSAN", networkPoolId: "np-1" }] },
    ${more}
  });`;

const clone = (more: string): string => `
  new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
    ${more}
  });`;

const first = (simulator: Simulator): string => simulator.starts[0]?.taskId ?? "";
const latest = (simulator: Simulator): string => simulator.starts.at(-1)?.taskId ?? "";

/** The first task fails, as one that can be retried. */
const failsOnce = { match: { path: "/v1/hosts" }, times: 1, outcome: "FAILED" as const, retryable: true };

describe("a failed task that an operator has retried at the server", () => {
  it("is followed while it runs, and counts when it has ended", async () => {
    await withStack({ program: hosts() }, async (stack, simulator) => {
      simulator.script(failsOnce);
      await play(
        [
          { what: "the task fails", sends: ["POST"], fails: 'Operation "hosts" failed' },
          {
            what: "it is retried, and runs",
            act: () => simulator.retry(first(simulator), { durationMs: 6_000 }),
            sends: [],
          },
          settled,
          destroyed,
        ],
        stack,
        simulator,
      );
      expect(simulator.counts().retry).toBe(0);
    });
    await withStack({ program: hosts() }, async (stack, simulator) => {
      simulator.script(failsOnce);
      await play(
        [
          { what: "the task fails", sends: ["POST"], fails: 'Operation "hosts" failed' },
          {
            what: "it is retried, and has succeeded",
            act: async () => {
              simulator.retry(first(simulator));
              await until(() => simulator.task(first(simulator))?.status === "SUCCEEDED", "it succeeds");
            },
            sends: [],
          },
          settled,
        ],
        stack,
        simulator,
      );
      expect(simulator.counts().retry).toBe(0);
    });
  });

  it("is not forgotten in silence when the stack is destroyed while it runs", async () => {
    await withStack({ program: hosts() }, async (stack, simulator) => {
      simulator.script(failsOnce);
      await play(
        [
          { what: "the task fails", sends: ["POST"], fails: 'Operation "hosts" failed' },
          {
            ...destroyed,
            what: "it is retried, and runs; then destroy",
            act: () => simulator.retry(first(simulator), { durationMs: 60_000 }),
            says: "still runs and is left alone",
          },
        ],
        stack,
        simulator,
      );
      expect(Object.keys(await stack.resources())).toHaveLength(0);
    });
  });

  it("is attempted again by policy when the operator's retry has failed, too", async () => {
    await withStack({ program: hosts() }, async (stack, simulator) => {
      simulator.script(failsOnce);
      await play(
        [
          { what: "the task fails", sends: ["POST"], fails: 'Operation "hosts" failed' },
          {
            what: "it is retried, and fails again",
            act: async () => {
              simulator.retry(first(simulator), { outcome: "FAILED", durationMs: 100 });
              await until(() => simulator.task(first(simulator))?.status === "FAILED", "it fails");
            },
            sends: [],
          },
          settled,
        ],
        stack,
        simulator,
      );
      // The server continues the one task; nothing is started beside it.
      expect(simulator.counts().retry).toBe(1);
      expect(simulator.task(first(simulator))?.attempts).toBe(3);
    });
  });
});

describe("a task that an operator cancels", () => {
  it("in the wait ends the deployment, whatever the policy; the next one starts again", async () => {
    const program = clone('retry: { maxAttempts: 3, delay: "100ms" }');
    await withStack({ program, simulate: { defaultDurationMs: 60_000 } }, async (stack, simulator) => {
      const cancelled = { taken: Promise.resolve() };
      await play(
        [
          {
            what: "cancelled in the wait",
            act: () => {
              cancelled.taken = until(() => simulator.counts().get > 0, "the wait has begun").then(() =>
                simulator.finish(latest(simulator), "CANCELLED"),
              );
            },
            sends: ["POST"],
            fails: 'Operation "web" was cancelled',
            says: "The next `pulumi up` tries again",
          },
          {
            what: "the program only looks",
            act: () => stack.program(clone('retry: { onNextUp: "look" }')),
            sends: [],
            fails: 'Operation "web" was cancelled',
          },
          {
            what: "the program wants it after all",
            act: () => {
              stack.program(program);
              simulator.script({ durationMs: 300 });
            },
            sends: ["POST"],
          },
          settled,
        ],
        stack,
        simulator,
      );
      await cancelled.taken;
    });
  });

  it("between two deployments is told by the next, and started again by the one after", async () => {
    const program = (timeout: string): string => clone(`timeout: "${timeout}"`);
    const simulate = { defaultDurationMs: 60_000 };
    await withStack({ program: program("1s"), simulate }, async (stack, simulator) => {
      await play(
        [
          { what: "its time is up, and it goes on", sends: ["POST"], fails: "it may still be running" },
          {
            what: "cancelled between two deployments",
            act: () => {
              stack.program(program("5m"));
              simulator.finish(first(simulator), "CANCELLED");
              simulator.script({ durationMs: 300 });
            },
            sends: [],
            fails: 'Operation "web" was cancelled',
          },
          { what: "up again", sends: ["POST"] },
          settled,
        ],
        stack,
        simulator,
      );
    });
  });
});

it("an object that is gone: its change says so, it can be made anew, and its deletion counts as done", async () => {
  const groups = "/api/things/domain-c8/groups";
  const program = (size: number): string => `
    const spec = { name: "gold", size: ${size} };
    const path = (done) => "${groups}/" + done.result;
    new vmware.Operation("group", {
      endpoint: "vcenter",
      request: { method: "POST", path: "${groups}", body: spec },
      update: (done) => ({ method: "PATCH", path: path(done), body: spec }),
      delete: (done) => ({ method: "DELETE", path: path(done) }),
    });`;
  const collections = [{ path: "/api/things/{cluster}/groups", nameField: "name", idPrefix: "group-" }];
  const simulate = { collections, defaultDurationMs: 200 };
  await withStack({ program: program(1), simulate }, async (stack, simulator) => {
    const removeAll = (): void => {
      for (const { id } of simulator.objects(groups)) simulator.removeObject(groups, id);
    };
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        {
          what: "deleted outside, then changed",
          act: () => {
            removeAll();
            stack.program(program(2));
          },
          sends: [],
          fails: 'The update request of "group" was refused',
          says: "pulumi up --replace '**StartedTask::group'",
        },
        {
          what: "the way out that the error names",
          command: ["up", "--yes", "--skip-preview", "--replace", "**StartedTask::group"],
          sends: ["POST"],
        },
        settled,
        {
          what: "deleted outside while the update runs",
          act: () => {
            simulator.script({
              match: { method: "PATCH" },
              times: 1,
              outcome: "FAILED",
              error: { error_type: "NOT_FOUND", messages: [] },
            });
            stack.program(program(3));
          },
          sends: ["PATCH"],
          fails: 'The update request of "group" failed',
          says: "pulumi up --replace '**StartedTask::group'",
        },
        {
          what: "deleted outside while it is destroyed",
          act: () =>
            simulator.script({
              match: { method: "DELETE" },
              times: 1,
              outcome: "FAILED",
              error: { error_type: "NOT_FOUND", messages: [] },
            }),
          command: destroyed.command ?? [],
          sends: ["DELETE"],
        },
        { what: "deployed anew", act: removeAll, sends: ["POST"] },
        { ...destroyed, what: "deleted outside, then destroyed", act: removeAll },
      ],
      stack,
      simulator,
    );
    expect(Object.keys(await stack.resources())).toHaveLength(0);
  });
});
