// Resources that are taken out of the state by hand, or made anew because somebody says so.
import type { Stack } from "../support/stack";
import { destroyed, play, settled } from "../support/deeds";
import { exportState, importState, withoutResources } from "../support/stack-state";
import { withStack } from "../support/with-stack";

jest.setTimeout(900_000);

const groups = "/api/things/domain-c8/groups";
const simulate = {
  collections: [{ path: "/api/things/{cluster}/groups", nameField: "name", idPrefix: "group-" }],
  defaultDurationMs: 200,
};

/** A group whose name is unique, with all the resources that an operation can have. */
const program = (size: number, more = ""): string => `
  const spec = { name: "gold", size: ${size} };
  const path = (done) => "${groups}/" + done.result;
  const op = new vmware.Operation("group", {
    endpoint: "vcenter",
    request: { method: "POST", path: "${groups}", body: spec },
    update: (done) => ({ method: "PATCH", path: path(done), body: spec }),
    delete: (done) => ({ method: "DELETE", path: path(done) }),
    ${more}
  });
  return { taskId: op.taskId };`;

/** A scan, which the server does as often as it is told to. */
const scan = `
  new vmware.Operation("scan", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/esx/settings/clusters/domain-c8/software?action=scan" },
  });`;

/** `pulumi up --replace` of one child, without asking. */
const replacing = (child: string): readonly string[] => [
  "up",
  "--yes",
  "--skip-preview",
  "--replace",
  `**${child}::group`,
];

/** Takes out what has this in its URN. */
async function takeOut(stack: Stack, part: string): Promise<void> {
  await importState(
    stack,
    withoutResources(await exportState(stack), (urn) => urn.includes(part)),
  );
}

it("children of an operation with update and delete that go, or are made anew", async () => {
  await withStack({ program: program(1), simulate }, async (stack, simulator) => {
    const without = (part: string) => (): Promise<void> => takeOut(stack, part);
    const runs = (body: string) => (): void => stack.program(body);
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        {
          what: "--replace UpdateTask: the object was made with this request",
          command: replacing("UpdateTask"),
          sends: [],
        },
        { what: "another request", act: runs(program(2)), sends: ["PATCH"] },
        {
          what: "--replace UpdateTask: asked for, and the object was made with another request",
          command: replacing("UpdateTask"),
          sends: ["PATCH"],
        },
        { what: "--replace CompletedTask", command: replacing("CompletedTask"), sends: [] },
        { what: "--replace DeleteTask", command: replacing("DeleteTask"), sends: [] },
        {
          what: "--replace StartedTask: started again is what was asked for",
          command: replacing("StartedTask"),
          sends: ["DELETE", "POST"],
        },
        settled,
        { what: "CompletedTask taken out", act: without("CompletedTask::"), sends: [] },
        {
          what: "UpdateTask taken out: the object was made with this request",
          act: without("UpdateTask::"),
          sends: [],
        },
        { what: "another request", act: runs(program(3)), sends: ["PATCH"] },
        {
          what: "UpdateTask taken out: nobody knows any more that the request was sent",
          act: without("UpdateTask::"),
          sends: ["PATCH"],
        },
        { what: "DeleteTask taken out", act: without("DeleteTask::"), sends: [] },
        settled,
        {
          what: "StartedTask taken out: a start, which the server refuses for the name",
          act: without("StartedTask::"),
          sends: [],
          fails: "ALREADY_EXISTS: The name 'gold' already exists.",
          says: "adoptTaskId",
        },
        {
          what: "its task is adopted",
          act: async () =>
            stack.program(program(3, `adoptTaskId: "${String((await stack.outputs()).taskId)}"`)),
          sends: [],
        },
        { what: "adoptTaskId is taken out of the program", act: runs(program(3)), sends: [] },
        settled,
        { ...destroyed, sends: ["DELETE"] },
      ],
      stack,
      simulator,
    );
    expect(simulator.objects(groups)).toEqual([]);
  });
});

it("a completion that goes while the server forgets its task", async () => {
  await withStack({ program: program(1), simulate }, async (stack, simulator) => {
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        {
          what: "CompletedTask taken out, and the task forgotten",
          act: async () => {
            await takeOut(stack, "CompletedTask::");
            simulator.forget(simulator.starts[0]?.taskId ?? "");
          },
          sends: [],
          fails: 'The outcome of operation "group" is unknown',
          says: "--replace '**StartedTask::group'",
        },
        {
          what: "up again: it looks, and starts nothing",
          sends: [],
          fails: 'The outcome of operation "group" is unknown',
        },
        { ...destroyed, sends: ["DELETE"] },
        { what: "deployed anew", sends: ["POST"] },
        settled,
        { ...destroyed, sends: ["DELETE"] },
      ],
      stack,
      simulator,
    );
    expect(simulator.objects(groups)).toEqual([]);
  });
});

it("a completion that goes after another attempt: that one is followed, not the first", async () => {
  const retried = scan.replace(/\}\);\s*$/, 'retry: { maxAttempts: 2, delay: "100ms" } });');
  const failing = { ...simulate, scripts: [{ outcome: "FAILED" as const, times: 1 }] };
  await withStack({ program: retried, simulate: failing }, async (stack, simulator) => {
    await play(
      [
        { what: "the first deployment", sends: ["POST", "POST"] },
        settled,
        {
          what: "--replace CompletedTask",
          command: ["up", "--yes", "--skip-preview", "--replace", "**CompletedTask::scan"],
          sends: [],
        },
        { what: "CompletedTask taken out", act: () => takeOut(stack, "CompletedTask::"), sends: [] },
        settled,
        destroyed,
      ],
      stack,
      simulator,
    );
  });
});

it("an operation that goes as a whole is started again, for nothing knows of it any more", async () => {
  await withStack({ program: scan, simulate }, async (stack, simulator) => {
    await play(
      [
        { what: "the first deployment", sends: ["POST"] },
        {
          what: "StartedTask taken out: asked for, for the state says that it never started",
          act: () => takeOut(stack, "StartedTask::"),
          sends: ["POST"],
        },
        settled,
        {
          what: "the operation and all its children taken out",
          act: () => takeOut(stack, "::scan"),
          sends: ["POST"],
        },
        destroyed,
      ],
      stack,
      simulator,
    );
  });
});
