import { X509Certificate } from "node:crypto";
import dns from "node:dns";
import tls, { rootCertificates } from "node:tls";

import type { EndpointSettings } from "../../../provider/clients";
import { startSimulator, type Simulator } from "../../../provider/simulator";
import type { ProductClient } from "../../../provider/tasks";
import { createClient } from "../../../provider/clients";
import { withSilentServer } from "../../support/silent-server";
import { until } from "../../support/until";
import { errorOf, never, settingsOf } from "../../support/with-simulator";

const fingerprintOf = (certificate: string): string => new X509Certificate(certificate).fingerprint256;

/** While Node tells so whom it trusts; without an answer, as Node up to 22.14. */
async function withCertificatesOfNode(
  answer: ((type?: string) => string[]) | undefined,
  use: () => Promise<void>,
): Promise<void> {
  const own = Object.getOwnPropertyDescriptor(tls, "getCACertificates");
  Object.defineProperty(tls, "getCACertificates", { value: answer, configurable: true, writable: true });
  try {
    await use();
  } finally {
    if (own === undefined) delete (tls as Partial<typeof tls>).getCACertificates;
    else Object.defineProperty(tls, "getCACertificates", own);
  }
}

/** A secure simulator and a client of it, whose settings may be made from its certificate. */
async function withSecure(
  changes: (certificate: string) => Partial<EndpointSettings>,
  use: (bench: { client: ProductClient; simulator: Simulator; settings: EndpointSettings }) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ https: true, pathPrefix: "/lab1" });
  const settings = settingsOf(simulator, "vcenter", changes(simulator.certificate ?? ""));
  const client = createClient(settings);
  try {
    await use({ client, simulator, settings });
  } finally {
    await client.close(AbortSignal.timeout(1_000));
    await simulator.close();
  }
}

