// A program in a process of its own that is asked questions, one at a time. It ends with the one that asks.
import { fork } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";

/**
 * @param {string} program - a path; it answers by `answerWith`
 * @param {string[]} [args]
 */
export function startChild(program, args = []) {
  const child = fork(program, args);
  const name = [basename(program), ...args.slice(0, 1)].join(" ");

  /** @param {number} [boundMs] - how long the answer may take */
  async function ask(question, value, boundMs = 60_000) {
    const answered = new AbortController();
    const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(boundMs)]);
    child.send({ question, value });
    try {
      const reply = await Promise.race([
        once(child, "message", { signal }).then(([message]) => message),
        once(child, "exit", { signal }).then(([code]) => ({ error: `It has ended with code ${code}.` })),
      ]);
      if (reply.error !== undefined) throw new Error(reply.error);
      return reply.answer;
    } catch (error) {
      throw new Error(`${name} gave no answer to "${question}".`, { cause: error });
    } finally {
      answered.abort();
    }
  }

  return { pid: child.pid, ask, stop: () => child.kill("SIGKILL") };
}

/**
 * The other half, in the program itself.
 *
 * @param {Record<string, (value: any) => unknown>} answers - by question
 */
export function answerWith(answers) {
  process.on("disconnect", () => process.exit());
  process.on("message", async ({ question, value }) => {
    try {
      process.send({ answer: await answers[question](value) });
    } catch (error) {
      process.send({ error: error.stack });
    }
  });
}
