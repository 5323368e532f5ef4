// Keeps the scripts and hands out the one that a request gets.
import { matches, type Matchable } from "./matching";
import type { TaskScript } from "./task-script";

interface Entry {
  readonly script: TaskScript;
  skip: number;
  left: number;
}

/** @internal */
export class ScriptBook {
  #entries: Entry[] = [];

  add(script: TaskScript): void {
    this.#entries.unshift({ script, skip: script.skip ?? 0, left: script.times ?? Infinity });
  }

  /** The newest script that fits; taking it counts. */
  take(request: Matchable, fits: (script: TaskScript) => boolean = () => true): TaskScript | undefined {
    for (const entry of this.#entries) {
      if (entry.left <= 0 || !fits(entry.script) || !matches(entry.script.match, request)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return entry.script;
    }
    return undefined;
  }

  /** A plain read is no start: only a script that names the method GET is for it. */
  takeForRead(request: Matchable): TaskScript | undefined {
    return this.take(
      request,
      (script) => script.immediate !== undefined && script.match?.method?.toUpperCase() === "GET",
    );
  }

  clear(): void {
    this.#entries = [];
  }
}
