import { taskKey, type Look, type ProductClient, type TaskRef, type Trace } from "../tasks";

/** The same client, whose looks at tasks are traced: each change of a task, and each look that did not see one. */
export function traced(client: ProductClient, endpoint: string, trace: Trace): ProductClient {
  const seen = new Map<string, string>();
  const tell = (ref: TaskRef, look: Look): void => {
    if (look.kind !== "seen") {
      const problem = look.kind === "missing" ? "the server does not know it" : look.fault.message;
      trace.write({ what: "no look", endpoint, task: ref.id, problem });
      return;
    }
    const { status, nativeStatus, progress } = look.snapshot;
    const news = { status, nativeStatus, fraction: progress.fraction };
    const text = JSON.stringify(news);
    if (seen.get(taskKey(ref)) === text) return;
    seen.set(taskKey(ref), text);
    trace.write({ what: "status", endpoint, task: ref.id, ...news });
  };
  return {
    ...client,
    async look(refs, signal) {
      const looks = await client.look(refs, signal);
      looks.forEach((look, index) => {
        const ref = refs[index];
        if (ref !== undefined) tell(ref, look);
      });
      return looks;
    },
  };
}