describe("TLS", () => {
  test("trusts no certificate that it does not know, and names three ways to trust it", () =>
    withSecure(
      () => ({}),
      async ({ client, simulator, settings }) => {
        const error = await errorOf(client.reach(never));
        expect(error).toMatchObject({
          code: "VMWARE_ENDPOINT_FAULT",
          fault: { faultClass: "tls", sent: "no" },
        });
        expect(error.message).toContain(
          `Endpoint "lab" (${settings.url}) shows a certificate that is not trusted`,
        );
        for (const way of ["`caCertificates`", "`serverFingerprint`", "`insecureSkipTlsVerify: true`"]) {
          expect(error.message).toContain(way);
        }
        expect(simulator.requests).toHaveLength(0);
      },
    ));

  test.each<[string, (certificate: string) => Partial<EndpointSettings>]>([
    ["an authority of the user's", (certificate) => ({ caCertificates: [certificate] })],
    [
      "one of several authorities",
      (certificate) => ({ caCertificates: [rootCertificates[0] ?? "", certificate] }),
    ],
    ["its fingerprint", (certificate) => ({ serverFingerprint: fingerprintOf(certificate) })],
    ["the user's word", () => ({ insecureSkipTlsVerify: true })],
  ])("trusts a certificate by %s", (_title, changes) =>
    withSecure(changes, async ({ client, simulator }) => {
      expect(await client.read({ method: "GET", path: "/api/vcenter/vm" }, never)).toEqual([]);
      expect(simulator.counts()).toMatchObject({ login: 1, read: 1 });
    }),
  );

  test("trusts what Node is told to trust also where the endpoint names an authority", () =>
    withSecure(
      () => ({ caCertificates: [rootCertificates[0] ?? ""] }),
      async ({ client, simulator }) => {
        const asked: unknown[] = [];
        await withCertificatesOfNode(
          (type) => (asked.push(type), [simulator.certificate ?? ""]),
          () => client.reach(never),
        );
        expect(asked).toEqual(["default"]);
      },
    ));

  test("trusts an authority of the user's where Node does not tell whom it trusts", () =>
    withSecure(
      (certificate) => ({ caCertificates: [certificate] }),
      ({ client }) => withCertificatesOfNode(undefined, () => client.reach(never)),
    ));

  test("sends nothing to a server of another fingerprint", () =>
    withSecure(
      (certificate) => ({ serverFingerprint: fingerprintOf(certificate).replace(/^../, "00") }),
      async ({ client, simulator }) => {
        for (let time = 0; time < 2; time += 1) {
          const error = await errorOf(client.reach(never));
          expect(error).toMatchObject({ fault: { faultClass: "tls", sent: "no" } });
          expect(error.message).toContain(fingerprintOf(simulator.certificate ?? ""));
          expect(error.message).toContain("Nothing was sent.");
        }
        expect(simulator.requests).toHaveLength(0);
      },
    ));

  test("sends nothing when another server takes the place of the one that is pinned", () =>
    withSecure(
      (certificate) => ({ serverFingerprint: fingerprintOf(certificate) }),
      async ({ client, simulator }) => {
        await client.reach(never);
        const port = Number(new URL(simulator.url).port);
        await simulator.close();
        const impostor = await startSimulator({ https: true, pathPrefix: "/lab1", port });
        try {
          const read = (): Promise<unknown> => client.read({ method: "GET", path: "/api/vcenter/vm" }, never);
          // The connection to the old server may still be noticed first.
          let error = await errorOf(read());
          if ((error as { fault?: { faultClass?: string } }).fault?.faultClass === "network")
            error = await errorOf(read());
          expect(error).toMatchObject({ fault: { faultClass: "tls", sent: "no" } });
          expect(error.message).toContain(
            "now shows another certificate than the one of `serverFingerprint`",
          );
          expect(impostor.requests).toHaveLength(0);
        } finally {
          await impostor.close();
        }
      },
    ));

  test.each<[string, (certificate: string) => Partial<EndpointSettings>]>([
    [
      "by fingerprint",
      (certificate) => ({ serverFingerprint: fingerprintOf(certificate), url: "https://127.0.0.1:1" }),
    ],
    ["by authority", (certificate) => ({ caCertificates: [certificate], url: "https://127.0.0.1:1" })],
  ])("knows that nothing was sent when nobody listens (%s), and recovers", (_title, changes) =>
    withSecure(changes, async ({ client }) => {
      for (let time = 0; time < 2; time += 1) {
        expect(await errorOf(client.reach(never))).toMatchObject({
          fault: { faultClass: "network", sent: "no" },
        });
      }
    }),
  );

  test("says why a server that has several addresses cannot be reached", () =>
    withSecure(
      (certificate) => ({ serverFingerprint: fingerprintOf(certificate), url: "https://localhost:1" }),
      async ({ client }) => {
        const addresses = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }));
        const lookup = jest.spyOn(dns, "lookup").mockImplementation((...given: unknown[]) => {
          (given.at(-1) as (error: null, found: object[]) => void)(null, addresses);
        });
        try {
          expect((await errorOf(client.reach(never))).message).toContain("cannot be reached: ECONNREFUSED");
        } finally {
          lookup.mockRestore();
        }
      },
    ));

  test("holds a certificate to the name it was given for", () =>
    withSecure(
      (certificate) => ({ caCertificates: [certificate] }),
      async ({ client, simulator, settings }) => {
        await client.reach(never);
        const byOtherName = createClient({
          ...settings,
          url: simulator.url.replace("127.0.0.1", "127.0.0.2"),
        });
        // 127.0.0.2 is not listened at; what counts is that the name is not simply taken.
        expect(await errorOf(byOtherName.reach(never))).toMatchObject({ fault: { sent: "no" } });
        await byOtherName.close(never);
      },
    ));

  test("tells a server that speaks no TLS from one that took the request", async () => {
    const simulator = await startSimulator();
    const client = createClient(
      settingsOf(simulator, "vcenter", { url: simulator.url.replace("http:", "https:") }),
    );
    try {
      expect(await errorOf(client.reach(never))).toMatchObject({ fault: { sent: "no" } });
    } finally {
      await client.close(never);
      await simulator.close();
    }
  });

  test("waits for a certificate no longer than somebody asks, and not after the end", () =>
    withSilentServer(async ({ address, open }) => {
      const pinned = { serverFingerprint: Array.from({ length: 32 }, () => "00").join(":") };
      const access = { url: `https://${address}`, username: "deploy", password: "pw" };
      const client = createClient(settingsOf(access, "vcenter", { ...pinned, requestTimeoutMs: 60_000 }));
      const controller = new AbortController();
      const asked = errorOf(client.reach(controller.signal));
      await until(() => open.size === 1);
      controller.abort(new Error("enough"));
      expect((await asked).message).toBe("enough");
      await until(() => open.size === 0);

      const another = errorOf(client.reach(never));
      await until(() => open.size === 1);
      await client.close(never);
      await until(() => open.size === 0);
      await another;
    }));

  test("says nothing that Node warns of", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): unknown => warnings.push(warning);
    process.on("warning", listen);
    try {
      await withSecure(
        (certificate) => ({ serverFingerprint: fingerprintOf(certificate) }),
        ({ client }) => client.reach(never),
      );
      await new Promise((resolve) => setImmediate(resolve));
      expect(warnings.filter(({ message }) => !message.includes("VM Modules"))).toEqual([]);
    } finally {
      process.off("warning", listen);
    }
  });
});
