// Points at which a test holds the real provider process, to kill something while it stands there.
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { until } from "./until";

/** Where the provider process is held. Fields that are left out match anything. */
export type StopPoint =
  | {
      /** Around the moment in which a record of the journal appears. */
      readonly at: "before-record" | "after-record";
      readonly kind?: "start" | "attempt" | "cleanup" | "update" | "delete";
      /** Without one it is the intent, which is written before the request leaves. */
      readonly hasTaskId?: boolean;
      /** The resource's name. */
      readonly resource?: string;
    }
  | {
      /** The provider has done its work; the engine, which then saves, has not heard of it. */
      readonly at: "before-answer";
      readonly method?: "create" | "update" | "delete";
      readonly type?: "StartedTask" | "CompletedTask" | "UpdateTask" | "DeleteTask";
      readonly resource?: string;
      /** Whether it answers without an error. */
      readonly isWell?: boolean;
    };

/** A provider process that is held. */
export interface Held {
  readonly pid: number;
}

/** The hands of a test. */
export interface StopPoints {
  /** To be added to the environment of the CLI or of the provider process. */
  readonly environment: Record<string, string>;
  /** The next provider process that comes by this point is held there; once. */
  arm(point: StopPoint): void;
  /** The process that is held, as soon as one is. @throws when none is in half a minute */
  held(): Promise<Held>;
  /** Lets the held process go on, if it still lives. */
  release(): void;
  /** Lets go of everything and removes what was written. */
  remove(): void;
}

/** Makes stop points for provider processes that are started with `environment`. */
export function createStopPoints(): StopPoints {
  const folder = mkdtempSync(join(tmpdir(), "vmware-tasks-stop-"));
  const path = (name: string): string => join(folder, name);
  return {
    environment: {
      NODE_OPTIONS: `--require=${JSON.stringify(resolve(__dirname, "stop-points-preload.cjs"))}`,
      VMWARE_TASKS_TEST_STOP_POINTS: folder,
    },
    arm(point) {
      writeFileSync(path("arming"), JSON.stringify(point));
      renameSync(path("arming"), path("armed"));
    },
    async held() {
      await until(() => existsSync(path("held")), "a provider process comes by the point where it is held");
      return JSON.parse(readFileSync(path("held"), "utf8")) as Held;
    },
    release: () => rmSync(path("held"), { force: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
