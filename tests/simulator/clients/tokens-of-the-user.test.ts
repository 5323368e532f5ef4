// An endpoint that has a token, or a command that prints one, instead of a password.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { products, type ApiRequest, type Product } from "../../../provider/tasks";
import { errorOf, never, withClient, type ClientBench } from "../../support/with-simulator";

const reads: Record<Product, ApiRequest> = {
  vcenter: { method: "GET", path: "/api/vcenter/vm" },
  snapservice: { method: "GET", path: "/api/snapservice/clusters/domain-c8/protection-groups" },
  "sddc-manager": { method: "GET", path: "/v1/hosts" },
  vcda: { method: "GET", path: "/vapp-replications" },
};

const logIns: Record<Product, string> = {
  vcenter: "/api/session",
  snapservice: "/api/snapservice/sessions",
  "sddc-manager": "/v1/tokens",
  vcda: "/sessions",
};

/** A token that the server takes, had in another way. */
async function logIn(
  { simulator: { url, username, password } }: ClientBench,
  product: Product,
): Promise<string> {
  const given =
    product === "vcda"
      ? { type: "localUser", localUser: username, localPassword: password }
      : { username, password };
  const response = await fetch(url + logIns[product], {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
    },
    ...(logIns[product].startsWith("/api/") ? {} : { body: JSON.stringify(given) }),
  });
  const header = response.headers.get("x-vcav-auth");
  if (header !== null) return header;
  const body = (await response.json()) as string | { accessToken: string };
  return typeof body === "string" ? body : body.accessToken;
}

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
      const client = bench.another({ token: await logIn(bench, product) });
      expect(await client.read(read, never)).toBeDefined();
      await client.close(never);
      expect(bench.simulator.counts()).toMatchObject({ login: 1, read: 1, logout: 0 });
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
        writeFileSync(tokenFile, `${await logIn(bench, product)}\nsecond line\n`);
        const client = bench.another({ tokenCommand: `echo run >> '${runs}'; cat '${tokenFile}'` });
        await Promise.all(Array.from({ length: 5 }, () => client.read(read, never)));
        expect(readFileSync(runs, "utf8")).toBe("run\n");
        bench.simulator.expireSessions();
        writeFileSync(tokenFile, await logIn(bench, product));
        await Promise.all(Array.from({ length: 5 }, () => client.read(read, never)));
        expect(readFileSync(runs, "utf8")).toBe("run\nrun\n");
      }),
    ));

  test.each([
    ["fails", "echo s3cret-output; echo s3cret-error >&2; exit 3", "it ended with 3"],
    ["prints nothing", "true", "it printed nothing"],
    ["prints an empty line", "echo; echo token", "it printed nothing"],
    ["takes too long", "sleep 30", "it ended with SIGTERM"],
  ])(
    "is missed without telling its output when the command %s, and is asked for again",
    (_title, tokenCommand, exit) =>
      withFolder((folder) =>
        withClient({ product }, async (bench) => {
          const marker = join(folder, "good");
          const client = bench.another({
            tokenCommand: `if [ -f '${marker}' ]; then cat '${marker}'; else ${tokenCommand}; fi`,
            requestTimeoutMs: 700,
          });
          const error = await errorOf(client.reach(never));
          expect(error).toMatchObject({
            code: "VMWARE_ENDPOINT_FAULT",
            fault: { faultClass: "login", sent: "no" },
          });
          expect(error.message).toBe(`The tokenCommand of endpoint "lab" gave no token: ${exit}.`);
          writeFileSync(marker, await logIn(bench, product));
          expect(await client.read(read, never)).toBeDefined();
        }),
      ),
  );
});
