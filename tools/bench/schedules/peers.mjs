// The peers' schedules, from their published defaults: seconds before the n-th look, counted from 0. None of them heeds
// the progress of a task.

const always = (seconds) => () => seconds;

/** The first look at once; then the first pause, the second, and so on. */
const atOnceThen = (pause) => (n, random) => (n === 0 ? 0 : pause(n - 1, random));

const growing = (first, factor, longest) => (n) => Math.min(first * factor ** n, longest);

/** @type {{ name: string, pause: (n: number, random: () => number) => number }[]} */
export const peers = [
  { name: "terraform-provider-vcf tracker", pause: always(20) },
  { name: "terraform-provider-restful", pause: always(10) },
  { name: "azapi, govmomi `cis/tasks`, saltext tasks", pause: atOnceThen(always(10)) },
  { name: "go-vcloud-director", pause: atOnceThen(always(3)) },
  { name: "vcda provider (SDK retry)", pause: atOnceThen(growing(0.5, 2, 10)) },
  // The back-off of AWS's SDK for Go: no chance in it any more when the longest pause is reached.
  { name: "aws-native awaiter", pause: (n, random) => (n > 4 ? 30 : random() * 2 ** n) },
  { name: "community.vmware", pause: atOnceThen((n, random) => Math.min(2 ** n + random(), 64)) },
  { name: "core-lro", pause: atOnceThen(always(2)) },
  // From the shortest pause to its n-th doubling; the seventh would pass the longest.
  {
    name: "smithy waiter",
    pause: atOnceThen((n, random) => (n > 5 ? 120 : 2 + random() * 2 * (2 ** n - 1))),
  },
  { name: "gax", pause: atOnceThen(growing(0.1, 1.3, 60)) },
  { name: "cdkd", pause: atOnceThen(growing(1, 1.5, 10)) },
  { name: "Snapservice sample", pause: atOnceThen(always(5)) },
  { name: "VCF SDK sample for SDDC Manager", pause: atOnceThen(always(900)) },
];

/**
 * Looks at a task of so many seconds until its end is seen.
 *
 * @param {(n: number, random: () => number) => number} pause
 * @param {number} seconds
 * @param {() => number} random
 */
export function replay(pause, seconds, random) {
  let requests = 0;
  let at = 0;
  do {
    at += pause(requests, random);
    requests += 1;
  } while (at < seconds);
  return { requests, lag: at - seconds };
}
