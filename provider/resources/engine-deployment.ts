import { setMaxListeners } from "node:events";

import type { Deployment } from "../operations";
import { EngineGoneError } from "../tasks";
import type { EngineLink } from "./engine-link";
import { createStatusBoard, statusIntervalMs } from "./status-board";

/** The deployment behind this provider process, and the way to end the process with it. */
export interface EngineDeployment extends Deployment {
  /** Stops all waits, and resolves when the requests in flight have been answered. */
  end(): Promise<void>;
}

/** The deployment of an engine; without a link (no engine address), a deployment that never ends. */
export function createEngineDeployment(
  link: EngineLink | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): EngineDeployment {
  const controller = new AbortController();
  // One for each wait, and there may be thousands: Node would warn of a leak on the user's screen.
  setMaxListeners(0, controller.signal);
  const inFlight = new Set<Promise<unknown>>();
  const warned = new Set<string>();
  const board = createStatusBoard(statusIntervalMs(environment), (resourceUrn, text) =>
    link?.log(resourceUrn, text, { severity: "info", isEphemeral: true }),
  );

  const end = async (): Promise<void> => {
    controller.abort(new EngineGoneError());
    board.close();
    // Each has a limit of its own, which is the program's to set.
    await Promise.allSettled(inFlight);
  };

  return {
    signal: controller.signal,
    end,
    async confirmAlive() {
      controller.signal.throwIfAborted();
      if (link !== undefined && !(await link.isAlive())) controller.abort(new EngineGoneError());
      // Node tells of a signal after all else that came with it, so it is given the turn to do so.
      await new Promise((done) => setImmediate(done));
      controller.signal.throwIfAborted();
    },
    async finish(work) {
      inFlight.add(work);
      try {
        return await work;
      } finally {
        inFlight.delete(work);
      }
    },
    status(resourceUrn, text) {
      board.set(resourceUrn, () => (typeof text === "string" ? text : text()).replaceAll(/\s+/g, " "));
    },
    warn(resourceUrn, text) {
      const key = JSON.stringify([resourceUrn, text]);
      if (warned.has(key)) return;
      warned.add(key);
      link?.log(resourceUrn, text, { severity: "warning", isEphemeral: false });
    },
  };
}
