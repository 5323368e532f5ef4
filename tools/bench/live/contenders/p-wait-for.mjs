// What a user writes without any of them: a loop with p-wait-for that looks every ten seconds.
import pWaitFor from "p-wait-for";
import { openTaskReader } from "../task-reader.mjs";

const interval = 10_000;

export async function open(access) {
  const readTask = await openTaskReader(access);
  return (id) =>
    pWaitFor(
      async () => {
        const { status } = (await readTask(id)).body;
        if (status === "FAILED") throw new Error(`Task ${id} has failed.`);
        return status === "SUCCEEDED";
      },
      { interval },
    );
}
