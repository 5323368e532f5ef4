// Deployments by the real CLI that are ended at a named point, in one of the ways in which deployments end.
import { setTimeout as sleep } from "node:timers/promises";

import type { Simulator } from "../../provider/simulator";
import { isRunning, providerOf } from "./cli-process";
import { until } from "./until";
import { groupCollection } from "./group-program";
import { well, type Run, type Running } from "./stack";
import { createStopPoints, type StopPoint, type StopPoints } from "./stop-points";
import { withNetwork, type NetworkBed } from "./with-network";

/** Where a request that starts work stands when its deployment is ended, in the order of its life. */
export const moments = [
  "before the request leaves",
  "after it left and before the reply",
  "after the reply and before the journal",
  "after the journal and before the engine saved",
  "during the wait",
  "at success before the engine saved",
] as const;

/** Where a request that starts work stands when its deployment is ended. */
export type Moment = (typeof moments)[number];

/** How a deployment ends. */
export const ways = [
  "SIGKILL of the CLI",
  // To the group in front of the terminal, which the CLI is in and the provider is not: as the kernel does.
  "SIGHUP of the terminal",
  "SIGKILL of the provider process",
  "two Ctrl-C",
  "a cut network",
] as const;

/** How a deployment ends. */
export type Way = (typeof ways)[number];

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

/** For requests of other kinds: each way that a signal goes, and moments of each sort. */
export const representative: readonly { readonly moment: Moment; readonly way: Way }[] = [
  { moment: "after it left and before the reply", way: "two Ctrl-C" },
  { moment: "after the journal and before the engine saved", way: "SIGKILL of the provider process" },
  { moment: "during the wait", way: "SIGKILL of the CLI" },
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

function stopPointOf(moment: Moment, { kind, method, sender, waiter }: Target): StopPoint | undefined {
  switch (moment) {
    case "before the request leaves":
      return { at: "after-record", kind, hasTaskId: false };
    case "after the reply and before the journal":
      return { at: "before-record", kind, hasTaskId: true };
    case "after the journal and before the engine saved":
      return sender === waiter
        ? { at: "after-record", kind, hasTaskId: true }
        : { at: "before-answer", method, type: sender, isWell: true };
    case "at success before the engine saved":
      return { at: "before-answer", method, type: waiter, isWell: true };
    case "after it left and before the reply":
    case "during the wait":
      return undefined;
  }
}

const lastStarted = (simulator: Simulator): string => simulator.starts.at(-1)?.taskId ?? "";

/** A deployment that stands at a moment, and its provider process. */
interface Standing {
  readonly cli: Running;
  readonly provider: number;
}

async function standAt(bed: KillBed, moment: Moment, target: Target, command: string): Promise<Standing> {
  const { stack, simulator, stops } = bed;
  const point = stopPointOf(moment, target);
  if (point !== undefined) stops.arm(point);
  if (moment === "after it left and before the reply")
    simulator.fault({
      ...{ what: "delay", delayMs: heldReplyMs, taken: true, match: { operation: "start" } },
      skip: target.earlier - simulator.starts.length,
    });
  const looks = simulator.counts().get;
  const cli = stack.start(command, "--yes", "--skip-preview");
  if (point !== undefined) return { cli, provider: (await stops.held()).pid };
  await until(() => simulator.starts.length > target.earlier, "the request was taken");
  if (moment === "during the wait") {
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
      process.kill(leader, "SIGKILL");
      break;
    case "SIGHUP of the terminal":
      process.kill(-leader, "SIGHUP");
      break;
    case "SIGKILL of the provider process":
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

/** Begins a command, ends it at a moment in one way, and sees the provider process go without starting anything more. */
export async function endAt(
  bed: KillBed,
  moment: Moment,
  way: Way,
  {
    target = newOperation,
    command = "up",
    leavesRunning = false,
  }: { readonly target?: Target; readonly command?: string; readonly leavesRunning?: boolean } = {},
): Promise<Run> {
  const { simulator } = bed;
  const standing = await standAt(bed, moment, target, command);
  await strike(bed, way, standing);
  if (moment === "during the wait" && !leavesRunning) simulator.finish(lastStarted(simulator));
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
