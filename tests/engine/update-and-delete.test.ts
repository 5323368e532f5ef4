import { readFileSync } from "node:fs";

import type { Simulator } from "../../provider/simulator";
import { canaryOf } from "../support/canary";
import { recordPaths } from "../support/journal-files";
import { well, type Stack } from "../support/stack";
import { until } from "../support/until";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const things = { path: "/api/things/{cluster}/groups", nameField: "name", idPrefix: "group-" };

/** A group whose name is unique, and whose change and deletion are tasks too. */
const program = ({ name = "gold", size = 1, triggers = "a", options = "{}" } = {}): string => `
  const spec = { name: ${JSON.stringify(name)}, size: ${size} };
  const path = (done) => "/api/things/domain-c8/groups/" + done.result;
  const op = new vmware.Operation("group", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/things/domain-c8/groups", body: spec },
    update: (done) => ({ method: "PATCH", path: path(done), body: spec }),
    delete: (done) => ({ method: "DELETE", path: path(done) }),
    triggers: [${JSON.stringify(triggers)}],
  }, ${options});
  return { result: op.result };`;

const withoutUpdate = (name: string, options = "{}", more = ""): string => `
  const op = new vmware.Operation("group", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/things/domain-c8/groups", body: { name: ${JSON.stringify(name)} } },
    delete: (done) => ({ method: "DELETE", path: "/api/things/domain-c8/groups/" + done.result }),
    ${more}
  }, ${options});
  return { result: op.result };`;

const methods = (simulator: Simulator): string[] => simulator.starts.map(({ method }) => method);
const groups = (simulator: Simulator): unknown[] =>
  simulator.objects("/api/things/domain-c8/groups") as unknown[];
const simulate = { collections: [things], defaultDurationMs: 300 };

/** The next task takes longer than any `timeout` here, and any test. */
const slow = { times: 1, durationMs: 600_000 };
/** Lets the first task end now. */
const finish = (simulator: Simulator): void => simulator.finish(simulator.starts[0]?.taskId ?? "");

/** The next deployment updates the object to the size of 2; those after it send nothing. */
async function isUpdatedOnce(stack: Stack, simulator: Simulator): Promise<void> {
  await well(stack.up());
  expect(methods(simulator)).toEqual(["POST", "PATCH"]);
  expect(groups(simulator)).toMatchObject([{ body: { size: 2 } }]);
  expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  await well(stack.up());
  expect(methods(simulator)).toEqual(["POST", "PATCH"]);
}

/** The same group by an operation that is not waited for longer than this. */
const hurried = (size: number, timeout: string, onFailure = ""): string =>
  program({ size }).replace("triggers:", `${onFailure}timeout: "${timeout}", triggers:`);

it("update runs when the request changes, delete at the end, and neither at another time", async () => {
  await withStack({ program: program(), simulate }, async (stack, simulator) => {
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST"]);
    await well(stack.up());
    await stack.run("refresh", "--yes", "--skip-preview");
    expect(methods(simulator)).toEqual(["POST"]);

    stack.program(program({ size: 2 }));
    await isUpdatedOnce(stack, simulator);

    // A new trigger makes the object anew: the old one is deleted first, for its name is unique.
    stack.program(program({ size: 2, triggers: "b" }));
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST", "PATCH", "DELETE", "POST"]);
    expect(groups(simulator)).toHaveLength(1);

    expect((await stack.destroy()).code).toBe(0);
    expect(methods(simulator)).toEqual(["POST", "PATCH", "DELETE", "POST", "DELETE"]);
    expect(groups(simulator)).toHaveLength(0);
  });
});

