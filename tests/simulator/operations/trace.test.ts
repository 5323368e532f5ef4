// What a user attaches to a report: every request, change and fault as a line, and no secret.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  complete,
  createContext,
  readConfiguration,
  start,
  type Context,
} from "../../../provider/operations";
import { startSimulator, type Simulator } from "../../../provider/simulator";
import { systemClock } from "../../../provider/tasks";
import { createFakeDeployment, type FakeDeployment } from "../../support/operation-bed";
import { canary, errorOf } from "../../support/with-simulator";
import { endpointsOf } from "../../support/endpoints";
import { openUsedJournal } from "../../support/used-journal";

const resourceUrn = "urn:pulumi:dev::project::pulumi-nodejs:vmware:StartedTask::vm";
const secretWord = "kept-by-the-program";

interface Line {
  readonly what: string;
  readonly [field: string]: unknown;
}

interface Bench {
  readonly simulator: Simulator;
  readonly context: Context;
  readonly deployment: FakeDeployment;
  readonly text: () => string;
  readonly lines: () => Line[];
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "trace-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linesOfWriter = 200;

/** A process of its own that writes long lines, by the package as it is built. */
function writer(file: string, letter: string): Promise<number | null> {
  const built = join(__dirname, "../../../dist/provider/operations/trace-file.js");
  const script = `
    const { openTrace } = require(${JSON.stringify(built)});
    const redactor = { text: (text) => text, texts: (value) => value };
    const trace = openTrace(${JSON.stringify(file)}, { now: Date.now }, redactor, () => process.exit(1));
    for (let i = 0; i < ${linesOfWriter}; i += 1)
      trace.write({ what: "wrong reply", endpoint: "e", request: "r", problem: "p", body: "${letter}".repeat(3_900) });`;
  return new Promise((done) =>
    spawn(process.execPath, ["-e", script], { stdio: "inherit" }).once("exit", done),
  );
}

async function withTrace(
  use: (bench: Bench) => Promise<void>,
  { isTraced = true, file: name = "trace.jsonl" } = {},
): Promise<void> {
  const simulator = await startSimulator({ defaultDurationMs: 700, password: canary });
  const file = join(folder, name);
  const deployment = createFakeDeployment();
  const text = (): string => readFileSync(file, "utf8");
  const context = createContext({
    configuration: readConfiguration({ endpoints: JSON.stringify(endpointsOf(simulator)), environment: {} }),
    journal: openUsedJournal(join(folder, "journal"), resourceUrn),
    clock: systemClock,
    deployment,
    skipsCheckpoints: false,
    traceFile: isTraced ? file : undefined,
  });
  try {
    const lines = (): Line[] =>
      text()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Line);
    await use({ simulator, context, deployment, text, lines });
  } finally {
    await context.close(AbortSignal.timeout(1_000));
    await simulator.close();
  }
}

const request = {
  method: "POST" as const,
  path: "/v1/hosts",
  body: [
    {
      fqdn: secretWord,
      username: "root",
      password: "canary-of-the-host",
      storageType: "VSAN",
      networkPoolId: "np",
    },
  ],
};
const given = { resourceUrn, endpoint: "sddc", request, secretValues: [secretWord] };

async function run(context: Context): Promise<void> {
  const { taskId } = await start(context, given);
  await complete(context, { ...given, startedTaskId: taskId });
}

test("requests and changes of the task are told in their order, and no secret is", async () => {
  await withTrace(async ({ simulator, context, text, lines }) => {
    simulator.script({ outcome: "FAILED", error: "Host {body.0.fqdn} refused {body.0.password}." });
    await run(context);
    const requests = lines().filter(({ what }) => what === "request");
    expect(requests.slice(0, 2)).toMatchObject([
      { endpoint: "sddc", method: "POST", path: "/v1/tokens", status: 201 },
      { endpoint: "sddc", method: "POST", path: "/v1/hosts", status: 202 },
    ]);
    expect(requests.every((line) => line.body === undefined)).toBe(true);
    const statuses = lines().filter(({ what }) => what === "status");
    expect(statuses.at(-1)).toMatchObject({ status: "FAILED", task: simulator.starts[0]?.taskId });
    for (const secret of [canary, secretWord, "canary-of-the-host", "accessToken"])
      expect(text()).not.toContain(secret);
    expect(statSync(join(folder, "trace.jsonl")).mode & 0o777).toBe(0o600);
  });
});

