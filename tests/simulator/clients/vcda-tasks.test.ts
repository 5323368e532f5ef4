import { systemClock, type Look, type TaskRef } from "../../../provider/tasks";
import type { ForeignTask, TaskPlan } from "../../../provider/simulator";
import { createWatcher } from "../../../provider/watcher";
import { createClient } from "../../../provider/clients";
import { seen } from "../../support/look-at";
import { withReplies } from "../../support/with-replies";
import {
  canary,
  errorOf,
  midnight,
  never,
  settingsOf,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const username = "administrator@vsphere.local";
const good = { login: "credentials", username, password: canary };
const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";
const lost = "99999999-9999-4999-8999-999999999999";

const bench: ClientBenchOptions = {
  product: "vcda",
  settings: { remoteSites: { site2: good, site3: good } },
  simulate: { vcdaSites: ["site1", "site2", "site3"] },
};

function begin(
  { simulator }: Pick<ClientBench, "simulator">,
  plan: TaskPlan = {},
  { site, ...more }: Partial<ForeignTask> & { site?: string | undefined } = {},
): TaskRef {
  const path = `/vapp-replications/${vapp}/migrate${site === undefined ? "" : `?site=${site}`}`;
  const id = simulator.startForeignTask({ product: "vcda", path, user: username, plan, ...more });
  return { id, kind: "task", site };
}

const polls = ({ simulator }: Pick<ClientBench, "simulator">): number =>
  simulator.requests.filter(({ path }) => path === "/tasks/poll").length;

const lookAt = async ({ client }: ClientBench, ref: TaskRef): Promise<ReturnType<typeof seen>> =>
  seen((await client.look([ref], never))[0]);

describe("a task of VCDA", () => {
  test("is seen queued, running and succeeded, with all that it says", () =>
    withClient(bench, async (all) => {
      const ref = begin(all, { result: { id: vapp, state: "migrated" }, warnings: ["Slow disk."] });
      expect(await lookAt(all, ref)).toMatchObject({ status: "PENDING", nativeStatus: "QUEUED" });
      all.pass(550);
      expect(await lookAt(all, ref)).toMatchObject({
        ref,
        status: "RUNNING",
        name: `migrate vappReplication ${vapp}`,
        progress: { fraction: 0.5 },
        startedAt: midnight,
        finishedAt: undefined,
        resources: [{ type: "vappReplication", id: vapp }],
      });
      all.pass(450);
      expect(await lookAt(all, ref)).toMatchObject({
        status: "SUCCEEDED",
        finishedAt: midnight + 1_000,
        result: { id: vapp, state: "migrated" },
        warnings: ["OperationWarning: Slow disk."],
        causes: [],
      });
    }));

  test("that failed tells why, with its arguments, and no stack trace", () =>
    withClient(bench, async (all) => {
      const error = {
        code: "VappPowerOnFailed",
        msg: "vApp {0} cannot be powered on in {1}.",
        args: ["shop", "vdc-2"],
        stacktrace: "com.vmware.h4.X: y\n\tat com.vmware.h4.Job.run(Job.java:42)",
      };
      const ref = begin(all, { outcome: "FAILED", error, warnings: ["Tools are old."] });
      all.pass(1_000);
      const task = await lookAt(all, ref);
      expect(task).toMatchObject({
        status: "FAILED",
        causes: [
          { path: [], code: "VappPowerOnFailed", message: "vApp shop cannot be powered on in vdc-2." },
          { path: ["warnings"], code: "OperationWarning", message: "Tools are old." },
        ],
      });
      const whole = JSON.stringify([
        task,
        all.client.condense(task.native),
        await all.client.get(ref, {}, never),
      ]);
      expect(whole).not.toContain("Job.java");
    }));

  test("keeps its result out of what a state stores beside it", () =>
    withClient(bench, ({ client }) => {
      expect(client.condense({ id: "a", result: { secret: 1 }, resultType: "x" })).toEqual({
        id: "a",
        resultType: "x",
      });
      return Promise.resolve();
    }));

  test("that says a word we do not know has not ended", () =>
    withClient(bench, async (all) => {
      const ref = begin(all, { nativeStatus: "SOMEHOW_DONE" });
      all.pass(2_000);
      expect(await lookAt(all, ref)).toMatchObject({ status: "UNKNOWN", nativeStatus: "SOMEHOW_DONE" });
    }));
});

describe("a look", () => {
  test("at many tasks of a site is one poll, in their order", () =>
    withClient(bench, async (all) => {
      const refs = Array.from({ length: 300 }, (_, n) =>
        begin(all, { durationMs: 1_000 + n }, { site: "site2" }),
      );
      all.pass(1_100);
      const looks = (await all.client.look(refs, never)).map(seen);
      expect(looks.map(({ ref }) => ref)).toEqual(refs);
      expect(looks.filter(({ status }) => status === "SUCCEEDED")).toHaveLength(101);
      // The first poll was refused: the session was extended to the site.
      expect(polls(all)).toBe(2);
      expect(all.simulator.counts().get).toBe(0);
    }));

  test("at tasks that the poll leaves out asks for each by itself, for one miss may be too early", () =>
    withClient(bench, async (all) => {
      const mine = begin(all);
      const foreign = begin(all, {}, { user: "somebody.else" });
      const refs = [mine, { ...mine, id: lost }, foreign];
      for (let time = 0; time < 3; time += 1) {
        const looks = await all.client.look(refs, never);
        expect(looks.map(({ kind }) => kind)).toEqual(["seen", "missing", "missing"]);
      }
      expect(all.simulator.counts().get).toBe(6);
    }));

  test("believes the task itself when the poll leaves it out", () =>
    withClient(bench, async (all) => {
      const ref = begin(all);
      all.simulator.fault({
        what: "status",
        status: 200,
        body: { propertyNames: ["id"], values: [] },
        match: { path: "/tasks/poll" },
      });
      expect(await lookAt(all, ref)).toMatchObject({ ref, status: "PENDING" });
      expect(all.simulator.counts().get).toBe(1);
      await lookAt(all, ref);
      expect(all.simulator.counts().get).toBe(1);
    }));

  test("does not tell the end of a task that it could not read whole", () =>
    withClient(bench, async (all) => {
      const ref = begin(all, { outcome: "FAILED", error: "No room." });
      all.pass(1_000);
      const body = { propertyNames: ["state", "id"], values: [["FAILED", ref.id]] };
      all.simulator.fault({ what: "status", status: 200, body, match: { path: "/tasks/poll" } });
      all.simulator.fault({ what: "reset-before", match: { operation: "get" } });
      const [look] = await all.client.look([ref], never);
      expect(look).toMatchObject({ kind: "fault", fault: { fault: { faultClass: "network" } } });
    }));

  test("reads the end of a task whole where columns lack", () =>
    withClient(bench, async (all) => {
      const ref = begin(all, { outcome: "FAILED", error: "No room." });
      all.pass(1_000);
      const body = { propertyNames: ["state", "id"], values: [["FAILED", ref.id]] };
      all.simulator.fault({ what: "status", status: 200, body, match: { path: "/tasks/poll" } });
      expect(await lookAt(all, ref)).toMatchObject({ status: "FAILED", causes: [{ message: "No room." }] });
    }));

  test.each(["POST /tasks/poll of 3.5"])("takes a plain JSON reply, as documented: %s", () =>
    withReplies(
      ({ path, headers }) => {
        if (path === "/sessions") return { headers: { "X-VCAV-Auth": "t" } };
        expect(headers.accept).toContain("application/json");
        return { body: { propertyNames: ["id", "state"], values: [[lost, "RUNNING"]] } };
      },
      async ({ url, requests }) => {
        const client = createClient(settingsOf({ url, username, password: canary }, "vcda"));
        const ref = { id: lost, kind: "task", site: "a b&c" };
        expect(seen((await client.look([ref], never))[0]).status).toBe("RUNNING");
        expect(requests.at(-1)).toMatchObject({
          method: "POST",
          path: "/tasks/poll?site=a+b%26c",
          body: [lost],
        });
        await client.close(never);
      },
    ),
  );

  test("with one bad id is refused as a batch, and the others are seen when it is halved", () =>
    withClient(bench, async (all) => {
      const refs = Array.from({ length: 7 }, () => begin(all));
      const bad = { id: "no-uuid", kind: "task" };
      expect(await errorOf(all.client.look([...refs, bad], never))).toMatchObject({
        code: "VMWARE_BATCH_REFUSED",
      });
      const [look] = await all.client.look([bad], never);
      expect(look).toMatchObject({ kind: "fault", fault: { fault: { faultClass: "shape" } } });
      const watcher = createWatcher({ source: all.client, clock: systemClock, outageToleranceMs: 1_000 });
      const controller = new AbortController();
      void watcher.watch({ ref: bad, signal: controller.signal }).catch(() => undefined);
      const ends = Promise.all(refs.map((ref) => watcher.watch({ ref, signal: never })));
      all.pass(1_000);
      for (const end of await ends) expect(end).toMatchObject({ kind: "ended" });
      controller.abort();
    }));

  test.each<[string, object, object]>([
    [
      "an unknown site",
      { site: "nowhere" },
      { code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: 404, isNotFound: false } },
    ],
    ["a site that wants a log-in", { site: "site4" }, { fault: { faultClass: "login" } }],
  ])("at %s says so, and takes no task for lost", (_, more, wanted) =>
    withClient({ ...bench, simulate: { vcdaSites: ["site1", "site4"] } }, async (all) => {
      const ref = { ...begin(all), ...more };
      for (const ask of [
        all.client.look([ref, { ...ref, id: lost }], never),
        all.client.get(ref, {}, never),
      ]) {
        const error = await errorOf(ask);
        expect(error).toMatchObject(wanted);
        expect(error.message).toMatch(/site/i);
      }
    }),
  );

  test("that may not be is refused with the server's words", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({
        what: "status",
        error: "Forbidden",
        message: "Permission denied.",
        match: { operation: "list" },
      });
      const error = await errorOf(all.client.look([begin(all)], never));
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: 403 } });
      expect(error.message).toContain("Forbidden: Permission denied.");
    }));

  test.each([
    ["a page", { what: "html" }, "malformed"],
    ["half of the JSON", { what: "truncated-json" }, "malformed"],
    ["a 500", { what: "status", status: 500 }, "server"],
    ["a 429", { what: "status", status: 429 }, "throttled"],
  ] as const)("that meets %s is a fault", (_, fault, faultClass) =>
    withClient(bench, async (all) => {
      all.simulator.fault({ ...fault, match: { operation: "list" } });
      expect(await errorOf(all.client.look([begin(all)], never))).toMatchObject({ fault: { faultClass } });
    }),
  );

  test("that is answered with something else than a poll says so", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "status", status: 200, body: { items: [] }, match: { operation: "list" } });
      expect((await errorOf(all.client.look([begin(all)], never))).message).toContain(
        "`propertyNames` and `values`",
      );
    }));
});

test("1000 tasks over three sites cost three polls a round", () =>
  withClient(bench, async (all) => {
    const sites = [undefined, "site2", "site3"];
    const refs = Array.from({ length: 999 }, (_, n) => begin(all, {}, { site: sites[n % 3] }));
    const groups = new Map<string, TaskRef[]>();
    for (const ref of refs) {
      const name = all.client.groupOf(ref);
      groups.set(name, [...(groups.get(name) ?? []), ref]);
    }
    const round = async (): Promise<Look[]> =>
      (await Promise.all([...groups.values()].map((some) => all.client.look(some, never)))).flat();
    await round();
    const before = polls(all);
    const looks = await round();
    expect(polls(all) - before).toBe(3);
    expect(looks.every(({ kind }) => kind === "seen")).toBe(true);
    expect(all.client.batchSize).toBeGreaterThanOrEqual(1_000);
    expect(all.client.costOf(1_000)).toBe(1);
    expect(all.simulator.counts().get).toBe(0);
  }));
