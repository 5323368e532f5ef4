import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openDurations } from "../../../provider/operations/durations";
import { createFakeClock } from "../../support/fake-clock";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "durations-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = createFakeClock();
const kind = ["https://vc.example.com", "task", "vm", "clone"];
const written = (): { runs: Record<string, number[]> } =>
  JSON.parse(readFileSync(join(folder, "durations"), "utf8")) as { runs: Record<string, number[]> };

test("tells bounds from the third run on, a little wider than the runs", () => {
  const durations = openDurations(undefined, clock);
  durations.add(kind, 60_000);
  durations.add(kind, 70_000);
  expect(durations.range(kind)).toBeUndefined();
  durations.add(kind, 100_000);
  expect(durations.range(kind)).toEqual({ shortestMs: 50_000, longestMs: 110_000 });
  expect(durations.range([...kind, "other"])).toBeUndefined();
});

test("runs that were alike leave room for others", () => {
  const durations = openDurations(undefined, clock);
  for (let run = 0; run < 3; run += 1) durations.add(kind, 100_000);
  expect(durations.range(kind)).toEqual({ shortestMs: 96_250, longestMs: 103_750 });
});

test("only the last ten runs of a kind count", () => {
  const durations = openDurations(undefined, clock);
  durations.add(kind, 5_000);
  for (let run = 0; run < 10; run += 1) durations.add(kind, 100_000);
  expect(durations.range(kind)?.shortestMs).toBeGreaterThan(90_000);
});

test("a later process knows what was flushed", () => {
  const first = openDurations(folder, clock);
  for (let run = 0; run < 3; run += 1) first.add(kind, 100_000);
  first.flush();
  expect(openDurations(folder, clock).range(kind)).toEqual(first.range(kind));
});

test("writes at most once a second, and by itself", async () => {
  const durations = openDurations(folder, clock);
  durations.add(kind, 1);
  durations.add(kind, 2);
  expect(Object.values(written().runs)).toEqual([[1]]);
  await clock.run(clock.sleep(1_000));
  durations.add(kind, 3);
  expect(Object.values(written().runs)).toEqual([[1, 2, 3]]);
});

test("two processes lose nothing of each other's kinds", () => {
  const [one, other] = [openDurations(folder, clock), openDurations(folder, clock)];
  for (let run = 0; run < 3; run += 1) {
    one.add(["one"], 10_000);
    other.add(["other"], 20_000);
  }
  one.flush();
  other.flush();
  const later = openDurations(folder, clock);
  expect(later.range(["one"])?.longestMs).toBeGreaterThan(10_000);
  expect(later.range(["other"])?.longestMs).toBeGreaterThan(20_000);
});

test("keeps the 300 kinds that ran last, and names none of them", () => {
  const durations = openDurations(folder, clock);
  durations.add(["first"], 1);
  for (let index = 0; index < 299; index += 1) durations.add([index], 1);
  durations.add(["first"], 2);
  durations.add(["one more"], 3);
  durations.flush();
  const { runs } = written();
  expect(Object.keys(runs)).toHaveLength(300);
  expect(Object.values(runs)).toContainEqual([1, 2]);
  expect(readFileSync(join(folder, "durations"), "utf8")).not.toMatch(/first|one more/);
  expect(statSync(join(folder, "durations")).mode & 0o777).toBe(0o600);
});

test.each([["{"], ["[]"], ['{"version":2,"runs":{}}'], ['{"version":1,"runs":{"a":["x"]}}']])(
  "what cannot be understood is begun anew: %s",
  (text) => {
    writeFileSync(join(folder, "durations"), text);
    const durations = openDurations(folder, clock);
    expect(durations.range(kind)).toBeUndefined();
    durations.add(kind, 1);
    durations.flush();
    expect(Object.values(written().runs)).toEqual([[1]]);
  },
);

test("a folder that cannot be written fails nothing", () => {
  const path = join(folder, "file");
  writeFileSync(path, "");
  const durations = openDurations(join(path, "below"), clock);
  for (let run = 0; run < 3; run += 1) durations.add(kind, 100_000);
  durations.flush();
  expect(durations.range(kind)).toBeDefined();
  mkdirSync(join(folder, "durations"));
  const other = openDurations(folder, clock);
  other.add(kind, 1);
  other.flush();
  expect(readdirSync(folder).sort()).toEqual(["durations", "file"]);
});

test("bounds are never below nothing, and the folder is the user's alone", () => {
  const below = join(folder, "below");
  const durations = openDurations(below, clock);
  for (const ms of [0, 10, 90_000]) durations.add(kind, ms);
  expect(durations.range(kind)?.shortestMs).toBe(0);
  expect(statSync(below).mode & 0o777).toBe(0o700);
});

test("does not write again within a second", async () => {
  const durations = openDurations(folder, clock);
  durations.add(kind, 1);
  await clock.run(clock.sleep(900));
  durations.add(kind, 2);
  expect(Object.values(written().runs)).toEqual([[1]]);
});
