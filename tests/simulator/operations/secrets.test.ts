// Servers and gateways that echo all they were sent: nothing that we show, keep or throw holds a secret of it.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";

import {
  abandon,
  complete,
  createContext,
  openJournal,
  readConfiguration,
  readTasks,
  start,
  type CompletionArguments,
  type Context,
} from "../../../provider/operations";
import { startSimulator, type Simulator, type TaskPlan } from "../../../provider/simulator";
import { products, type Product } from "../../../provider/tasks";
import { canaryOf, leaksIn } from "../../support/canary";
import { createFastClock } from "../../support/fast-clock";
import { errorOfProduct, startMirror, type Mirror, type Reflection } from "../../support/mirror";
import { createFakeDeployment, type FakeDeployment } from "../../support/operation-bed";
import { endpointsOf } from "../../support/endpoints";
import { errorOf } from "../../support/with-simulator";

const canaries = {
  password: canaryOf("password"),
  header: canaryOf("endpoint-header"),
  body: canaryOf("body"),
  nested: canaryOf("nested"),
  marked: canaryOf("marked"),
  json: canaryOf("json"),
  requestHeader: canaryOf("request-header"),
  query: canaryOf("query"),
  path: canaryOf("path"),
  basic: canaryOf("basic"),
};
// Before the first letter that JSON escapes.
const bodyBegins = canaries.body.slice(0, 7);
const basic = Buffer.from(`gateway:${canaries.basic}`).toString("base64");

const endpoints: Record<Product, string> = {
  vcenter: "vcenter",
  snapservice: "snap",
  "sddc-manager": "sddc",
  vcda: "vcda",
};
const paths: Record<Product, string> = {
  vcenter: "/api/vcenter/vm?action=clone&",
  snapservice: "/api/snapservice/clusters/domain-c8/protection-groups?",
  "sddc-manager": "/v1/domains?",
  vcda: "/vapp-replications?",
};

/** A request with a secret in each place that can have one. */
function givenOf(product: Product): Omit<CompletionArguments, "startedTaskId"> {
  return {
    resourceUrn: `urn:pulumi:dev::p::vmware:StartedTask::${product}`,
    endpoint: endpoints[product],
    secretValues: [canaries.marked],
    request: {
      method: "POST",
      path: `${paths[product]}refreshToken=${encodeURIComponent(canaries.path)}`,
      query: { accessToken: canaries.query },
      headers: { "x-extra-token": canaries.requestHeader, "x-upstream-credentials": `Basic ${basic}` },
      body: {
        source: "vm-1",
        name: "one",
        domainName: "one",
        target_entities: { vms: ["vm-1"] },
        password: canaries.body,
        hosts: [{ logIn: { sshCredentials: [{ value: canaries.nested }] } }],
        note: canaries.marked,
        spec: JSON.stringify({ deep: [{ adminPassword: canaries.json }] }),
      },
    },
  };
}

interface Bench {
  readonly simulator: Simulator;
  readonly mirror: Mirror;
  readonly context: Context;
  readonly deployment: FakeDeployment;
  /** Everything that was shown or kept until now, and these. */
  readonly told: (...more: unknown[]) => string;
  readonly secrets: () => string[];
}

function textOf(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value);
  return [
    value.message,
    value.stack,
    inspect(value, { depth: 10, showHidden: true }),
    JSON.stringify(value),
  ].join("\n");
}

