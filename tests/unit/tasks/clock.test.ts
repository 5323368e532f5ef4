import { systemClock } from "../../../provider/tasks";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("sleeps for as long as it is told", async () => {
  let isAwake = false;
  const sleep = systemClock.sleep(1_000).then(() => (isAwake = true));
  await jest.advanceTimersByTimeAsync(999);
  expect(isAwake).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  await sleep;
});

test("rejects at once with the signal's reason, and leaves no timer", async () => {
  const controller = new AbortController();
  const sleep = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  expect(jest.getTimerCount()).toBe(0);
});

test("rejects without a timer when the signal was aborted before", async () => {
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error("too late")))).rejects.toThrow(
    "too late",
  );
  expect(jest.getTimerCount()).toBe(0);
});

test("leaves no listener on the signal behind", async () => {
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, "addEventListener");
  const removed = jest.spyOn(signal, "removeEventListener");
  const sleeps = Array.from({ length: 100 }, () => systemClock.sleep(10, signal));
  await jest.advanceTimersByTimeAsync(10);
  await Promise.all(sleeps);
  expect(added).toHaveBeenCalledTimes(100);
  expect(removed).toHaveBeenCalledTimes(100);
});

test.each([
  [2 ** 31, 2 ** 31 - 1],
  [Infinity, 2 ** 31 - 1],
  [-5, 0],
])("a sleep of %d is one of %d, for Node makes 1 ms of what is too long", (ms, expected) => {
  const spy = jest.spyOn(globalThis, "setTimeout");
  void systemClock.sleep(ms);
  expect(spy).toHaveBeenLastCalledWith(expect.any(Function), expected);
});

test("chance lies from 0 up to 1", () => {
  const numbers = Array.from({ length: 100 }, () => systemClock.random());
  expect(numbers.every((one) => one >= 0 && one < 1)).toBe(true);
});
