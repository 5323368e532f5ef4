// A proxy that makes no tunnel speaks for itself: what it says is no word of the server's.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { createClient, type EndpointSettings } from "../../../provider/clients";
import { createHttpClient } from "../../../provider/clients/http/http-client";
import { errorOf, never, settingsOf } from "../../support/with-simulator";

const access = { url: "https://vc.example.com", username: "deploy", password: "pw" };

/** Runs a test where a proxy answers every CONNECT with this. */
async function withRefusingProxy(status: number, body: string, use: () => Promise<void>): Promise<void> {
  const proxy = createServer();
  proxy.on("connect", (_request, socket) =>
    socket.end(
      `HTTP/1.1 ${status} No\r\nDate: Thu, 01 Jan 2015 00:00:00 GMT\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  );
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const before = { ...process.env };
  const url = `http://joe:pr0xy-secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  Object.assign(process.env, { HTTPS_PROXY: url, NO_PROXY: "", no_proxy: "" });
  try {
    await use();
  } finally {
    process.env = before;
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
  }
}

const noAnswer = { code: "VMWARE_ENDPOINT_FAULT", fault: { faultClass: "network", sent: "no" } };

describe.each([
  [401, ""],
  [403, "<html>No</html>"],
  [407, ""],
  [429, "{}"],
  [503, "<html>No</html>"],
])("a proxy that answers CONNECT with %i and %p", (status, body) => {
  test.each<[string, Partial<EndpointSettings>]>([
    ["a log-in", {}],
    ["a pinned certificate", { serverFingerprint: Array.from({ length: 32 }, () => "00").join(":") }],
  ])("refuses no credentials: %s", (_what, settings) =>
    withRefusingProxy(status, body, async () => {
      const client = createClient(settingsOf(access, "vcenter", settings));
      const error = await errorOf(client.reach(never));
      expect(error).toMatchObject(noAnswer);
      expect(error.message).toContain(`its proxy answered CONNECT with HTTP ${status}`);
      expect(error.message).not.toContain("pr0xy-secret");
      await client.close(never);
    }),
  );

  test("leaves no doubt of a start", () =>
    withRefusingProxy(status, body, async () => {
      const client = createClient(settingsOf(access, "sddc-manager", { login: "bearer", token: "t" }));
      const start = { method: "POST", path: "/v1/hosts", body: [] } as const;
      expect(await errorOf(client.start(start, { kind: "task" }, never))).toMatchObject(noAnswer);
      await client.close(never);
    }));

  test("tells neither that the server is there nor its time", () =>
    withRefusingProxy(status, body, async () => {
      const http = createHttpClient(settingsOf(access, "vcenter"));
      await errorOf(http.send({ method: "GET", path: "/api" }, never));
      expect(http.hasAnswered()).toBe(false);
      expect(http.clockOffsetMs()).toBe(0);
      await http.close();
    }));
});
