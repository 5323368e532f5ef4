// What a person reads when a task of VCDA failed: each report as a whole, in a file of its own.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { complete, createContext, openJournal, readConfiguration } from "../../../provider/operations";
import { startSimulator, type TaskPlan } from "../../../provider/simulator";
import { systemClock } from "../../../provider/tasks";
import { createFakeDeployment } from "../../support/operation-bed";
import { midnight } from "../../support/with-simulator";

const minute = 60_000;
const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";
const path = `/vapp-replications/${vapp}/failover`;
const password = "local-canary-password";
const guest = "guest-canary-password";

const stacktrace = Array.from(
  { length: 60 },
  (_, n) => `\tat com.vmware.h4.cloud.Job${String(n)}.run(Job.java:${String(n)})`,
);
const apiError = (code: string, msg: string, args: string[] = [], more: object = {}): object => ({
  code,
  msg,
  args,
  stacktrace: `com.vmware.h4.api.error.exceptions.${code}: ${msg}\n${stacktrace.join("\n")}`,
  ...more,
});

const failures: Record<string, TaskPlan> = {
  "no-room-at-the-destination": {
    error: apiError("VappImportFailed", "vApp {0} could not be imported to {1}.", ["shop", "vdc-gold"], {
      cause: apiError("StorageProfileFull", "Storage profile {0} has {1} GB left, {2} GB are needed.", [
        "gold",
        "12",
        "340",
      ]),
    }),
    warnings: [
      {
        error: apiError("SourceVmNotPoweredOff", "VM {0} at the source could not be powered off.", ["web-1"]),
      },
    ],
  },
  "an-argument-without-a-place": {
    error: apiError("NetworkMappingMissing", "No network is mapped.", ["web-1", "NIC 2"]),
  },
  "a-reason-that-echoes-a-secret": {
    error: apiError("GuestCustomizationFailed", "{0} is too simple; the site's own is {1}.", [
      guest,
      password,
    ]),
  },
  "no-reason": { error: null },
  "very-many-warnings": {
    error: apiError("ReplicationStalled", "Replication {0} does not answer.", [vapp]),
    warnings: Array.from({ length: 50 }, (_, n) => ({
      error: apiError("DiskSlow", "Disk {0} is slow.", [`disk-${String(n)}`]),
    })),
  },
};

/** The report of an operation whose task failed as planned, and the outcome that is stored. */
async function report(plan: TaskPlan): Promise<{ failure: string; stored: string }> {
  let now = midnight;
  const simulator = await startSimulator({ clock: { now: () => now }, password });
  const folder = mkdtempSync(join(tmpdir(), "vcda-reports-"));
  const { url, username } = simulator;
  const context = createContext({
    configuration: readConfiguration({
      endpoints: JSON.stringify({ dr: { product: "vcda", login: "localUser", url, username, password } }),
      environment: {},
    }),
    journal: openJournal(folder),
    clock: systemClock,
    deployment: createFakeDeployment(),
    skipsCheckpoints: false,
  });
  try {
    const startedTaskId = simulator.startForeignTask({
      product: "vcda",
      path,
      user: username,
      body: { name: "shop" },
      plan: { ...plan, outcome: "FAILED", durationMs: 12 * minute },
    });
    now += 12 * minute;
    const { failure, outcome } = await complete(context, {
      resourceUrn: "urn:pulumi:dev::dr::pulumi-nodejs:vmware:CompletedTask::shop",
      endpoint: "dr",
      startedTaskId,
      site: "site1",
      request: { method: "POST", path, body: { guestPassword: guest } },
    });
    return { failure: failure ?? "", stored: JSON.stringify(outcome) };
  } finally {
    await context.close(AbortSignal.timeout(1_000));
    await simulator.close();
    rmSync(folder, { recursive: true });
  }
}

test.each(Object.entries(failures))("%s", async (name, plan) => {
  const { failure, stored } = await report(plan);
  expect(`${failure}\n`).toBe(readFileSync(join(__dirname, "golden", `${name}.txt`), "utf8"));
  const lines = failure.split("\n");
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(lines.slice(0, 5).join("\n")).toMatch(plan.error === null ? /gives no reason/ : /[A-Z]\w+: /);
  for (const text of [failure, stored]) {
    expect(text).not.toContain("Job.java");
    expect(text).not.toContain("canary");
  }
});