it("an update that is killed and taken back is waited for, and what the program has again is sent", async () => {
  await withStack({ program: program(), simulate }, async (stack, simulator) => {
    await well(stack.up());
    stack.program(program({ size: 2 }));
    simulator.script({ match: { method: "PATCH" }, durationMs: 6_000 });
    const up = stack.start("up", "--yes", "--skip-preview");
    const recordOfUpdate = (): boolean =>
      recordPaths(stack.journalFolder, "update").some((path) =>
        readFileSync(path, "utf8").includes('"taskId"'),
      );
    await until(recordOfUpdate, "the journal has the task of the update");
    up.kill();
    await up.ended;
    await stack.run("cancel", "--yes");

    stack.program(program());
    expect((await stack.preview("--expect-no-changes")).code).not.toBe(0);
    expect(await well(stack.up())).toContain("ended while it sent another update");
    expect(methods(simulator)).toEqual(["POST", "PATCH", "PATCH"]);
    expect(groups(simulator)).toMatchObject([{ body: { size: 1 } }]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    await well(stack.up());
    expect(methods(simulator)).toHaveLength(3);
  });
});

it("a failed update fails the deployment, and the next one sends it again", async () => {
  await withStack({ program: program(), simulate }, async (stack, simulator) => {
    await well(stack.up());
    simulator.script({ match: { method: "PATCH" }, times: 1, outcome: "FAILED" });
    stack.program(program({ size: 2 }));
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain('The update request of "group" failed');
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST", "PATCH", "PATCH"]);
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST", "PATCH", "PATCH"]);
  });
});

it("an object of a unique name is replaced old first, also where only the engine is told to", async () => {
  await withStack({ program: withoutUpdate("gold"), simulate }, async (stack, simulator) => {
    await well(stack.up());
    stack.program(withoutUpdate("silver"));
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST", "DELETE", "POST"]);
    await well(stack.up("--replace", "**StartedTask::group"));
    expect(methods(simulator)).toEqual(["POST", "DELETE", "POST", "DELETE", "POST"]);
    expect(groups(simulator)).toMatchObject([{ name: "silver" }]);
    // These are about the resources alone: the object stays, and nothing is started or deleted.
    for (const child of ["CompletedTask", "DeleteTask"]) {
      await well(stack.up("--replace", `**${child}::group`));
      expect(methods(simulator)).toHaveLength(5);
    }
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await stack.destroy()).code).toBe(0);
    expect(groups(simulator)).toHaveLength(0);
  });
});

it.each([
  ["which has failed", "", false],
  ["of which there was a warning", 'onFailure: "warn", ', true],
])(
  "a request that was changed while its operation, %s, was not finished is not lost",
  async (_title, onFailure, goesOn) => {
    await withStack({ program: hurried(1, "1s", onFailure), simulate }, async (stack, simulator) => {
      simulator.script(slow);
      expect((await stack.up()).code === 0).toBe(goesOn);
      finish(simulator);
      stack.program(hurried(2, "1m", onFailure));
      await isUpdatedOnce(stack, simulator);
    });
  },
);

it("an update of an unfinished operation that fails and is taken back is made good at once", async () => {
  const warned = (size: number, timeout: string): string => hurried(size, timeout, 'onFailure: "warn", ');
  await withStack({ program: warned(1, "1s"), simulate }, async (stack, simulator) => {
    simulator.script(slow);
    await well(stack.up());
    finish(simulator);
    simulator.script({ match: { method: "PATCH" }, times: 1, outcome: "FAILED" });
    stack.program(warned(2, "1m"));
    expect((await stack.up()).code).not.toBe(0);
    stack.program(warned(1, "1m"));
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST", "PATCH", "PATCH"]);
    expect(groups(simulator)).toMatchObject([{ body: { size: 1 } }]);
  });
});

it("update that comes with a changed request is run", async () => {
  await withStack(
    { program: withoutUpdate("gold", "{}", 'triggers: ["a"]'), simulate },
    async (stack, simulator) => {
      await well(stack.up());
      stack.program(program({ size: 2 }));
      await well(stack.up());
      expect(methods(simulator)).toEqual(["POST", "PATCH"]);
      expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    },
  );
});

