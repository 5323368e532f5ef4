import fc from "fast-check";

import { readConfiguration, type Configuration } from "../../../../provider/operations";
import {
  pauseMs,
  toApiRequest,
  wantsRetryAfter,
  type RetryPolicy,
} from "../../../../provider/operations/arguments";
import type { FailureCause } from "../../../../provider/tasks";
import { runs } from "../../../support/properties";

const configured = (policies: Record<string, unknown>): Configuration =>
  readConfiguration({ retryPolicies: JSON.stringify(policies), environment: {} });
const policyOf = (given: Parameters<Configuration["policy"]>[0]): RetryPolicy =>
  configured({}).policy(given, {});

test("without a policy there is one attempt in a deployment, and another by the next", () => {
  expect(policyOf(undefined)).toEqual({
    how: "auto",
    maxAttempts: 1,
    delayMs: 30_000,
    factor: 2,
    maxDelayMs: 600_000,
    when: { transientOnly: false },
    cleanup: undefined,
    onNextUp: "again",
    busyTimeoutMs: 600_000,
  });
});

test("a policy is found by its name", () => {
  expect(configured({ gentle: { maxAttempts: 7 } }).policy("gentle", {}).maxAttempts).toBe(7);
});

describe("a policy that says where it holds", () => {
  const configuration = configured({
    named: { maxAttempts: 9 },
    nothing: null,
    hosts: { maxAttempts: 2, applyTo: { product: "sddc-manager", method: "post", path: "^/v1/hosts" } },
    posts: { maxAttempts: 3, applyTo: { method: "POST" } },
    rest: { maxAttempts: 4, applyTo: {} },
  });

  test.each([
    [{ product: "sddc-manager", method: "POST", path: "/v1/hosts?x=1" }, 2],
    [{ product: "sddc-manager", method: "POST", path: "/v1/domains" }, 3],
    [{ product: "vcenter", method: "POST", path: "/v1/hosts" }, 3],
    [{ product: "vcenter", method: "DELETE", path: "/x" }, 4],
    [{}, 4],
  ] as const)("holds for %j by the first that fits", (target, maxAttempts) => {
    expect(configuration.policy(undefined, target).maxAttempts).toBe(maxAttempts);
  });

  test("gives way to a policy of the operation's own", () => {
    const target = { product: "sddc-manager", method: "POST", path: "/v1/hosts" } as const;
    expect(configuration.policy("named", target).maxAttempts).toBe(9);
    expect(configuration.policy({ maxAttempts: 1 }, target).maxAttempts).toBe(1);
  });
});

test("a configured policy that is wrong is told where it would hold", () => {
  const configuration = configured({ all: { applyTo: {}, delay: "soon" }, unused: { delay: "soon" } });
  expect(configuration.policyProblems(undefined, "retry").map(({ path }) => path)).toEqual([
    "vmware-tasks:retryPolicies.all.delay",
  ]);
});

const cause = (more: Partial<FailureCause>): FailureCause => ({
  path: [],
  message: "It is locked by ann.",
  code: "LOCKED",
  ...more,
});

test.each<[string, Parameters<typeof policyOf>[0], FailureCause[], boolean]>([
  ["no wish, no cause", {}, [], true],
  ["no wish", {}, [cause({})], true],
  ["a cause that the server calls final", {}, [cause({}), cause({ isTransient: false })], false],
  ["transientOnly, told", { when: { transientOnly: true } }, [cause({ isTransient: true })], true],
  ["transientOnly, nothing told", { when: { transientOnly: true } }, [cause({})], false],
  ["a code", { when: { codes: ["A", "LOCKED"] } }, [cause({})], true],
  ["a code of a nested cause", { when: { codes: ["LOCKED"] } }, [cause({ code: "TOP" }), cause({})], true],
  ["another code", { when: { codes: ["A"] } }, [cause({})], false],
  ["a code, none told", { when: { codes: ["A"] } }, [cause({ code: undefined })], false],
  ["a message, whatever the case", { when: { message: "LOCKED by \\w+" } }, [cause({})], true],
  ["another message", { when: { message: "full" } }, [cause({})], false],
  ["code and message, one fails", { when: { codes: ["LOCKED"], message: "full" } }, [cause({})], false],
])("with %s, another attempt is %s wanted", (_title, given, causes, expected) => {
  const policy = policyOf(given);
  expect(wantsRetryAfter(policy, causes)).toBe(expected);
  // A pattern that remembers where it stopped would answer otherwise the second time.
  expect(wantsRetryAfter(policy, causes)).toBe(expected);
});

test("pauses grow up to the longest", () => {
  const policy = policyOf({ delay: "10s", factor: 3, maxDelay: "2m" });
  expect([1, 2, 3, 4, 5].map((attempts) => pauseMs(policy, attempts))).toEqual([
    10_000, 30_000, 90_000, 120_000, 120_000,
  ]);
});

test("a pause is always a number, however many attempts there were", () => {
  fc.assert(
    fc.property(
      fc.nat(5_000),
      fc.double({ min: 1, max: 1e6, noNaN: true }),
      fc.constantFrom("0s", "30s", "1d"),
      (attempts, factor, delay) => {
        const policy = policyOf({ delay, factor });
        const pause = pauseMs(policy, attempts);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(policy.maxDelayMs);
      },
    ),
    runs(100),
  );
});

test("a request keeps everything but the form of its timeout", () => {
  expect(
    toApiRequest({
      method: "POST",
      path: "/x",
      query: { a: 1 },
      headers: { b: "c" },
      body: [1],
      timeout: "90s",
    }),
  ).toEqual({
    method: "POST",
    path: "/x",
    query: { a: 1 },
    headers: { b: "c" },
    body: [1],
    timeoutMs: 90_000,
  });
});
