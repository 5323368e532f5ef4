import type { Sender } from "../../tasks";

/** Ends a request of whose sender nothing is left, as long as nothing of the request has left either. */
export interface HeldBack {
  /** Aborted only then. */
  readonly signal: AbortSignal;
  /** The request can go out now, or it has ended. */
  readonly release: () => void;
}

/** Holds a request back that waits for a free connection, or for one that is being made, when its sender goes. */
export function holdBack(sender: Sender): HeldBack {
  const controller = new AbortController();
  const abort = (): void => controller.abort(sender.signal.reason);
  if (sender.signal.aborted) abort();
  else sender.signal.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    release: () => sender.signal.removeEventListener("abort", abort),
  };
}
