// Plays one cell of the matrix: deploys, kills, deploys again, and tells what the server has seen.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { startSimulator, type Simulator } from "../../../provider/simulator";
import { canaryOf, leaksIn } from "../../support/canary";
import { startFakeEngine, type Ending, type State } from "../../support/fake-engine/engine";
import { goalsOf } from "../../support/fake-engine/operation-goals";
import { createForwarder } from "../../support/forwarder";
import { endpointsOf } from "../../support/endpoints";
import { kindOf, recordPaths } from "../../support/journal-files";
import type { Point, Way } from "../../support/kill-points";
import { createStopPoints } from "../../support/stop-points";
import { arm, arrive, kill, wasLookedAt } from "./kills";
import { bodyCanary, type Scenario } from "./scenario";

/** One cell. */
export interface Cell {
  readonly point: Point;
  readonly way: Way;
  readonly afterwards: "up" | "destroy";
  readonly machine: "same" | "another";
}

/** What happened in a cell. */
export interface Happening {
  /** How often the server took the request, until all is over. */
  readonly starts: number;
  /** What an orphan sent that starts, retries or cancels. */
  readonly orphanSent: number;
  readonly ending: Ending;
  /** How one more deployment ended, and the kinds of the records that it leaves; absent after `destroy`. */
  readonly quiet?: { readonly ending: Ending; readonly starts: number; readonly journal: readonly string[] };
  /** Where a secret was found. */
  readonly leaks: readonly string[];
}

const passwordCanary = canaryOf("password of the kills");
const starting = ["start", "retry", "cancel"];

const sentCount = ({ requests }: Simulator): number =>
  requests.filter(({ operation }) => starting.includes(operation)).length;

/** Ends the long task as soon as somebody looks at it; the result says stop. */
function finishWhenSeen(simulator: Simulator, taskId: string | undefined): () => void {
  const begun = simulator.requests.length;
  const timer = setInterval(() => {
    if (taskId === undefined || !wasLookedAt(simulator, taskId, begun)) return;
    if (simulator.task(taskId)?.status !== "RUNNING") return;
    simulator.finish(taskId);
    clearInterval(timer);
  }, 50);
  return () => clearInterval(timer);
}

function textsBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

/** Plays a cell; `cache` is a folder in which processes find compiled code of each other. */
export async function play(
  scenario: Scenario,
  { point, way, afterwards, machine }: Cell,
  cache: string,
): Promise<Happening> {
  const base = mkdtempSync(join(tmpdir(), "vmware-tasks-kill-"));
  const folder = join(base, "program");
  // What the provider writes; apart from the program, whose links lead to everywhere.
  const written = join(base, "written");
  for (const one of [folder, written]) mkdirSync(one);
  symlinkSync(resolve(__dirname, "../../../node_modules"), join(folder, "node_modules"));
  let passedMs = 0;
  const clock = { now: () => Date.now() + passedMs };
  const simulator = await startSimulator({ password: passwordCanary, clock, ...scenario.simulate });
  const forwarder = await createForwarder(simulator.url);
  const stops = createStopPoints();
  const state: State = [];
  const endpoints = endpointsOf({ ...simulator, url: forwarder.url });
  const engineOn = (journal: string): ReturnType<typeof startFakeEngine> =>
    startFakeEngine(state, {
      folder,
      environment: {
        PATH: process.env.PATH ?? "",
        HOME: written,
        NODE_COMPILE_CACHE: cache,
        VMWARE_TASKS_ENDPOINTS: JSON.stringify(endpoints),
        VMWARE_TASKS_STATE_DIR: join(written, journal),
        VMWARE_TASKS_STATUS_INTERVAL: "200ms",
        VMWARE_TASKS_TRACE: join(written, "trace"),
        ...stops.environment,
      },
    });
  const close: (() => Promise<void>)[] = [];
  const texts: string[] = [];
  try {
    scenario.script?.(simulator);
    if (scenario.before !== undefined) {
      const engine = await engineOn("journal");
      close.push(() => engine.close());
      texts.push((await engine.up(goalsOf(scenario.before))).text);
      await engine.close();
      // By the server's clock: tasks of two deployments are not of the same seconds.
      passedMs = 60_000;
    }

    const engine = await engineOn("journal");
    close.push(() => engine.close());
    const victim = { scenario, engine, simulator, stops, forwarder };
    arm(victim, point);
    const goals = goalsOf(scenario.operation);
    const deployment = scenario.killed === "up" ? engine.up(goals) : engine.destroy();
    // It ends with the engine, or not at all.
    void deployment.then(({ text }) => texts.push(text)).catch(() => undefined);
    await arrive(victim, point);
    const sent = sentCount(simulator);
    await kill(victim, way);
    const orphanSent = sentCount(simulator) - sent;

    const journal = machine === "same" ? "journal" : "other-journal";
    const next = await engineOn(journal);
    close.push(() => next.close());
    const stop = finishWhenSeen(
      simulator,
      point === "during the wait" ? scenario.task(simulator) : undefined,
    );
    const ending = await (afterwards === "up" ? next.up(goals) : next.destroy()).finally(stop);
    texts.push(ending.text);
    const starts = scenario.count(simulator);
    let quiet: Happening["quiet"];
    if (afterwards === "up" && ending.isWell) {
      const quietEnding = await next.up(goals);
      texts.push(quietEnding.text);
      quiet = {
        ending: quietEnding,
        starts: scenario.count(simulator) - starts,
        journal: recordPaths(join(written, journal)).map(kindOf),
      };
    }
    await next.close();
    const leaks = leaksIn([...texts, textsBelow(written)].join("\n"), [passwordCanary, bodyCanary]);
    return { starts, orphanSent, ending, ...(quiet === undefined ? {} : { quiet }), leaks };
  } finally {
    stops.release();
    for (const one of close) await one();
    stops.remove();
    await forwarder.refuse();
    await simulator.close();
    rmSync(base, { recursive: true, force: true });
  }
}