async function withBench<T>(use: (bench: Bench) => Promise<T>, endpoint: object = {}): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "secrets-test-"));
  const clock = createFastClock(400);
  const simulator = await startSimulator({ clock, defaultDurationMs: 30_000, password: canaries.password });
  const mirror = await startMirror(simulator.url);
  const { username, password } = simulator;
  const deployment = createFakeDeployment();
  const traceFile = join(folder, "trace.jsonl");
  const context = createContext({
    configuration: readConfiguration({
      endpoints: JSON.stringify(
        endpointsOf(
          { url: mirror.url, username, password },
          { headers: { "x-gateway": canaries.header }, reachTimeout: "20s", ...endpoint },
        ),
      ),
      environment: {},
    }),
    journal: openJournal(join(folder, "journal")),
    clock,
    deployment,
    skipsCheckpoints: false,
    traceFile,
  });
  const kept = (): string[] =>
    [
      traceFile,
      ...(existsSync(join(folder, "journal"))
        ? readdirSync(join(folder, "journal")).map((name) => join(folder, "journal", name))
        : []),
    ]
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, "utf8"));
  try {
    return await use({
      simulator,
      mirror,
      context,
      deployment,
      told: (...more) =>
        [...kept(), ...deployment.statuses, ...deployment.warnings, ...more.map(textOf)].join("\n"),
      secrets: () => [...Object.values(canaries), basic, ...mirror.proofs],
    });
  } finally {
    await context.close(AbortSignal.timeout(1_000));
    await mirror.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");

const json = (status: number, body: unknown): Reflection => ({
  status,
  headers: { "content-type": "application/json" },
  text: JSON.stringify(body),
});

/** How a request is answered with what it held. */
const reflections: Record<string, (product: Product, held: string) => Reflection> = {
  "a refusal": (product, held) => json(400, errorOfProduct(product, held)),
  "a refusal whose message was cut": (product, held) =>
    json(400, errorOfProduct(product, held.slice(0, held.indexOf(bodyBegins) + canaries.body.length - 5))),
  "a refusal that shows the end of a secret": (product, held) =>
    json(400, errorOfProduct(product, held.slice(held.indexOf(bodyBegins) + 5))),
  "a 401": (product, held) => json(401, errorOfProduct(product, held)),
  "a 403": (product, held) => json(403, errorOfProduct(product, held)),
  "a 409": (product, held) => json(409, errorOfProduct(product, held)),
  "a 500": (product, held) => json(500, errorOfProduct(product, held)),
  "a 500 of nobody's format": (_product, held) => json(500, { echo: [held], inner: { text: held } }),
  "a page": (_product, held) => ({ status: 500, text: `<html><p>${escaped(held)}</p></html>` }),
  "a page with status 200": (_product, held) => ({
    status: 200,
    text: `<html><p>${escaped(held)}</p></html>`,
  }),
  "half a JSON": (_product, held) => ({ status: 502, text: JSON.stringify({ echo: held }).slice(0, -9) }),
  "a redirect": (_product, held) => ({
    status: 302,
    headers: { location: `https://other.example.com/?${encodeURIComponent(held)}` },
    text: `<a href="/?${encodeURIComponent(held)}">moved</a>`,
  }),
  "a 202 of an odd shape": (_product, held) => json(202, { odd: { echo: held, list: [held] } }),
};

const logIn = /\/(session|sessions|tokens)(\/|$)/;

/** Leaks by the way of answering: all ways at once, for each waits most of its time. */
async function leaksOfAll(
  play: (answer: (product: Product, held: string) => Reflection) => Promise<readonly string[]>,
): Promise<Record<string, readonly string[]>> {
  const found = await Promise.all(
    Object.entries(reflections).map(async ([name, answer]) => [name, await play(answer)] as const),
  );
  return Object.fromEntries(found);
}

const noLeaks = Object.fromEntries(Object.keys(reflections).map((name) => [name, []]));

describe.each(products)(
  "%s: no secret is shown, kept or thrown when the server answers with what it was sent",
  (product) => {
    const given = givenOf(product);

    test("at a start", async () => {
      const leaks = await leaksOfAll((answer) =>
        withBench(async ({ mirror, context, told, secrets }) => {
          let reflected = 0;
          mirror.reflect = ({ method, path }, held) => {
            if (method !== "POST" || !path.includes("refreshToken")) return undefined;
            reflected += 1;
            return answer(product, held);
          };
          const error = await errorOf(start(context, { ...given, retry: { busyTimeout: "1s" } }));
          expect(reflected).toBeGreaterThan(0);
          return leaksIn(told(error), secrets());
        }),
      );
      expect(leaks).toEqual(noLeaks);
    });

    test("at a log-in", async () => {
      const leaks = await leaksOfAll((answer) =>
        withBench(async ({ mirror, context, told, secrets }) => {
          let reflected = 0;
          mirror.reflect = ({ path }, held) => {
            if (!logIn.test(path)) return undefined;
            reflected += 1;
            return answer(product, held);
          };
          const error = await errorOf(start(context, given));
          expect(reflected).toBeGreaterThan(0);
          return leaksIn(told(error), secrets());
        }),
      );
      expect(leaks).toEqual(noLeaks);
    });

    test("at looks", async () => {
      const leaks = await leaksOfAll((answer) =>
        withBench(
          async ({ mirror, context, told, secrets }) => {
            const { taskId } = await start(context, given);
            let reflected = 0;
            mirror.reflect = ({ path }, held) => {
              if (logIn.test(path)) return undefined;
              reflected += 1;
              return answer(product, held);
            };
            const done = await complete(context, { ...given, startedTaskId: taskId, timeout: "3m" });
            const error = await errorOf(readTasks(context, { endpoint: given.endpoint, filter: {} }));
            expect(reflected).toBeGreaterThan(0);
            return leaksIn(told(done, error), secrets());
          },
          { outageTolerance: "1m" },
        ),
      );
      expect(leaks).toEqual(noLeaks);
    });
  },
);

/** A task that tells its request everywhere. */
const echoes = "{body.password} {body.note} {body.spec} {body.hosts.0.logIn.sshCredentials.0.value} {path}";
const plans: Record<Product, TaskPlan> = {
  vcenter: {
    outcome: "FAILED",
    messages: [echoes],
    error: {
      error_type: "ERROR",
      messages: [{ id: "a", default_message: echoes, args: [echoes] }],
      data: { again: echoes },
    },
    fields: {
      description: { id: "d", default_message: echoes, args: [] },
      odd: { password: "{body.password}", text: echoes },
    },
  },
  snapservice: {
    outcome: "FAILED",
    messages: [echoes],
    error: { error_type: "ERROR", messages: [{ id: "a", default_message: echoes, args: [] }] },
    fields: { odd: { text: echoes } },
  },
  "sddc-manager": {
    outcome: "FAILED",
    error: [
      {
        errorCode: "A",
        message: echoes,
        causes: [{ type: "B", message: echoes }],
        remediationMessage: echoes,
      },
    ],
    subTasks: [
      { name: echoes, description: echoes, outcome: "FAILED", errors: [{ errorCode: "C", message: echoes }] },
    ],
    resources: [],
    fields: { odd: [{ password: "{body.password}", text: echoes }] },
  },
  vcda: {
    outcome: "FAILED",
    error: { code: "A", msg: "{0}", args: [echoes], stacktrace: echoes },
    warnings: [{ error: { code: "B", msg: echoes, args: [] } }],
    fields: { odd: { text: echoes } },
  },
};

test.each(products)(
  "%s: a task that tells its request in every field is stored and reported without secrets",
  async (product) => {
    await withBench(async ({ simulator, context, told, secrets }) => {
      simulator.script(plans[product]);
      const given = givenOf(product);
      const { taskId } = await start(context, given);
      const done = await complete(context, { ...given, startedTaskId: taskId });
      expect(done.failure).toContain("[secret]");
      expect(JSON.stringify(done.outcome.task)).toContain("[secret]");
      expect(leaksIn(told(done), secrets())).toEqual([]);
    });
  },
);

test.each(products)("%s: no part of a secret is left where a report cuts a message", async (product) => {
  await withBench(async ({ simulator, context, told, secrets }) => {
    const given = givenOf(product);
    for (const length of [560, 575, 590]) {
      const message = `${"x".repeat(length)} {body.note} {body.password}`;
      const error =
        product === "vcenter" || product === "snapservice"
          ? { error_type: "ERROR", messages: [{ id: "a", default_message: message, args: [] }] }
          : product === "vcda"
            ? { code: "A", msg: message, args: [] }
            : [{ errorCode: "A", message }];
      simulator.script({ outcome: "FAILED", error, times: 1 });
      const { taskId } = await start(context, {
        ...given,
        resourceUrn: `urn:pulumi:dev::p::t::a${length}`,
      });
      const done = await complete(context, { ...given, startedTaskId: taskId });
      // Not even less than half of it.
      expect(done.failure).not.toContain("C4nary");
      expect(leaksIn(told(done), secrets())).toEqual([]);
    }
  });
});

test("what the program calls sensitive is in no report, and in no warning of what is left behind", async () => {
  await withBench(async ({ simulator, context, told }) => {
    simulator.script({ result: canaries.body });
    const given = {
      ...givenOf("vcenter"),
      expect: [{ path: "result", equals: "vm-1" }],
      sensitiveResult: true,
    };
    const { taskId } = await start(context, given);
    const { failure } = await complete(context, { ...given, startedTaskId: taskId });
    expect(failure).toContain("`result` is another, sensitive value");
    const { resourceUrn, endpoint } = given;
    await abandon(context, { resourceUrn, endpoint, taskId, redactor: context.redactor() });
    expect(told(failure)).toContain("is not undone");
    expect(leaksIn(told(failure), [canaries.body])).toEqual([]);
  });
});

test("the passwords of a credentials task are neither stored nor told", async () => {
  await withBench(async ({ simulator, context, told, secrets }) => {
    simulator.script({
      outcome: "FAILED",
      error: ["{body.elements.0.credentials.0.password} is not taken."],
    });
    const credentials = [
      { credentialType: "SSH", accountType: "USER", username: "root", password: canaries.body },
    ];
    const given = {
      resourceUrn: "urn:pulumi:dev::p::t::credentials",
      endpoint: "sddc",
      request: {
        method: "PATCH" as const,
        path: "/v1/credentials",
        body: {
          operationType: "UPDATE",
          elements: [{ resourceName: "esx1.test", resourceType: "ESXI", credentials }],
        },
      },
    };
    const { taskId } = await start(context, given);
    const done = await complete(context, { ...given, startedTaskId: taskId });
    expect(done.failure).toContain("[secret] is not taken.");
    // Who looks at it knows nothing of the request.
    const tasks = await readTasks(context, { endpoint: "sddc", filter: { kind: "credentialsTask" } }).catch(
      errorOf,
    );
    expect(leaksIn(told(done, tasks), secrets())).toEqual([]);
  });
});

const ownTokens: Record<Product, Record<string, unknown>> = {
  vcenter: { login: "session" },
  snapservice: { login: "session" },
  "sddc-manager": { login: "apiKey" },
  vcda: { login: "session", remoteSites: undefined },
};

test.each(products)("%s: what `tokenCommand` printed is known to be a secret", async (product) => {
  const token = canaryOf("token-of-command").replaceAll("'", "");
  await withBench(
    async ({ mirror, context, told, secrets }) => {
      mirror.reflect = (_request, held) => json(400, errorOfProduct(product, held));
      const error = await errorOf(start(context, givenOf(product)));
      expect(error.message).toContain("[secret]");
      expect(leaksIn(told(error), [token, ...secrets()])).toEqual([]);
    },
    {
      ...ownTokens[product],
      username: undefined,
      password: undefined,
      tokenCommand: `printf %s '${token}'`,
    },
  );
});