it("taking delete out of the program keeps the object", async () => {
  await withStack({ program: withoutUpdate("gold"), simulate }, async (stack, simulator) => {
    await well(stack.up());
    stack.program(withoutUpdate("gold").replace(/delete: .*/, ""));
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST"]);
    expect(groups(simulator)).toHaveLength(1);
  });
});

it("what an operation made is observed when it ends well only later, by the same task", async () => {
  const observed = (timeout: string): string => `
    const op = new vmware.Operation("web", {
      endpoint: "vcenter",
      request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
      onFailure: "warn", timeout: "${timeout}",
      observe: (done) => ({ request: { method: "GET", path: "/api/vcenter/vm/" + done.result } }),
    });
    return { name: op.observed.apply((vm) => vm?.name ?? null) };`;
  await withStack({ program: observed("1s") }, async (stack, simulator) => {
    simulator.script(slow);
    await well(stack.up());
    expect((await stack.outputs()).name ?? null).toBeNull();
    finish(simulator);
    stack.program(observed("1m"));
    await well(stack.up());
    expect((await stack.outputs()).name).toBe("web");
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

it("an object is deleted also where the engine refreshes first", async () => {
  const withTrigger = (trigger: string): string => withoutUpdate("gold", "{}", `triggers: ["${trigger}"]`);
  await withStack({ program: withTrigger("a"), simulate }, async (stack, simulator) => {
    await well(stack.up());
    stack.program(withTrigger("b"));
    await well(stack.up("--refresh"));
    expect(methods(simulator)).toEqual(["POST", "DELETE", "POST"]);
    stack.program("return {};");
    await well(stack.up("--refresh"));
    expect(methods(simulator)).toEqual(["POST", "DELETE", "POST", "DELETE"]);
    stack.program(withTrigger("b"));
    await well(stack.up());
    expect((await stack.destroy("--refresh")).code).toBe(0);
    expect(methods(simulator)).toEqual(["POST", "DELETE", "POST", "DELETE", "POST", "DELETE"]);
    expect(groups(simulator)).toHaveLength(0);
  });
});

it("an object that is gone already counts as deleted", async () => {
  await withStack({ program: withoutUpdate("gold"), simulate }, async (stack, simulator) => {
    await well(stack.up());
    simulator.removeObject("/api/things/domain-c8/groups", String((await stack.outputs()).result));
    const destroy = await stack.destroy();
    expect(destroy.code).toBe(0);
    expect(Object.keys(await stack.resources())).toHaveLength(0);
  });
});

it("a changed way of changing restarts nothing", async () => {
  await withStack({ program: program({ size: 1 }), simulate }, async (stack, simulator) => {
    await well(stack.up());
    // `update` goes, and with it what a changed request means; the request changes at the same time.
    stack.program(withoutUpdate("gold", "{}", 'triggers: ["a"]'));
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    stack.program(withoutUpdate("silver", "{}", 'triggers: ["a"]'));
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST", "DELETE", "POST"]);
  });
});

describe("an update that is added later", () => {
  const canary = canaryOf("gone");
  const first = withoutUpdate("gold").replace(
    '{ name: "gold" }',
    `{ name: "gold", admin: { password: ${JSON.stringify(canary)} } }`,
  );
  const update =
    'update: (done) => ({ method: "PATCH", path: "/api/things/domain-c8/groups/" + done.result, body: {} }),';

  it("sends nothing where only the reply's time has changed", async () => {
    await withStack({ program: first, simulate }, async (stack, simulator) => {
      await well(stack.up());
      stack.program(first.replace("delete:", `${update} delete:`).replace("body:", 'timeout: "2m", body:'));
      await well(stack.up());
      expect(methods(simulator)).toEqual(["POST"]);
    });
  });

  it("keeps a secret that has gone from the request", async () => {
    await withStack({ program: first, simulate }, async (stack, simulator) => {
      await well(stack.up());
      stack.program(withoutUpdate("gold", "{}", update));
      await well(stack.up());
      expect(methods(simulator)).toEqual(["POST", "PATCH"]);
      expect(JSON.stringify(await stack.resources())).not.toContain(canary.slice(8, 16));
    });
  });
});

it("a preview promises nothing of an operation whose other arguments are not known yet", async () => {
  const two = (name: string): string => `
    const first = new vmware.Operation("first", {
      endpoint: "vcenter",
      request: { method: "POST", path: "/api/things/domain-c8/groups", body: { name: "${name}" } },
    });
    new vmware.Operation("second", {
      endpoint: "vcenter",
      request: { method: "POST", path: "/api/things/domain-c8/groups", body: { name: "b" } },
      expect: [{ path: "result", matches: first.result.apply((id) => "^group-" + (id === undefined ? "x" : "")) }],
      delete: (done) => ({ method: "DELETE", path: "/api/things/domain-c8/groups/" + done.result }),
    });
    return {};`;
  await withStack({ program: two("a"), simulate }, async (stack, simulator) => {
    await well(stack.up());
    stack.program(two("c"));
    const { text } = await stack.preview();
    expect(text).toMatch(/StartedTask first.*replace/);
    expect(text).not.toMatch(/Task second/);
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST", "POST", "POST"]);
  });
});

it("an ignored request is the operation's: what it made is deleted, also where that was known later", async () => {
  const late = withoutUpdate("gold", '{ ignoreChanges: ["request"] }', 'timeout: "1s", onFailure: "warn",');
  await withStack({ program: late, simulate }, async (stack, simulator) => {
    simulator.script(slow);
    await well(stack.up());
    expect((await stack.resources())["DeleteTask::group"]?.inputs).not.toHaveProperty("request");
    finish(simulator);
    stack.program(late.replace('"1s"', '"1m"'));
    await well(stack.up());
    await well(stack.destroy());
    expect(methods(simulator)).toEqual(["POST", "DELETE"]);
    expect(groups(simulator)).toEqual([]);
  });
});

it("the options of an operation reach its children", async () => {
  await withStack({ simulate }, async (stack, simulator) => {
    stack.program(
      withoutUpdate("gold", '{ protect: true, additionalSecretOutputs: ["result"], retainOnDelete: true }'),
    );
    await well(stack.up());
    const made = await stack.resources();
    for (const name of ["Operation", "StartedTask", "CompletedTask", "DeleteTask"]) {
      expect(made[`${name}::group`]).toMatchObject({ protect: true, retainOnDelete: true });
    }
    expect(made["CompletedTask::group"]?.additionalSecretOutputs).toEqual(["result"]);
    expect(JSON.stringify(made["CompletedTask::group"]?.outputs)).not.toContain("group-");
    stack.program(withoutUpdate("silver", '{ ignoreChanges: ["request"] }'));
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST"]);
    stack.program(
      withoutUpdate("gold", '{ aliases: [{ name: "group" }], replaceOnChanges: ["endpoint"] }').replace(
        'Operation("group"',
        'Operation("renamed"',
      ),
    );
    await well(stack.up());
    expect(methods(simulator)).toEqual(["POST"]);
    expect(Object.keys(await stack.resources())).toContain("StartedTask::renamed");
  });
});

it("an object whose endpoint was taken out of the configuration can be let go, as the error says", async () => {
  await withStack({ program: program(), simulate }, async (stack, simulator) => {
    await well(stack.up());
    stack.environment.VMWARE_TASKS_ENDPOINTS = "{}";
    const refused = await stack.destroy();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain(
      'the delete request of "group" cannot be sent, and its object is still there',
    );
    const [, urn = "no way out"] = /pulumi state delete '([^']+)'/.exec(refused.text) ?? [];
    expect((await stack.run("state", "delete", urn, "--yes")).text).toContain("deleted");
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    expect(methods(simulator)).toEqual(["POST"]);
  });
});
