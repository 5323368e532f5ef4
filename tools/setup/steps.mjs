// What set-up tells the person in front of it: one line for each step that has something to do.
const out = process.stdout;
const live = out.isTTY && !process.env.CI && process.env.TERM !== "dumb";
const PATIENCE_MS = 3_000;
const REMINDER_MS = 60_000;

/**
 * Does one piece of work that may take a while, with a line that says what is done, for how long, and how it ended.
 *
 * @template T
 * @param {string} title what is done, and how long it may take
 * @param {(note: (text: string) => void) => Promise<T>} work `note` tells what the step is at
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const began = performance.now();
  const elapsed = () => duration(performance.now() - began);
  const line = (live ? liveLine : loggedLine)(title, elapsed);
  try {
    const result = await work(line.note);
    line.end("✓");
    return result;
  } catch (error) {
    line.end("✗");
    throw error;
  }
}

/** On a terminal: one line, written again every second. */
function liveLine(title, elapsed) {
  let notice = "";
  const draw = () => {
    const text = `  … ${title}${notice && `: ${notice}`}  ${elapsed()}`;
    out.write(`\r\x1b[2K${text.slice(0, (out.columns || 80) - 1)}`);
  };
  draw();
  const timer = setInterval(draw, 1000);
  return {
    note: (text) => {
      notice = text;
      draw();
    },
    end: (mark) => {
      clearInterval(timer);
      out.write(`\r\x1b[2K  ${mark} ${title}  ${elapsed()}\n`);
    },
  };
}

/** In a log: a line at the end, and earlier ones only for what takes long. */
function loggedLine(title, elapsed) {
  let begun = false;
  const begin = () => {
    if (!begun) out.write(`  … ${title}\n`);
    begun = true;
  };
  const patience = setTimeout(begin, PATIENCE_MS);
  const reminder = setInterval(() => out.write(`    still at it after ${elapsed()}\n`), REMINDER_MS);
  return {
    note: (text) => {
      begin();
      out.write(`    ${text}\n`);
    },
    end: (mark) => {
      clearTimeout(patience);
      clearInterval(reminder);
      out.write(`  ${mark} ${title}  ${elapsed()}\n`);
    },
  };
}

export function say(text = "") {
  out.write(`${text}\n`);
}

/** `850 ms`, `12 s`, `8 min 5 s`. */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The beginning and the end of an output: one of the two says why a command failed. */
export function excerpt(output, { first = 10, last = 20 } = {}) {
  const lines = output.trim().split("\n");
  if (lines.length <= first + last) return lines.join("\n");
  const left = lines.length - first - last;
  return [...lines.slice(0, first), `… ${left} more lines …`, ...lines.slice(-last)].join("\n");
}
