import {
  createStatusBoard,
  statusIntervalMs,
  type StatusBoard,
} from "../../../provider/resources/status-board";

const intervalMs = 2_000;

let shown: string[];
let board: StatusBoard;

beforeEach(() => {
  jest.useFakeTimers();
  shown = [];
  board = createStatusBoard(intervalMs, (urn, text) => shown.push(`${urn}: ${text}`));
});
afterEach(() => jest.useRealTimers());

test("a first text is shown soon, and the next one of the same resource after the interval", () => {
  board.set("a", () => "1 %");
  jest.advanceTimersByTime(100);
  expect(shown).toEqual(["a: 1 %"]);
  board.set("a", () => "2 %");
  jest.advanceTimersByTime(intervalMs - 1);
  expect(shown).toEqual(["a: 1 %"]);
  jest.advanceTimersByTime(1);
  expect(shown).toEqual(["a: 1 %", "a: 2 %"]);
});

test("of texts that come too early the last one is shown, and only that one is made", () => {
  const early = jest.fn(() => "early");
  board.set("a", () => "first");
  jest.advanceTimersByTime(100);
  board.set("a", early);
  board.set("a", () => "late");
  jest.advanceTimersByTime(intervalMs);
  expect(shown).toEqual(["a: first", "a: late"]);
  expect(early).not.toHaveBeenCalled();
});

test("a text that is shown already is not shown again, and no timer is left", () => {
  board.set("a", () => "1 %");
  jest.advanceTimersByTime(100);
  board.set("a", () => "1 %");
  jest.advanceTimersByTime(10 * intervalMs);
  expect(shown).toEqual(["a: 1 %"]);
  expect(jest.getTimerCount()).toBe(0);
});

test("one that waits for its interval holds up no other", () => {
  board.set("a", () => "1 %");
  jest.advanceTimersByTime(100);
  board.set("a", () => "2 %");
  board.set("b", () => "queued");
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(100);
  expect(shown).toEqual(["a: 1 %", "b: queued"]);
});

test("texts that come faster than they are shown do not put each other off", () => {
  for (let ms = 0; ms < 500; ms += 50) {
    board.set(`task-${ms}`, () => "1 %");
    jest.advanceTimersByTime(50);
  }
  expect(shown).toHaveLength(10);
});

test("of thousands at most a hundred a second are shown, each in its turn, with the latest text", () => {
  const urns = Array.from({ length: 1_000 }, (_, index) => `task-${index}`);
  for (let second = 0; second < 10; second += 1) {
    for (const urn of urns) board.set(urn, () => `${second} %`);
    jest.advanceTimersByTime(1_000);
    expect(shown).toHaveLength(100 * (second + 1));
  }
  const seconds = urns.map((urn, index) => `${urn}: ${Math.floor(index / 100)} %`);
  expect(shown).toEqual(seconds);
});

test("an interval that is longer than a timer can be is waited for, without timers that find nothing due", () => {
  const patient = createStatusBoard(30 * 86_400_000, (urn, text) => shown.push(`${urn}: ${text}`));
  patient.set("a", () => "1 %");
  jest.advanceTimersByTime(100);
  const timers = jest.spyOn(globalThis, "setTimeout");
  patient.set("a", () => "2 %");
  jest.advanceTimersByTime(10_000);
  expect(shown).toEqual(["a: 1 %"]);
  expect(timers).toHaveBeenCalledTimes(1);
  expect(timers.mock.lastCall?.[1]).toBeLessThan(2 ** 31);
});

test("a closed board shows nothing more", () => {
  board.set("a", () => "1 %");
  board.close();
  board.set("b", () => "1 %");
  expect(jest.getTimerCount()).toBe(0);
  jest.advanceTimersByTime(10 * intervalMs);
  expect(shown).toEqual([]);
});

test.each([
  { environment: {}, ms: 2_000 },
  { environment: { CI: "true" }, ms: 30_000 },
  { environment: { CI: "false" }, ms: 2_000 },
  { environment: { TERM: "dumb" }, ms: 30_000 },
  { environment: { CI: "true", VMWARE_TASKS_STATUS_INTERVAL: "5s" }, ms: 5_000 },
  { environment: { VMWARE_TASKS_STATUS_INTERVAL: "often" }, ms: 2_000 },
])("with $environment a resource is shown every $ms ms", ({ environment, ms }) => {
  expect(statusIntervalMs(environment)).toBe(ms);
});
