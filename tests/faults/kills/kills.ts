// How the real provider process comes to stand at a point, and how it is killed there.
import type { Simulator } from "../../../provider/simulator";
import type { FakeEngine } from "../../support/fake-engine/engine";
import type { Forwarder } from "../../support/forwarder";
import type { Point, Way } from "../../support/kill-points";
import type { StopPoint, StopPoints } from "../../support/stop-points";
import { until } from "../../support/until";
import type { Scenario } from "./scenario";

/** What a kill works on. */
export interface Victim {
  readonly scenario: Scenario;
  readonly engine: FakeEngine;
  readonly simulator: Simulator;
  readonly stops: StopPoints;
  readonly forwarder: Forwarder;
}

/** Whether a task was looked at since a number of requests. */
export function wasLookedAt(simulator: Simulator, taskId: string | undefined, begun: number): boolean {
  return simulator.requests.slice(begun).some(
    (request) =>
      (request.operation === "get" && request.taskId === taskId) ||
      // The bulk poll of a site names its tasks in the body.
      (request.operation === "list" && request.product === "vcda"),
  );
}

/** Where the provider process is held at a point; at the others the server or the task lets the time pass. */
function stopAt({ record, isContinued, answer }: Scenario, point: Point): StopPoint | undefined {
  // A task that is continued keeps its id, so its record has it before the request leaves.
  const intent = { kind: record, hasTaskId: isContinued === true };
  switch (point) {
    case "before the request leaves":
      return { at: "after-record", ...intent };
    case "after the reply, before the journal":
      return { at: "before-record", kind: record, hasTaskId: true };
    case "after the journal, before the engine saved":
      return { at: "after-record", kind: record, hasTaskId: true };
    case "at success, before the engine saved":
      return { at: "before-answer", ...answer, isWell: true };
    default:
      return undefined;
  }
}

/** Prepares a point, before the deployment that comes by it. */
export function arm({ scenario, simulator, stops }: Omit<Victim, "engine">, point: Point): void {
  const stop = stopAt(scenario, point);
  if (stop !== undefined) stops.arm(stop);
  if (point === "after it left, before the reply")
    simulator.fault({ what: "delay", delayMs: 1_000, ...scenario.request(simulator) });
  if (point === "during the wait") scenario.lengthen(simulator);
}

/** Waits until the deployment is there. */
export async function arrive({ scenario, simulator, stops }: Victim, point: Point): Promise<void> {
  if (stopAt(scenario, point) !== undefined) {
    await stops.held();
    return;
  }
  await until(() => scenario.count(simulator) > 0, "the request was taken");
  if (point !== "during the wait") return;
  const begun = simulator.requests.length;
  await until(() => wasLookedAt(simulator, scenario.task(simulator), begun), "the task was looked at");
}

/** Kills, and resolves when the provider process has ended. */
export async function kill(victim: Victim, way: Way): Promise<void> {
  const { engine, stops, forwarder } = victim;
  const { provider } = engine;
  switch (way) {
    case "SIGKILL of the CLI":
      engine.vanish();
      stops.release();
      break;
    case "SIGHUP of the terminal":
      engine.vanish();
      process.kill(provider.pid, "SIGHUP");
      stops.release();
      break;
    case "SIGKILL of the provider":
      process.kill(provider.pid, "SIGKILL");
      stops.release();
      break;
    case "two Ctrl-C": {
      // The first one only asks. A process that is held does not answer, and the engine does not wait for that.
      void engine.cancel().catch(() => undefined);
      const closed = engine.terminate();
      stops.release();
      await closed;
      break;
    }
    case "a cut network":
      await forwarder.refuse();
      stops.release();
      // Long enough to notice, and not to be done with asking what became of the request.
      await Promise.race([provider.ended, new Promise((done) => setTimeout(done, 500))]);
      engine.vanish();
      break;
    default:
      way satisfies never;
  }
  await until(() => provider.hasEnded(), "the orphan has ended");
  if (way === "a cut network") await forwarder.accept();
}
