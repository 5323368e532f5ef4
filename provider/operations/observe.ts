import { setMaxListeners } from "node:events";

import pWaitFor, { TimeoutError } from "p-wait-for";
import type { z } from "zod";

import { hasCode, messageOf } from "../tasks";
import { unmet } from "./conditions";
import type { Context, OpenEndpoint } from "./context";
import { formatDuration, parseDuration, toApiRequest } from "./arguments";
import type { observation } from "./arguments";

/** What to read after a task, once or at a fixed pace until conditions hold. */
export type Observation = z.infer<typeof observation>;

/** What was read, or why it is not what was waited for. */
export type Observed =
  | { readonly isMet: true; readonly body: unknown }
  | { readonly isMet: false; readonly reasons: readonly string[]; readonly waitedMs: number };

const usualIntervalMs = 5_000;
const usualTimeoutMs = 600_000;

/** Reads the object until the conditions hold; faults on the way are borne until the time is up. */
export async function observe(
  { deployment }: Context,
  { client }: OpenEndpoint,
  { request, until = [], interval, timeout }: Observation,
  resourceUrn: string,
): Promise<Observed> {
  // Its listeners go with it: p-wait-for leaves one behind on the signal with every look.
  const waiting = new AbortController();
  setMaxListeners(0, waiting.signal);
  const abort = (): void => waiting.abort(deployment.signal.reason);
  deployment.signal.addEventListener("abort", abort, { once: true });
  const waitedMs = (timeout === undefined ? undefined : parseDuration(timeout)) ?? usualTimeoutMs;
  let body: unknown;
  let reasons: readonly string[] = [];
  const look = async (): Promise<boolean> => {
    deployment.signal.throwIfAborted();
    try {
      body = await client.read(toApiRequest(request), deployment.signal);
      reasons = body === undefined ? ["the server does not know the object"] : unmet(until, body);
    } catch (error) {
      if (until.length === 0 || !hasCode(error, "VMWARE_ENDPOINT_FAULT")) throw error;
      reasons = [messageOf(error)];
    }
    if (reasons.length > 0) deployment.status(resourceUrn, `observing: ${reasons[0] ?? ""}`);
    return reasons.length === 0;
  };
  try {
    if (until.length === 0) {
      return (await look()) ? { isMet: true, body } : { isMet: false, reasons, waitedMs: 0 };
    }
    await pWaitFor(look, {
      interval: (interval === undefined ? undefined : parseDuration(interval)) ?? usualIntervalMs,
      timeout: { milliseconds: waitedMs },
      signal: waiting.signal,
    });
    return { isMet: true, body };
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    return { isMet: false, reasons: [...reasons, `waited for ${formatDuration(waitedMs)}`], waitedMs };
  } finally {
    deployment.signal.removeEventListener("abort", abort);
  }
}
