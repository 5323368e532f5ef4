import { durationSeconds } from "../../../provider/operations/task-data";

const noon = Date.UTC(2026, 0, 1, 12);

test.each([
  [noon, noon + 90_000, 90],
  [noon, noon, 0],
  [noon, noon - 1, undefined],
  // A task of 1970, as an official sample shows one.
  [1_000, noon, undefined],
  [undefined, noon, undefined],
  [noon, undefined, undefined],
])("a task from %p to %p ran for %p s", (startedAt, finishedAt, seconds) => {
  expect(durationSeconds(startedAt, finishedAt)).toBe(seconds);
});
