// A state that goes to another machine: another backend, no journal, and a task that still runs.
import { canaryOf } from "../support/canary";
import { createStack } from "../support/stack";
import { destroyed, play, settled } from "../support/deeds";
import { exportState, importState } from "../support/stack-state";
import { until } from "../support/until";
import { withStack } from "../support/with-stack";

jest.setTimeout(900_000);

const groups = "/api/things/domain-c8/groups";
const collections = [{ path: "/api/things/{cluster}/groups", nameField: "name", idPrefix: "group-" }];

const secret = canaryOf("moved secret");

/** A group with a secret and all the resources that an operation can have, and a machine that takes its time. */
const program = (size: number, slow: boolean): string => `
  const spec = { name: "gold", size: ${size}, password: pulumi.secret(${JSON.stringify(secret)}) };
  const path = (done) => "${groups}/" + done.result;
  new vmware.Operation("group", {
    endpoint: "vcenter",
    request: { method: "POST", path: "${groups}", body: spec },
    update: (done) => ({ method: "PATCH", path: path(done), body: spec }),
    delete: (done) => ({ method: "DELETE", path: path(done) }),
  });
  ${
    slow
      ? `new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
  });`
      : ""
  }`;

it("is gone on with there and here, and starts nothing", async () => {
  const simulate = { collections, defaultDurationMs: 200 };
  await withStack({ program: program(1, false), simulate }, async (here, simulator) => {
    const there = await createStack({ simulator, program: program(1, true) });
    for (const stack of [here, there]) stack.secrets.push(secret);
    try {
      await play([{ what: "here: the first deployment", sends: ["POST"] }], here, simulator);
      await play(
        [
          {
            what: "killed here in a wait, and the state moved there",
            act: async () => {
              here.program(program(1, true));
              simulator.script({ match: { path: "/api/vcenter/vm?action=clone" }, durationMs: 10_000 });
              const up = here.start("up", "--yes", "--skip-preview");
              // The provider's own words: by then the engine has written its state, which a kill would cut short.
              await until(() => /web creating .*(pending|%)/.test(up.text()), "the wait has begun");
              up.kill();
              await up.ended;
              await here.run("cancel", "--yes");
              await importState(there, await exportState(here));
            },
            sends: ["POST"],
          },
          settled,
          { what: "there: another request", act: () => there.program(program(2, true)), sends: ["PATCH"] },
        ],
        there,
        simulator,
      );
      await play(
        [{ what: "here, with the state as it was: the task is gone on with", sends: [] }, settled],
        here,
        simulator,
      );
      await play([{ ...destroyed, what: "there: destroy", sends: ["DELETE"] }], there, simulator);
      expect(simulator.objects(groups)).toEqual([]);
      // Its object is gone there already, which counts as deleted.
      await play([{ ...destroyed, what: "here: destroy" }], here, simulator);
    } finally {
      there.remove();
    }
  });
});
