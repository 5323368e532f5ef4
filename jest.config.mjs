import { availableParallelism } from "node:os";

// Five kinds of tests: unit (pure, fake clock), simulator (real HTTP), spec (the same against the official API files),
// engine (the real Pulumi CLI), faults (kills and outages by the hundred: too slow to be run at each change).
const transform = {
  "\\.ts$": [
    "@swc/jest",
    {
      jsc: { parser: { syntax: "typescript" }, target: "es2023" },
      module: { type: "commonjs", ignoreDynamic: true },
    },
  ],
};
const project = (name, more = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/examples/"],
  transform,
  ...more,
});

export default {
  // The engine tests mostly wait for tasks and for the CLI, so more of them run than there are cores.
  maxWorkers: availableParallelism() + 1,
  // A machine that has much else to do takes minutes for what it does in seconds otherwise. Longer than `until` waits, so
  // that a test says what never came.
  testTimeout: 180_000,
  // A healthy worker has taken 350 ms to go on such a machine, and after the usual 500 Jest says that it hangs.
  workerGracefulExitTimeout: 10_000,
  projects: [project("unit"), project("simulator"), project("spec"), project("engine"), project("faults")],
};
