import type { Properties } from "./inputs";

/** Tells the engine that a resource exists but is not well, so that its state is kept. */
export class InitFailedError extends Error {
  override readonly name = "InitFailedError";
  readonly id: string;
  readonly properties: Properties;
  /** Only these are displayed. */
  readonly reasons: readonly string[];

  /** `inputs` carry the provider's own text, without which the resource could not be refreshed or destroyed. */
  constructor(id: string, inputs: Properties, outputs: object, reason: string) {
    super(reason);
    this.id = id;
    this.properties = { ...outputs, __provider: inputs.__provider };
    this.reasons = [reason];
  }
}
