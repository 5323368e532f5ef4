import { isTerminal, type TaskProgress, type TaskRef, type TaskSnapshot } from "../tasks";
import type { Completing } from "./completion";

// What it tells is worth a moment, and no more: the wait for the task itself is over.
const patienceMs = 10_000;

/** The vCenter task that a task of Snapservice names as the one that does its work, and the endpoint that knows it. */
interface VcenterTask {
  readonly vcenter: string;
  readonly ref: TaskRef;
}

/** CIS tasks are named `<uuid>:<service>`; all others are tasks of the older API, such as `task-123`. */
const kindOf = (id: string): string => (/^[0-9a-f-]{36}:/i.test(id) ? "task" : "vim");

function behind({ endpoint }: Completing, { native }: TaskSnapshot): VcenterTask | undefined {
  const { vcenter } = endpoint.settings;
  const { vc_task: id } = native;
  if (vcenter === undefined || typeof id !== "string" || id === "") return undefined;
  return { vcenter, ref: { id, kind: kindOf(id) } };
}

/** Shows how far the vCenter task behind a task is, for as long as that task is followed. */
export interface VcenterProgress {
  /** A snapshot with the progress of the vCenter task, where it has none of its own. */
  fill(snapshot: TaskSnapshot): TaskSnapshot;
  stop(): void;
}

/** Follows the vCenter task, with all others of its endpoint, once a task names one and shows no progress. */
export function createVcenterProgress(completing: Completing): VcenterProgress {
  const { context } = completing;
  const ending = new AbortController();
  let progress: TaskProgress | undefined;
  let isFollowed = false;

  const follow = async ({ vcenter, ref }: VcenterTask): Promise<void> => {
    const signal = AbortSignal.any([ending.signal, context.deployment.signal]);
    const onLook = (seen: TaskSnapshot): void => {
      progress = seen.progress;
    };
    await context.open(vcenter).watcher.watch({ ref, signal, onLook });
  };

  return {
    fill(snapshot) {
      if (snapshot.progress.fraction !== undefined || isTerminal(snapshot.status)) return snapshot;
      const task = behind(completing, snapshot);
      if (task === undefined) return snapshot;
      if (!isFollowed) {
        isFollowed = true;
        // Decoration: whatever goes wrong with it is nobody's failure.
        void follow(task).catch(() => undefined);
      }
      const { message = progress?.message } = snapshot.progress;
      return { ...snapshot, progress: { fraction: progress?.fraction, message } };
    },
    stop: () => ending.abort(),
  };
}

async function lookAt(
  { context }: Completing,
  { vcenter, ref }: VcenterTask,
): Promise<TaskSnapshot | undefined> {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, context.deployment.signal]);
  try {
    return await Promise.race([
      context.open(vcenter).client.get(ref, {}, signal),
      context.clock.sleep(patienceMs, signal).then(() => undefined),
    ]);
  } catch {
    return undefined;
  } finally {
    enough.abort();
  }
}

/** A failed task with the causes of the vCenter task behind it after its own; as it is when that cannot be read. */
export async function withVcenterCauses(
  completing: Completing,
  snapshot: TaskSnapshot,
): Promise<TaskSnapshot> {
  const task = snapshot.status === "FAILED" ? behind(completing, snapshot) : undefined;
  if (task === undefined) return snapshot;
  const known = new Set(snapshot.causes.map(({ message }) => message));
  const more = ((await lookAt(completing, task))?.causes ?? [])
    .filter(({ message }) => !known.has(message))
    .map((cause) => ({ ...cause, path: [`vCenter task ${task.ref.id}`, ...cause.path] }));
  return more.length === 0 ? snapshot : { ...snapshot, causes: [...snapshot.causes, ...more] };
}
