// Deployments by the real CLI that are ended at a named point, in one of the ways in which deployments end.
import { setTimeout as sleep } from "node:timers/promises";

import type { Simulator } from "../../provider/simulator";
import { isRunning, providerOf } from "./cli-process";
import { until } from "./until";
import { groupCollection } from "./group-program";
import type { Point, Way } from "./kill-points";
import { well, type Run, type Running } from "./stack";
import { createStopPoints, type StopPoint, type StopPoints } from "./stop-points";
import { withNetwork, type NetworkBed } from "./with-network";

/** Which request is under way. */
export interface Target {
  readonly kind: "start" | "attempt" | "update" | "delete";
  readonly method: "create" | "update" | "delete";
  /** Whose answer says that the request has been sent. */
  readonly sender: "StartedTask" | "CompletedTask" | "UpdateTask" | "DeleteTask";
  /** Whose answer says that its task has ended. */
  readonly waiter: "CompletedTask" | "UpdateTask" | "DeleteTask";
  /** How many operations the server has accepted before. */
  readonly earlier: number;
}

/** A new operation. */
export const newOperation: Target = {
  kind: "start",
  method: "create",
  sender: "StartedTask",
  waiter: "CompletedTask",
  earlier: 0,
};

/** For requests of other kinds: each way that a signal goes, and points of each sort. */
export const representative: readonly { readonly point: Point; readonly way: Way }[] = [
  { point: "after it left, before the reply", way: "two Ctrl-C" },
  { point: "after the journal, before the engine saved", way: "SIGKILL of the provider" },
  { point: "during the wait", way: "SIGKILL of the CLI" },
];

/** Everything that a test of ends works with. */
export interface KillBed extends NetworkBed {
  readonly stops: StopPoints;
}

// Longer than it takes to kill a process while its request is under way.
const heldReplyMs = 2_500;

/** Runs a test with a stack whose provider process can be held and whose network can be cut. */
export async function withKillBed(program: string, test: (bed: KillBed) => Promise<void>): Promise<void> {
  const stops = createStopPoints();
  const simulate = { collections: [groupCollection], defaultDurationMs: 1_500 };
  try {
    await withNetwork({ program, simulate, environment: stops.environment }, (bed) =>
      test({ ...bed, stops }),
    );
  } finally {
    stops.remove();
  }
}

function stopPointOf(point: Point, { kind, method, sender, waiter }: Target): StopPoint | undefined {
  switch (point) {
    case "before the request leaves":
      return { at: "after-record", kind, hasTaskId: false };
    case "after the reply, before the journal":
      return { at: "before-record", kind, hasTaskId: true };
    case "after the journal, before the engine saved":
      return sender === waiter
        ? { at: "after-record", kind, hasTaskId: true }
        : { at: "before-answer", method, type: sender, isWell: true };
    case "at success, before the engine saved":
      return { at: "before-answer", method, type: waiter, isWell: true };
    case "after it left, before the reply":
    case "during the wait":
      return undefined;
  }
}

const lastStarted = (simulator: Simulator): string => simulator.starts.at(-1)?.taskId ?? "";

/** A deployment that stands at a point, and its provider process. */
interface Standing {
  readonly cli: Running;
  readonly provider: number;
}

async function standAt(bed: KillBed, point: Point, target: Target, command: string): Promise<Standing> {
  const { stack, simulator, stops } = bed;
  const stop = stopPointOf(point, target);
  if (stop !== undefined) stops.arm(stop);
  if (point === "after it left, before the reply")
    simulator.fault({
      ...{ what: "delay", delayMs: heldReplyMs, taken: true, match: { operation: "start" } },
      skip: target.earlier - simulator.starts.length,
    });
  const looks = simulator.counts().get;
  const cli = stack.start(command, "--yes", "--skip-preview");
  if (stop !== undefined) return { cli, provider: (await stops.held()).pid };
  await until(() => simulator.starts.length > target.earlier, "the request was taken");
  if (point === "during the wait") {
    // However slow this machine is, the task runs until the deployment has been ended.
    simulator.change(lastStarted(simulator), { durationMs: 600_000 });
    await until(() => simulator.counts().get > looks, "the wait has begun");
  }
  return { cli, provider: providerOf(cli.process.pid ?? 0) };
}

// The engine must be in the middle of the first interrupt for the second one to count.
const betweenInterruptsMs = 700;
const cutForMs = 1_500;

async function strike({ stops, network }: KillBed, way: Way, { cli, provider }: Standing): Promise<void> {
  const leader = cli.process.pid ?? 0;
  switch (way) {
    case "SIGKILL of the CLI":
      cli.kill();
      break;
    case "SIGHUP of the terminal":
      // To the group in front of the terminal, which the CLI is in and the provider is not: as the kernel does.
      process.kill(-leader, "SIGHUP");
      break;
    case "SIGKILL of the provider":
      process.kill(provider, "SIGKILL");
      break;
    case "two Ctrl-C":
      process.kill(-leader, "SIGINT");
      await sleep(betweenInterruptsMs);
      process.kill(-leader, "SIGINT");
      break;
    case "a cut network":
      await network.refuse();
      stops.release();
      await sleep(cutForMs);
      await network.accept();
  }
  stops.release();
}

/** Begins a command, ends it at a point in one way, and sees the provider process go without starting anything more. */
export async function endAt(
  bed: KillBed,
  point: Point,
  way: Way,
  {
    target = newOperation,
    command = "up",
    leavesRunning = false,
  }: { readonly target?: Target; readonly command?: string; readonly leavesRunning?: boolean } = {},
): Promise<Run> {
  const { simulator } = bed;
  const standing = await standAt(bed, point, target, command);
  await strike(bed, way, standing);
  if (point === "during the wait" && !leavesRunning) simulator.finish(lastStarted(simulator));
  const run = await standing.cli.ended;
  await until(() => !isRunning(standing.provider), "the provider process has ended");
  const { retry, cancel } = simulator.counts();
  const { length } = simulator.requests;
  expect({ retry, cancel }).toEqual({ retry: 0, cancel: 0 });
  expect(simulator.starts.length).toBeLessThanOrEqual(target.earlier + 1);
  // Nobody is left who could send anything.
  await sleep(200);
  expect(simulator.requests).toHaveLength(length);
  return run;
}

/** The commands that the documentation gives for the time after a kill, by which lock and warning must be gone. */
export async function clearAfterKill({ stack }: KillBed): Promise<void> {
  await well(stack.run("refresh", "--clear-pending-creates", "--yes"));
  expect(await well(stack.up())).not.toContain("pending");
}
