import type * as z from "../zod";
import { hasCode, isVmwareTasksError, messageOf } from "../tasks";
import { unmet, type Showing } from "./conditions";
import type { Context, OpenEndpoint } from "./context";
import { formatDuration, parseDuration, toApiRequest } from "./arguments";
import type { observation } from "./arguments";
import { mayPass } from "./patiently";
import { waitUntil } from "./wait-until";

/** What to read after a task, once or at a fixed pace until conditions hold. */
export type Observation = z.infer<typeof observation>;

/** What was read, or why it is not what was waited for. */
export type Observed =
  | { readonly isMet: true; readonly body: unknown }
  | { readonly isMet: false; readonly reasons: readonly string[]; readonly waitedMs: number };

const usualIntervalMs = 5_000;
// A server is not asked faster than this, whatever the program says.
const shortestIntervalMs = 500;
const usualTimeoutMs = 600_000;

/** Reads the object until the conditions hold; faults on the way are borne until the time is up. */
export async function observe(
  { clock, deployment }: Context,
  { client }: OpenEndpoint,
  { request, until = [], interval, timeout }: Observation,
  showing: Showing & { readonly show: (text: string) => void },
): Promise<Observed> {
  const { signal } = deployment;
  const beganAt = clock.now();
  const timeoutMs = (timeout === undefined ? undefined : parseDuration(timeout)) ?? usualTimeoutMs;
  const intervalMs = (interval === undefined ? undefined : parseDuration(interval)) ?? usualIntervalMs;
  let body: unknown;
  let reasons: readonly string[] = [];
  const look = async (): Promise<boolean> => {
    let isFinal = until.length === 0;
    try {
      body = await client.read(toApiRequest(request), signal);
      reasons = body === undefined ? ["the server does not know the object"] : unmet(until, body, showing);
    } catch (error) {
      // The task has ended well, so a read that fails must not take its outcome away.
      if (signal.aborted || !isVmwareTasksError(error)) throw error;
      reasons = [messageOf(error)];
      isFinal = !mayGoWell(error);
    }
    if (reasons.length > 0) showing.show(`observing: ${reasons[0] ?? ""}`);
    return reasons.length === 0 || isFinal;
  };
  const isAnswered = await waitUntil(look, {
    clock,
    signal,
    intervalMs: Math.max(intervalMs, shortestIntervalMs),
    timeoutMs,
  });
  if (reasons.length === 0) return { isMet: true, body };
  const waitedMs = clock.now() - beganAt;
  const waited = isAnswered ? [] : [`waited for ${formatDuration(waitedMs)}`];
  return { isMet: false, reasons: [...reasons, ...waited], waitedMs };
}

/** Whether a read may go well later. */
function mayGoWell(error: unknown): boolean {
  return hasCode(error, "VMWARE_REQUEST_REFUSED") ? error.refusal.isBusy : mayPass(error);
}
