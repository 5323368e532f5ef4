// Everything one simulator knows. Nothing of it lives at module level.
import type { Collections } from "./collections";
import type { Identifiers } from "./identifiers";
import type { Recorder } from "./recorder";
import type { ScriptBook } from "./script-book";
import type { Settings } from "./simulator-options";
import type { TaskEngine } from "./task-engine";

/** @internal */
export interface World {
  readonly settings: Settings;
  readonly identifiers: Identifiers;
  readonly engine: TaskEngine;
  readonly scripts: ScriptBook;
  readonly recorder: Recorder;
  readonly collections: Collections;
}
