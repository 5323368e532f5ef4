import type { Sender } from "../tasks";

/** The deployment that asks for the work, as far as operations have to know it. */
export interface Deployment extends Sender {
  /** Aborted when the engine has ended. */
  readonly signal: AbortSignal;
  /** Asks the engine itself; rejects with an EngineGoneError when it has ended. */
  confirmAlive(): Promise<void>;
  /** Keeps this process until the work is done, also when the engine ends meanwhile. */
  finish<T>(work: Promise<T>): Promise<T>;
  /** Shows a text as the state of a resource, in place of the one before; it is made when it is shown, if ever. */
  status(resourceUrn: string, text: string | (() => string)): void;
  /** Keeps a warning with a resource; the same text is shown once. */
  warn(resourceUrn: string, text: string): void;
}
