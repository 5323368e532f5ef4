// Where a `url` is one that only says where to go, nothing follows, and the error tells what to correct.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { createClient, type EndpointSettings } from "../../../provider/clients";
import { products, type ProductClient } from "../../../provider/tasks";
import { errorOf, never, settingsOf, withClient } from "../../support/with-simulator";

/** Runs a test with a client of a server that answers everything with a status and a `Location`. */
async function withRedirect(
  [status, location]: [number, string | undefined],
  settings: (url: string) => EndpointSettings,
  use: (client: ProductClient, seen: string[]) => Promise<void>,
): Promise<void> {
  const seen: string[] = [];
  const server = createServer((request, reply) => {
    seen.push(`${request.method ?? ""} ${request.url ?? ""}`);
    reply.writeHead(status, location === undefined ? {} : { location }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient(settings(url));
  try {
    await use(client, seen);
  } finally {
    await client.close(AbortSignal.timeout(1_000));
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const access = { username: "deploy", password: "pw" };

describe.each(products)("a log-in to %s", (product) => {
  test.each([301, 302, 303, 307, 308])("that is redirected by %d tells where to, once", (status) =>
    withRedirect(
      [status, "https://vc.example.com/api/session?SAMLRequest=s3cret"],
      (url) => settingsOf({ ...access, url }, product),
      async (client, seen) => {
        const error = await errorOf(client.reach(never));
        expect(error).toMatchObject({ fault: { faultClass: "redirect", sent: "no", httpStatus: status } });
        expect(error.message).toMatch(
          /redirects .* to https:\/\/vc\.example\.com\/api\/session with HTTP \d+, which is not followed\. Correct `url` of endpoint "lab"\./,
        );
        expect(error.message).not.toContain("s3cret");
        expect(seen).toHaveLength(1);
      },
    ),
  );

  test.each([304, 302])("that is answered by %d without a place is an odd answer, as before", (status) =>
    withRedirect(
      [status, undefined],
      (url) => settingsOf({ ...access, url }, product),
      async (client) => {
        expect(await errorOf(client.reach(never))).toMatchObject({ fault: { faultClass: "malformed" } });
      },
    ),
  );
});

test("a redirect does not greet for the server, whose token is not sent along", () =>
  withRedirect(
    [302, "/ui/"],
    (url) => settingsOf({ ...access, url }, "vcenter", { login: "session", token: "t" }),
    async (client, seen) => {
      for (let time = 0; time < 2; time += 1) {
        const error = await errorOf(client.reach(never));
        expect(error).toMatchObject({ fault: { faultClass: "redirect" } });
        expect(error.message).toMatch(/to http:\/\/127\.0\.0\.1:\d+\/ui\/ with HTTP 302/);
      }
      expect(seen).toHaveLength(2);
    },
  ));

test("a start that is redirected may have been taken, and before a server that has answered it passes", () =>
  withClient({ product: "sddc-manager" }, async ({ client, simulator }) => {
    await client.reach(never);
    simulator.fault({
      what: "html",
      status: 307,
      headers: { location: "https://b.example.com/" },
      match: { operation: "start" },
    });
    const start = { method: "POST", path: "/v1/domains", body: { domainName: "a" } } as const;
    const error = await errorOf(client.start(start, { kind: "task" }, never));
    expect(error).toMatchObject({ fault: { faultClass: "malformed", sent: "maybe" } });
    expect(error.message).toContain("redirects POST /v1/domains to https://b.example.com/");
    expect(error.message).not.toContain("Correct");
  }));

test("a log-in that is redirected while a known server is looked after may go well later", () =>
  withClient({ product: "vcenter" }, async ({ client, simulator }) => {
    await client.reach(never);
    simulator.expireSessions();
    const match = { operation: "login" } as const;
    simulator.fault({ what: "html", status: 302, headers: { location: "/sorry" }, match });
    const error = await errorOf(client.get({ id: "task-1", kind: "task" }, {}, never));
    expect(error).toMatchObject({ fault: { faultClass: "malformed" } });
  }));
