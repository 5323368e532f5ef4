import type { FailureCause } from "./task-snapshot";

/** What a report tells of a failure. */
export interface FailureReport {
  /** What failed, where, after how long: one line. */
  readonly headline: string;
  /** The first cause first. */
  readonly causes: readonly FailureCause[];
  /** What the next deployment will do and how to choose otherwise. */
  readonly next: readonly string[];
}

const mostLines = 40;
const mostCauses = 6;
const mostAdvice = 24;
const longestMessage = 600;

/** Takes secrets out of a text. */
type Mask = (text: string) => string;

function clip(text: string, length = longestMessage): string {
  const flat = text.replaceAll(/\s+/g, " ").trim();
  return flat.length > length ? `${flat.slice(0, length - 1)}…` : flat;
}

const wayTo = ({ path }: FailureCause): string => path.map((name) => clip(name, 120)).join(" › ");

function linesOf(cause: FailureCause, index: number, all: readonly FailureCause[]): string[] {
  const way = wayTo(cause);
  // What follows on the same way is a cause of what stands before it.
  const before = all[index - 1];
  const isSameWay = before !== undefined && wayTo(before) === way;
  const code = cause.code === undefined ? "" : `${clip(cause.code, 120)}: `;
  return [
    ...(way === "" || isSameWay ? [] : [`  at ${way}`]),
    `  ${code}${clip(cause.message)}`,
    ...(cause.remediation === undefined ? [] : [`  what to do: ${clip(cause.remediation)}`]),
    ...(cause.reference === undefined ? [] : [`  reference: ${clip(cause.reference, 120)}`]),
  ];
}

function masked(cause: FailureCause, mask: Mask): FailureCause {
  const { path, code, message, remediation, reference } = cause;
  return {
    path: path.map(mask),
    message: mask(message),
    ...(code === undefined ? {} : { code: mask(code) }),
    ...(remediation === undefined ? {} : { remediation: mask(remediation) }),
    ...(reference === undefined ? {} : { reference: mask(reference) }),
  };
}

/**
 * Whole texts for people: at most 40 lines, the first cause in the first five. Secrets go before texts are made short and
 * flat, for what is left of one then is not found any more.
 */
export function renderFailure(
  { headline, causes, next }: FailureReport,
  mask: Mask = (text) => text,
): string {
  const advice = next.flatMap((text) => mask(text).split("\n")).slice(0, mostAdvice);
  const shown = causes
    .slice(0, mostCauses)
    .map((cause) => masked(cause, mask))
    .flatMap(linesOf);
  const room = mostLines - 1 - advice.length;
  const hidden = causes.length > mostCauses || shown.length > room;
  const kept = hidden ? shown.slice(0, room - 1) : shown;
  return [
    clip(mask(headline), 400),
    ...(kept.length > 0 ? kept : ["  The server gives no reason."]),
    ...(hidden ? ["  … more causes are in the output `task`."] : []),
    ...advice,
  ].join("\n");
}
