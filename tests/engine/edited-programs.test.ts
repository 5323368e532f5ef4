// What people change in a program whose operation has succeeded, each with the ending that was written down before.
import { destroyed, play, settled } from "../support/deeds";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const groups = "/api/things/domain-c8/groups";
const simulate = {
  collections: [{ path: "/api/things/{cluster}/groups", nameField: "name", idPrefix: "group-" }],
  defaultDurationMs: 200,
};

interface Variant {
  readonly size?: number;
  readonly hasUpdate?: boolean;
  readonly more?: string;
  readonly options?: string;
}

/** An operation with `delete`, and what a test changes of it. */
const program = ({ size = 1, hasUpdate = false, more = "", options = "" }: Variant = {}): string => `
  const spec = { name: "gold", size: ${size} };
  const path = (done) => "${groups}/" + done.result;
  const op = new vmware.Operation("group", {
    endpoint: "vcenter",
    request: { method: "POST", path: "${groups}", body: spec },
    ${hasUpdate ? 'update: (done) => ({ method: "PATCH", path: path(done), body: spec }),' : ""}
    delete: (done) => ({ method: "DELETE", path: path(done) }),
    ${more}
  }, { ${options} });
  return { observed: op.observed };`;

/** With a preview, as people run it. */
const up = ["up", "--yes"];

it("a protected operation gets an update, and its preview promises no deletion", async () => {
  const options = "protect: true";
  await withStack({ program: program({ options }), simulate }, async (stack, simulator) => {
    const runs = (variant: Variant) => (): void => stack.program(program({ options, ...variant }));
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        { what: "update is added", act: runs({ hasUpdate: true }), command: up, sends: [] },
      ],
      stack,
      simulator,
    );
  });
});

it("an ignored change of the request stays ignored when an update is added", async () => {
  const options = 'ignoreChanges: ["request"]';
  await withStack({ program: program({ options }), simulate }, async (stack, simulator) => {
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        {
          what: "update is added, with another request",
          act: () => stack.program(program({ options, size: 2, hasUpdate: true })),
          sends: [],
        },
        settled,
      ],
      stack,
      simulator,
    );
  });
});

it("a change of the request is sent when an update is added, also where a part of the request is ignored", async () => {
  const options = 'ignoreChanges: ["request.body.note"]';
  await withStack({ program: program({ options }), simulate }, async (stack, simulator) => {
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        {
          what: "update is added, with another request",
          act: () => stack.program(program({ options, size: 2, hasUpdate: true })),
          sends: ["PATCH"],
        },
        settled,
      ],
      stack,
      simulator,
    );
  });
});

it("replacementTrigger has the operation start again", async () => {
  const triggered = (by: string): string => program({ options: `replacementTrigger: "${by}"` });
  await withStack({ program: triggered("a"), simulate }, async (stack, simulator) => {
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        { what: "another trigger", act: () => stack.program(triggered("b")), sends: ["DELETE", "POST"] },
        settled,
        { ...destroyed, sends: ["DELETE"] },
      ],
      stack,
      simulator,
    );
    expect(simulator.objects(groups)).toEqual([]);
  });
});

it("observe that is added later is read, and starts nothing", async () => {
  await withStack({ program: program(), simulate }, async (stack, simulator) => {
    const more = `observe: { request: { method: "GET", path: "${groups}" } },`;
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        {
          what: "observe is added, and the server has forgotten the task",
          act: () => {
            simulator.forget(simulator.starts[0]?.taskId ?? "");
            stack.program(program({ more }));
          },
          sends: [],
        },
        settled,
      ],
      stack,
      simulator,
    );
    expect((await stack.outputs()).observed).toEqual([expect.objectContaining({ name: "gold" })]);
  });
});

it("a delete request goes to the endpoint that the program names now", async () => {
  const deletion = (endpoint: string): string => `
    new vmware.DeleteTask("gold", {
      endpoint: "${endpoint}", of: "task-1", request: { method: "DELETE", path: "${groups}/group-1" },
    });`;
  await withStack({ program: deletion("snap"), simulate }, async (stack, simulator) => {
    await play(
      [
        { what: "the wrong endpoint", sends: [] },
        { what: "the right one", act: () => stack.program(deletion("vcenter")), sends: [] },
        settled,
        destroyed,
      ],
      stack,
      simulator,
    );
    const sent = simulator.requests
      .filter(({ path }) => path.endsWith("/group-1"))
      .map(({ product }) => product);
    expect(sent).toEqual(["vcenter"]);
  });
});

it("a task is asked for at the endpoint that the program names now", async () => {
  await withStack({ program: program(), simulate }, async (stack, simulator) => {
    const waits = (endpoint: string) => (): void => {
      const id = simulator.starts[0]?.taskId ?? "";
      stack.program(`new vmware.CompletedTask("wait", { endpoint: "${endpoint}", startedTaskId: "${id}" });`);
    };
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        { what: "its task is waited for", act: waits("vcenter"), sends: ["DELETE"] },
        {
          what: "at another endpoint",
          act: waits("snap"),
          sends: [],
          fails: "the server does not know its task",
        },
      ],
      stack,
      simulator,
    );
  });
});

it("what is no function is told before anything starts", async () => {
  const more = 'delete: { method: "DELETE", path: "/x" },';
  await withStack({ program: program({ more }), simulate }, async (stack, simulator) => {
    await play(
      [
        {
          what: "delete is an object",
          sends: [],
          fails: "delete: must be a function of the finished task that gives the request",
        },
      ],
      stack,
      simulator,
    );
  });
});

it("a configuration that cannot be read is told in one sentence, without a stack", async () => {
  await withStack({ program: program(), simulate }, async (stack) => {
    await stack.up();
    stack.environment.VMWARE_TASKS_ENDPOINTS = "{oops";
    for (const run of [await stack.preview(), await stack.destroy()]) {
      expect(run.code).not.toBe(0);
      expect(run.text).toContain("VMWARE_TASKS_ENDPOINTS is not valid JSON.");
      expect(run.text).not.toMatch(/^\s+at /m);
    }
  });
});
