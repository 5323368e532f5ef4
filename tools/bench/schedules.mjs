// Schedules in virtual time: what following one task costs in requests, and how late its end is seen; ours and the peers'.
import { table } from "../figures.mjs";
import { follow } from "./schedules/follow.mjs";
import { draws, drawsOfMany, lengths, manyLengths, measure, spread } from "./schedules/measure.mjs";
import { peers, replay } from "./schedules/peers.mjs";

const tellsNothing = () => undefined;

/** What is known of a task on its way. */
const kinds = {
  percent: {
    known: "its progress, in whole percents",
    fraction: (share) => Math.floor(share * 100) / 100,
    earlierRuns: 0,
  },
  subTasks: {
    known: "how many of 8 sub-tasks, equally long ones, are done",
    fraction: (share) => Math.floor(share * 8) / 8,
    earlierRuns: 0,
  },
  earlierRuns: { known: "how long 10 earlier ones took", fraction: tellsNothing, earlierRuns: 10 },
  nothing: { known: "nothing", fraction: tellsNothing, earlierRuns: 0 },
};

/** What is promised of tasks whose progress is known, or that have run before. */
const reach = [
  { length: "5 s", requests: 4, lag: 1 },
  { length: "5 min", requests: 30, lag: 2 },
  { length: "4 h", requests: 120, lag: 10 },
];

const ourSchedule =
  ({ fraction, earlierRuns }) =>
  (draw, random) =>
    follow({ seconds: draw(), fraction, earlierRuns: Array.from({ length: earlierRuns }, draw) }, random);
const theirSchedule =
  ({ pause }) =>
  (draw, random) =>
    replay(pause, draw(), random);

const ours = {};
for (const [kind, how] of Object.entries(kinds))
  ours[kind] = { name: how.known, measured: await measure(ourSchedule(how)) };

const theirs = [];
for (const peer of peers) theirs.push({ name: peer.name, measured: await measure(theirSchedule(peer)) });

const isBetter = (one, other) => one.requests < other.requests && one.lag < other.lag;

function shown(value) {
  return value.toFixed(value < 100 ? 1 : 0);
}

function rowOf({ name, measured }) {
  const cells = lengths.map(({ length }) => {
    const { requests, lag, p95 } = measured[length];
    return [requests, lag, p95].map(shown).join(" / ");
  });
  return [name, ...cells];
}

const columns = lengths.map(({ length }) => length);
const cells = "requests a task / mean lag / p95 lag, in seconds";
const setting = `${draws} draws of each length, ±${spread * 100} %, network time zero`;

table(
  `This package's watcher, one task in virtual time: ${cells} (${setting}).`,
  ["Known of the task", ...columns],
  Object.values(ours).map(rowOf),
);

table(
  `The peers' schedules, replayed from their published defaults, not run: ${cells} (${setting}).`,
  ["Peer", ...columns],
  theirs.map(rowOf),
);

table(
  "Peers better on both axes, with fewer requests and less mean lag, where nothing is known of the task.",
  columns,
  [
    columns.map((length) => {
      const own = ours.nothing.measured[length];
      const better = theirs.filter(({ measured }) => isBetter(measured[length], own)).map(({ name }) => name);
      return better.length === 0 ? "none" : better.join("; ");
    }),
  ],
);

/** In words, at how many of the many lengths each of two schedules is better on both axes. */
function compare(own, other) {
  const count = (better) => manyLengths.filter(({ length }) => better(own[length], other[length])).length;
  return `${count(isBetter)} / ${count((one, its) => isBetter(its, one))}`;
}

const many = (schedule) => measure(schedule, manyLengths, drawsOfMany);
const ofMany = {};
for (const kind of ["percent", "earlierRuns", "nothing"]) ofMany[kind] = await many(ourSchedule(kinds[kind]));
const compared = [];
for (const peer of peers) {
  const other = await many(theirSchedule(peer));
  compared.push([peer.name, ...Object.values(ofMany).map((own) => compare(own, other))]);
}
table(
  `At how many of ${manyLengths.length} lengths from 2 s to 8 h this package is better on both axes / the peer is, by what is known of the task (${drawsOfMany} draws of each).`,
  ["Peer", ...Object.keys(ofMany).map((kind) => kinds[kind].known)],
  compared,
);

table(
  "What is promised where progress or earlier runs are known, and what was measured: requests a task, and mean lag in seconds.",
  ["Known of the task", "Length", "Requests, at most", "Measured", "Mean lag, at most", "Measured", "Kept"],
  [ours.percent, ours.earlierRuns].flatMap(({ name, measured }) =>
    reach.map(({ length, requests, lag }) => {
      const own = measured[length];
      const isKept = own.requests <= requests && own.lag <= lag;
      return [
        name,
        length,
        requests,
        own.requests.toFixed(2),
        lag,
        own.lag.toFixed(2),
        isKept ? "yes" : "no",
      ];
    }),
  ),
);
