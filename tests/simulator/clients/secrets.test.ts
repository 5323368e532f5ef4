// Nothing that an error of a client carries shows a secret, or is an error of another library.
import { inspect } from "node:util";

import type { Fault } from "../../../provider/simulator";
import { products, type ApiRequest, type Product, type ProductClient } from "../../../provider/tasks";
import { canary, errorOf, never, withClient } from "../../support/with-simulator";

const bodyCanary = "b0dy-canary-secret";
const headerCanary = "h3ader-canary-secret";
const queryCanary = "qu3ry-canary-secret";

const starts: Record<Product, ApiRequest> = {
  vcenter: {
    method: "POST",
    path: "/api/vcenter/vm?action=clone",
    body: { source: "vm-1", name: "a", guest: { password: bodyCanary } },
  },
  "sddc-manager": {
    method: "POST",
    path: "/v1/domains",
    body: { domainName: "a", adminPassword: bodyCanary },
  },
  snapservice: {
    method: "POST",
    path: "/api/snapservice/sites?action=add",
    body: { vcenter_connection_spec: { host: "b" }, vcenter_creds: { user: "a", password: bodyCanary } },
  },
  vcda: { method: "POST", path: "/vapp-replications", body: { name: "a", guestPassword: bodyCanary } },
};

const oddPaths: Record<Product, string> = {
  vcenter: "/api/esx/hcl/x?action=y",
  snapservice: "/api/snapservice/sites?action=add",
  "sddc-manager": "/v1/bundles",
  vcda: "/backups",
};

const faults: [string, Fault][] = [
  ["a reset", { what: "reset-after" }],
  ["half a reply", { what: "reset-during" }],
  ["half the JSON", { what: "truncated-json" }],
  ["a page", { what: "html" }],
  ["a gateway error", { what: "html", status: 502 }],
  ["no answer in time", { what: "delay", delayMs: 1_000 }],
  ["a 429", { what: "status", status: 429 }],
  ["a 500", { what: "status", status: 500 }],
  ["a 400", { what: "status", status: 400 }],
  ["a 403", { what: "status", status: 403, times: 9 }],
  ["a 401", { what: "status", status: 401, times: 9 }],
  ["an odd 200", { what: "status", status: 202, body: { odd: [1] } }],
];

function allOf(error: unknown): string {
  return `${inspect(error, { depth: 10, showHidden: true })}\n${JSON.stringify(error)}\n${String((error as Error).stack)}`;
}

/** Every error that hangs together with an error. */
function chainOf(error: unknown): unknown[] {
  const { cause } = error as Error;
  return cause === undefined ? [error] : [error, ...chainOf(cause)];
}

function expectClean(error: Error, secrets: readonly string[]): void {
  const text = allOf(error);
  for (const secret of [canary, bodyCanary, headerCanary, queryCanary, ...secrets]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString("base64").replaceAll("=", ""));
    expect(text).not.toContain(encodeURIComponent(secret));
  }
  expect((error as { code?: string }).code).toMatch(/^VMWARE_/);
  expect(chainOf(error)).toHaveLength(1);
  expect(Object.keys(error).sort().join()).toMatch(
    /^(code,(fault,|refusal,)?name|(code,)?(fault,|refusal,)?(name)?)/,
  );
  expect(text).not.toMatch(
    /ZodError|RequestError|HTTPError|TimeoutError|IncomingMessage|ClientRequest|\bBasic [\w+/]{8}|Bearer \w/,
  );
}

describe.each(products)("errors of the client of %s", (product) => {
  const request = (): ApiRequest => ({
    ...starts[product],
    headers: { "x-extra": headerCanary },
    query: { note: queryCanary },
    timeoutMs: 300,
  });
  const requests: [string, (client: ProductClient) => Promise<unknown>][] = [
    ["start", (client) => client.start(request(), { kind: "task" }, never)],
    ["read", (client) => client.read({ ...request(), method: "GET", path: "/v1/x/api" }, never)],
  ];

  test.each(faults)("show no secret and nothing of other libraries after %s", (_title, fault) =>
    withClient({ product }, async ({ client, simulator }) => {
      await client.reach(never);
      simulator.fault({ ...fault, match: { operation: "start" } });
      expectClean(await errorOf(requests[0]?.[1](client) ?? Promise.resolve()), [
        simulator.username + ":" + canary,
      ]);
    }),
  );

  test.each(faults)("show no secret when the log-in meets %s", (_title, fault) =>
    withClient({ product, settings: { requestTimeoutMs: 300 } }, async ({ client, simulator }) => {
      simulator.fault({ ...fault, times: 9, match: { operation: "login" } });
      const error = await errorOf(client.start(request(), { kind: "task" }, never));
      expectClean(error, []);
      expect(error).toMatchObject({ code: "VMWARE_ENDPOINT_FAULT", fault: { sent: "no" } });
    }),
  );

  test.each([
    ["nobody listens", { url: "http://127.0.0.1:1" }],
    ["the host is unknown", { url: "http://no-such-host.invalid" }],
    ["the password is wrong", { password: `${canary}x` }],
    ["the token is wrong", { token: canary }],
    ["the token cannot be sent", { token: `${canary}\n\u0001` }],
    ["the command prints rubbish", { tokenCommand: `echo '${canary}'` }],
    ["the command fails", { tokenCommand: `echo '${canary}'; exit 4` }],
  ])("show no secret when %s", (_title, settings) =>
    withClient({ product, settings }, async ({ client }) => {
      for (const [, ask] of requests) expectClean(await errorOf(ask(client)), []);
    }),
  );

  test("show no secret of an odd task", () =>
    withClient({ product }, async ({ client, simulator }) => {
      const id = simulator.startForeignTask({
        product,
        path: oddPaths[product],
        // Who looks sees no tasks of others at VCDA.
        user: simulator.username,
        plan: { fields: { status: { password: canary }, state: { password: canary } } },
      });
      expectClean(await errorOf(client.get({ id, kind: "task" }, {}, never)), []);
      const [look] = await client.look([{ id, kind: "task" }], never);
      if (look?.kind !== "fault") throw new Error("The look is good.");
      expectClean(look.fault, []);
    }));
});
