// An endpoint that has a token, or a command that prints one, instead of a password.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { products, type ApiRequest, type Product } from "../../../provider/tasks";
import { until } from "../../support/until";
import { tokenOf } from "../../support/token-of";
import { errorOf, midnight, never, succeeds, withClient } from "../../support/with-simulator";

const reads: Record<Product, ApiRequest> = {
  vcenter: { method: "GET", path: "/api/vcenter/vm" },
  snapservice: { method: "GET", path: "/api/snapservice/clusters/domain-c8/protection-groups" },
  "sddc-manager": { method: "GET", path: "/v1/hosts" },
  vcda: { method: "GET", path: "/vapp-replications" },
};

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tokens-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(products)("a token for %s", (product) => {
  const read = reads[product];

  test("is used as it is, and is nobody's to log out", () =>
    withClient({ product }, async (bench) => {
      const client = bench.another({ token: await tokenOf(bench.simulator, product) });
      expect(await client.read(read, never)).toBeDefined();
      await client.close(never);
      expect(bench.simulator.counts()).toMatchObject({ login: 1, read: 1, logout: 0 });
    }));

  test("is used without the line break at its end, which a secret of a file has", () =>
    withClient({ product }, async (bench) => {
      const client = bench.another({ token: `${await tokenOf(bench.simulator, product)}\r\n` });
      expect(await client.read(read, never)).toBeDefined();
    }));

  test("is told at once to be none when no header can have it", () =>
    withClient({ product }, async ({ another, simulator }) => {
      const client = another({ token: "two\nlines" });
      const error = await errorOf(client.reach(never));
      expect(error).toMatchObject({ fault: { faultClass: "login", sent: "no" } });
      expect(error.message).toContain('Check `token` or `tokenCommand` of endpoint "lab"');
      expect(error.message).not.toContain("two");
      expect(simulator.requests).toHaveLength(0);
    }));

  test("is tried by one request for all before anything is started, which tells the server's time too", () =>
    withClient({ product }, async (bench) => {
      const client = bench.another({ token: await tokenOf(bench.simulator, product) });
      const { length } = bench.simulator.requests;
      await Promise.all(Array.from({ length: 5 }, () => client.reach(never)));
      await client.reach(never);
      expect(bench.simulator.requests.slice(length)).toMatchObject([{ method: "GET", status: 200 }]);
      expect(Math.abs(client.clockOffsetMs() - (midnight - Date.now()))).toBeLessThan(2_000);
    }));

  test("is tried again while only a gateway answers", () =>
    withClient({ product }, async (bench) => {
      const client = bench.another({ token: await tokenOf(bench.simulator, product) });
      bench.simulator.fault({ what: "status", status: 503, times: 2 });
      const away = { code: "VMWARE_ENDPOINT_FAULT", fault: { faultClass: "server" } };
      expect(await errorOf(client.reach(never))).toMatchObject(away);
      expect(await errorOf(client.reach(never))).toMatchObject(away);
      await client.reach(never);
    }));

  test("is tried, too, where only a gateway has answered so far", () =>
    withClient({ product }, async (bench) => {
      const client = bench.another({ token: await tokenOf(bench.simulator, product) });
      bench.simulator.fault({ what: "status", status: 503 });
      await errorOf(client.read(read, never));
      const { length } = bench.simulator.requests;
      await client.reach(never);
      await client.reach(never);
      expect(bench.simulator.requests.slice(length)).toMatchObject([{ method: "GET", status: 200 }]);
    }));

  test("is tried by one request for all, also where somebody has left who waited for it", () =>
    withClient({ product }, async (bench) => {
      const client = bench.another({ token: await tokenOf(bench.simulator, product) });
      bench.simulator.fault({ what: "delay", delayMs: 300, times: 2 });
      const leaving = new AbortController();
      const left = errorOf(client.reach(leaving.signal));
      await until(() => bench.simulator.requests.length > 1);
      leaving.abort(new Error("gone"));
      expect((await left).message).toBe("gone");
      const { length } = bench.simulator.requests;
      const first = client.reach(never);
      // The one that was left has ended, and the new one has not.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await Promise.all([first, client.reach(never)]);
      expect(bench.simulator.requests.slice(length).filter(({ method }) => method === "GET")).toHaveLength(1);
    }));

  test("that is refused lets nothing start", () =>
    withClient({ product, settings: { token: "t0ken-that-is-old" } }, async ({ client }) => {
      expect(await errorOf(client.reach(never))).toMatchObject({ fault: { faultClass: "login" } });
    }));

  test("that is refused is tried once", () =>
    withClient({ product, settings: { token: "t0ken-that-is-old" } }, async ({ client, simulator }) => {
      const error = await errorOf(client.read(read, never));
      expect(error).toMatchObject({ fault: { faultClass: "login", sent: "no", httpStatus: 401 } });
      expect(error.message).toContain('Check `token` of endpoint "lab"');
      expect(error.message).not.toContain("t0ken-that-is-old");
      expect(simulator.counts()).toMatchObject({ login: 0, read: 1 });
    }));

  test("comes from a command, once for many, and again after a 401", () =>
    withFolder((folder) =>
      withClient({ product }, async (bench) => {
        const tokenFile = join(folder, "token");
        const runs = join(folder, "runs");
        writeFileSync(tokenFile, `${await tokenOf(bench.simulator, product)}\nsecond line\n`);
        const client = bench.another({ tokenCommand: `echo run >> '${runs}'; cat '${tokenFile}'` });
        await Promise.all(Array.from({ length: 5 }, () => client.read(read, never)));
        expect(readFileSync(runs, "utf8")).toBe("run\n");
        bench.simulator.expireSessions();
        writeFileSync(tokenFile, await tokenOf(bench.simulator, product));
        await Promise.all(Array.from({ length: 5 }, () => client.read(read, never)));
        expect(readFileSync(runs, "utf8")).toBe("run\nrun\n");
      }),
    ));

  test.each([
    ["fails", "echo s3cret-output; echo s3cret-error >&2; exit 3", "it ended with 3", 5_000],
    ["prints nothing", "true", "it printed nothing", 5_000],
    ["prints an empty line", "echo; echo token", "it printed nothing", 5_000],
    ["takes too long", "sleep 30", "it ended with SIGTERM", 700],
  ])(
    "is missed without telling its output when the command %s, and is asked for again",
    (_title, tokenCommand, exit, requestTimeoutMs) =>
      withFolder((folder) =>
        withClient({ product }, async (bench) => {
          const marker = join(folder, "good");
          const client = bench.another({
            tokenCommand: `if [ -f '${marker}' ]; then cat '${marker}'; else ${tokenCommand}; fi`,
            requestTimeoutMs,
          });
          const error = await errorOf(client.reach(never));
          expect(error).toMatchObject({
            code: "VMWARE_ENDPOINT_FAULT",
            fault: { faultClass: "login", sent: "no" },
          });
          expect(error.message).toBe(`The tokenCommand of endpoint "lab" gave no token: ${exit}.`);
          writeFileSync(marker, await tokenOf(bench.simulator, product));
          await until(() => succeeds(client.read(read, never)), "the command is asked for again");
        }),
      ),
  );
});
