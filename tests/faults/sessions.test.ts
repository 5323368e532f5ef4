// Sessions that live for twenty seconds under waits of a minute and more: real time, for a client keeps the life of a token by
// its own clock.
import type { RecordedRequest } from "../../provider/simulator";
import { products, systemClock, type Product } from "../../provider/tasks";
import { withFollowBench } from "../support/follow-bench";

jest.setTimeout(600_000);

const second = 1_000;
const lifeMs = 20 * second;
const tasksEach = 50;

/** SDDC Manager's tokens are renewed when nine tenths of their life are over, not when they have ended. */
const shortestMs = { "sddc-manager": 0.85 * lifeMs } as Partial<Record<Product, number>>;

const durations = [60, 67, 75, 82, 90];

/** The most that happened within a second. */
function mostAtOnce(requests: readonly RecordedRequest[]): number {
  return Math.max(
    0,
    ...requests.map(({ at: from }) => requests.filter(({ at }) => at >= from && at < from + second).length),
  );
}

test("200 waits at four endpoints cost one log-in for each session that ends, and none of them fails", async () => {
  const simulate = {
    tokenSeconds: lifeMs / second,
    sessionMaxAgeSeconds: lifeMs / second,
    scripts: durations.map((seconds) => ({
      times: tasksEach / durations.length,
      durationMs: seconds * second,
    })),
  };
  await withFollowBench({ clock: systemClock, simulate }, async ({ simulators, deploy }) => {
    const { start, follow } = deploy();
    const given = (await Promise.all(products.map((product) => start(product, tasksEach)))).flat();
    const beganAt = Date.now();
    // vCenter and Snapservice know an end by idleness only, and these sessions are never idle.
    const endedAt: number[] = [];
    const ending = setInterval(() => {
      for (const product of ["vcenter", "snapservice"] as const) simulators[product].expireSessions();
      endedAt.push(Date.now());
    }, lifeMs);
    const completions = await Promise.all(given.map((one) => follow(one))).finally(() =>
      clearInterval(ending),
    );
    const tookMs = Date.now() - beganAt;

    expect(completions.filter(({ outcome }) => outcome.status !== "SUCCEEDED")).toEqual([]);
    const rows = products.map((product) => {
      const { requests, starts } = simulators[product];
      const logIns = requests.filter(({ operation, status = 0 }) => operation === "login" && status < 300);
      const refused = requests.filter(({ status }) => status === 401);
      const gaps = logIns.slice(1).map(({ at }, index) => at - (logIns[index]?.at ?? 0));
      expect(starts).toHaveLength(tasksEach);
      // Each session lasts as long as the server lets it, and every log-in is a good one.
      if (product === "vcenter" || product === "snapservice")
        expect(logIns.length).toBeLessThanOrEqual(endedAt.length + 1);
      else expect(Math.min(...gaps)).toBeGreaterThanOrEqual(shortestMs[product] ?? lifeMs);
      expect(requests.filter(({ operation }) => operation === "login")).toHaveLength(logIns.length);
      expect(logIns.length).toBeGreaterThanOrEqual(Math.floor(tookMs / (2 * lifeMs)));
      // Four connections at most, so no more than four requests can be on their way when a session ends.
      expect(mostAtOnce(refused)).toBeLessThanOrEqual(4);
      expect(refused.length).toBeLessThanOrEqual(4 * logIns.length);
      const passwords = logIns.filter(({ method }) => method === "POST").length;
      if (product === "sddc-manager") expect(passwords).toBe(1);
      return [product, logIns.length, passwords, refused.length, requests.length].join(" | ");
    });
    process.stdout.write(`product | log-ins | with the password | refused | requests\n${rows.join("\n")}\n`);
  });
});
