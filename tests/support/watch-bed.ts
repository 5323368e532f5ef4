// A watcher over a fake server and a fake clock.
import type { TaskSource } from "../../provider/tasks";
import { createWatcher, type Watcher, type WatchEnd, type WatchRequest } from "../../provider/watcher";
import { createFakeClock, type FakeClock } from "./fake-clock";
import { createFakeServer, type FakeServer } from "./fake-server";

/** Everything a test of the watcher works with. */
export interface WatchBed {
  readonly clock: FakeClock;
  readonly server: FakeServer;
  readonly watcher: Watcher;
  /** When each look was sent, in milliseconds since the beginning. */
  readonly lookedAt: number[];
  readonly watch: (id: string, request?: Partial<WatchRequest>) => Promise<WatchEnd>;
}

/** Builds a watcher that bears faults for a minute, unless told otherwise. */
export function createWatchBed(
  source: Partial<TaskSource> = {},
  { outageToleranceMs = 60_000, random }: { outageToleranceMs?: number; random?: () => number } = {},
): WatchBed {
  const clock = createFakeClock(random);
  const server = createFakeServer(clock);
  const lookedAt: number[] = [];
  const look = source.look ?? ((refs, signal) => server.client.look(refs, signal));
  const watcher = createWatcher({
    clock,
    outageToleranceMs,
    source: {
      ...server.client,
      ...source,
      look(refs, signal) {
        lookedAt.push(clock.elapsed());
        return look(refs, signal);
      },
    },
  });
  return {
    clock,
    server,
    watcher,
    lookedAt,
    watch: (id, request = {}) =>
      watcher.watch({ ref: { id, kind: "task" }, signal: new AbortController().signal, ...request }),
  };
}
