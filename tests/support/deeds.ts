// What people do to a stack behind the package's back, each with the ending that was written down before.
import type { Simulator } from "../../provider/simulator";
import type { Run, Stack } from "./stack";

/** One thing that somebody does, the command that meets it, and how that is to end. */
export interface Deed {
  readonly what: string;
  readonly act?: () => unknown;
  /** Arguments of the CLI. @default a plain `up` */
  readonly command?: readonly string[];
  /** Methods of the operations that the server starts meanwhile. */
  readonly sends: readonly string[];
  /** What the command prints before it fails; absent: it ends well. */
  readonly fails?: string;
  /** What the command prints otherwise. */
  readonly says?: string;
}

interface Ending {
  readonly what: string;
  readonly sends: string;
  readonly ends: string;
}

const up = ["up", "--yes", "--skip-preview"];

/** That nothing is left to change. */
export const settled: Deed = {
  what: "a preview shows no change",
  command: ["preview", "--expect-no-changes"],
  sends: [],
};

/** The end of a stack; what it sends is to be said. */
export const destroyed: Deed = {
  what: "destroy",
  command: ["destroy", "--yes", "--skip-preview"],
  sends: [],
};

const expectedOf = ({ what, sends, fails, says }: Deed): Ending => ({
  what,
  sends: sends.join(" ") || "nothing",
  ends: `${fails === undefined ? "well" : "fails"}${[fails, says].map((text) => (text === undefined ? "" : `: ${text}`)).join("")}`,
});

/** What a command did instead of what was expected. */
function surprise({ fails, says }: Deed, { code, text }: Run): string | undefined {
  const unsaid = [fails, says].find((one) => one !== undefined && !text.includes(one));
  if ((code === 0) !== (fails === undefined) || (fails !== undefined && unsaid !== undefined))
    return `code ${code}: ${text}`;
  return unsaid === undefined ? undefined : `without a word of "${unsaid}": ${text}`;
}

/** Plays deeds one after the other, each where the last one has left the stack, and prints how each ended. */
export async function play(
  deeds: readonly Deed[],
  stack: Stack,
  simulator: Pick<Simulator, "starts">,
): Promise<void> {
  const happened: Ending[] = [];
  for (const deed of deeds) {
    const before = simulator.starts.length;
    await deed.act?.();
    const run = await stack.run(...(deed.command ?? up));
    const ends = surprise(deed, run);
    const sends = simulator.starts.slice(before).map(({ method }) => method);
    happened.push({
      ...expectedOf({ ...deed, sends }),
      ...(ends === undefined ? {} : { ends }),
    });
    if (ends !== undefined) break;
  }
  const rows = happened.map(({ what, sends, ends }) => [what, sends, ends].join(" | "));
  process.stdout.write(`deed | the server starts | the command ends\n${rows.join("\n")}\n`);
  expect(happened).toEqual(deeds.map(expectedOf));
}