test("a refusal is told with its body, known secrets masked", async () => {
  await withTrace(async ({ simulator, context, text, lines }) => {
    simulator.script({
      match: { path: "/v1/hosts" },
      reply: { status: 400, error: "BAD_HOST", message: "No {body.0.fqdn} with {body.0.password}." },
    });
    await errorOf(run(context));
    expect(lines().at(-1)).toMatchObject({ status: 400, body: { errorCode: "BAD_HOST" } });
    expect(text()).toContain("No [secret] with [secret].");
  });
});

test("a reply that is not what the API documents is told with its body, which the error does not show", async () => {
  await withTrace(async ({ simulator, context, lines }) => {
    simulator.script({
      match: { path: "/v1/hosts" },
      reply: { status: 202, body: { odd: "shape", password: "canary-of-the-host" } },
    });
    const error = await errorOf(start(context, given));
    expect(error.message).not.toContain("shape");
    expect(lines().find(({ what }) => what === "wrong reply")).toMatchObject({
      endpoint: "sddc",
      request: "POST /v1/hosts",
      problem: expect.stringContaining("no task id at `id`") as string,
      body: { odd: "shape", password: "[secret]" },
    });
  });
});

test("faults are told: no reply, a page of a proxy, a task that cannot be seen", async () => {
  await withTrace(async ({ simulator, context, lines }) => {
    simulator.fault({ what: "reset-before", match: { operation: "get" } });
    simulator.fault({ what: "html", status: 503, match: { operation: "get" } });
    await run(context);
    const gets = lines().filter(({ what, method }) => what === "request" && method === "GET");
    expect(gets[0]).toMatchObject({ fault: expect.stringContaining("gave no answer") as string });
    expect(gets[1]).toMatchObject({ status: 503, body: expect.stringContaining("<html>") as string });
    expect(lines().filter(({ what }) => what === "no look")).toHaveLength(2);
  });
});

test("half a secret, and one that JSON escapes, is told in no long body", async () => {
  await withTrace(async ({ simulator, context, text }) => {
    const odd = 'quoted-"canary"-of-the-program';
    const message = `${"x".repeat(3_930)}${odd}${"y".repeat(100)}${odd}`;
    simulator.script({ match: { path: "/v1/hosts" }, reply: { status: 400, error: "LONG", message } });
    await errorOf(start(context, { ...given, secretValues: [odd] }));
    expect(text()).toContain("LONG");
    expect(text()).not.toContain("quoted-");
  });
});

test("a trace that cannot be written any more costs no reply, and starts nothing again", async () => {
  await withTrace(async ({ simulator, context, deployment }) => {
    await context.open("sddc").client.reach(context.deployment.signal);
    const file = join(folder, "trace.jsonl");
    rmSync(file);
    mkdirSync(file);
    const { taskId } = await start(context, given);
    expect(simulator.starts.map((one) => one.taskId)).toEqual([taskId]);
    expect(deployment.warnings).toEqual([expect.stringContaining("cannot be written (EISDIR)")]);
  });
});

test("without the variable nothing is written", async () => {
  await withTrace(
    async ({ context }) => {
      await run(context);
      expect(existsSync(join(folder, "trace.jsonl"))).toBe(false);
    },
    { isTraced: false },
  );
});

test("a file that cannot be written is told once, and costs nothing", async () => {
  await withTrace(
    async ({ simulator, context, deployment }) => {
      await run(context);
      expect(simulator.starts).toHaveLength(1);
      expect(deployment.warnings).toEqual([
        expect.stringMatching(/VMWARE_TASKS_TRACE names .* cannot be written \(ENOENT\)/),
      ]);
    },
    { file: join("missing", "trace.jsonl") },
  );
});

test("lines of two processes stay whole, however long they are", async () => {
  const file = join(folder, "trace.jsonl");
  const [one, two] = await Promise.all([writer(file, "a"), writer(file, "b")]);
  expect([one, two]).toEqual([0, 0]);
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const told = lines.map((line) => JSON.parse(line) as Line & { body: string });
  expect(told).toHaveLength(2 * linesOfWriter);
  expect(new Set(told.map(({ body }) => body.length))).toEqual(new Set([3_900]));
  expect(new Set(told.map((line) => line.process)).size).toBe(2);
});
