import { request } from "node:https";
import { startSimulator } from "../../../provider/simulator";
import { toKeyPair } from "../../../provider/simulator/certificate";
import { basic, logInToVcenter, midnight, sender, withSimulator } from "./with-simulator";

test("listens on a free port of loopback, any number of times", async () => {
  await withSimulator({}, async (first) => {
    await withSimulator({}, async (second) => {
      expect(first.simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(second.simulator.url).not.toBe(first.simulator.url);
      await first.vcenter("POST", "/api/esx/settings/depots?action=sync&vmw-task=true");
      expect(second.simulator.tasks()).toEqual([]);
    });
  });
});

test("gives the same ids at every run", async () => {
  const run = async (): Promise<unknown[]> => {
    const seen: unknown[] = [];
    await withSimulator({}, async ({ vcenter, sddc }) => {
      seen.push((await vcenter("POST", "/api/esx/settings/depots?action=sync&vmw-task=true")).body);
      seen.push((await sddc("POST", "/v1/clusters", {})).body);
    });
    return seen;
  };
  expect(await run()).toEqual(await run());
});

test("takes ids from outside", async () => {
  const uuid = (sequence: number): string => `00000000-0000-4000-8000-00000000000${String(sequence)}`;
  await withSimulator({ uuid }, async ({ vcenter }) => {
    const { body } = await vcenter("POST", "/api/esx/settings/depots?action=sync&vmw-task=true");
    expect(body).toBe(`${uuid(2)}:com.vmware.esx.settings.depots`);
  });
});

test("tells the time of its own clock in the Date header", async () => {
  await withSimulator({}, async ({ send, pass }) => {
    pass(60_000);
    const { headers } = await send("POST", "/api/session", undefined, basic());
    expect(headers.get("date")).toBe(new Date(midnight + 60_000).toUTCString());
  });
});

test.each(["/lab", "lab/", "/lab/"])("serves below the prefix %s only", async (pathPrefix) => {
  await withSimulator({ pathPrefix }, async ({ simulator, send }) => {
    expect(simulator.url).toMatch(/:\d+\/lab$/);
    expect((await send("POST", "/api/session", undefined, basic())).status).toBe(201);
    const outside = await fetch(simulator.url.replace("/lab", "/api/session"), {
      method: "POST",
      headers: basic(),
    });
    expect(outside.status).toBe(404);
  });
});

test.each([true, false])("serves HTTPS (own certificate: %s)", async (given) => {
  const pair = given ? await toKeyPair(true) : true;
  const simulator = await startSimulator({ https: pair ?? true });
  try {
    expect(simulator.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      request(
        `${simulator.url}/api/session`,
        { method: "POST", headers: basic(), ca: simulator.certificate },
        (reply) => resolve(reply.statusCode),
      )
        .on("error", reject)
        .end();
    });
    expect(status).toBe(201);
  } finally {
    await simulator.close();
  }
});

test("closes at once although clients keep connections and a reply is held back, and closes twice", async () => {
  const simulator = await startSimulator();
  const send = sender(simulator.url);
  await logInToVcenter(send);
  simulator.fault({ what: "delay", delayMs: 60_000 });
  const held = send("POST", "/api/session", undefined, basic()).catch(() => "broken");
  while (simulator.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await simulator.close();
  await simulator.close();
  expect(await held).toBe("broken");
  await expect(fetch(simulator.url)).rejects.toThrow();
});

test("rejects when the port is taken", async () => {
  await withSimulator({}, async ({ simulator }) => {
    const port = Number(new URL(simulator.url).port);
    await expect(startSimulator({ port })).rejects.toThrow(/EADDRINUSE/);
  });
});

test.each([
  ["/", 404],
  ["/sdk", 404],
  ["/api/%E0%A4%A", 404],
])("answers %s with %i", async (path, status) => {
  await withSimulator({}, async ({ send }) => {
    expect((await send("GET", path)).status).toBe(status);
  });
});

test("follows 5000 tasks in lists of 1000 without breaking into a sweat", async () => {
  await withSimulator({}, async ({ vcenter, simulator, pass }) => {
    const ids = Array.from({ length: 5000 }, () =>
      simulator.startForeignTask({ product: "vcenter", path: "/api/esx/settings/depots?action=sync" }),
    );
    pass(500);
    const before = performance.now();
    for (let from = 0; from < 5000; from += 1000) {
      const filter_spec = { tasks: ids.slice(from, from + 1000) };
      const { body } = await vcenter("POST", "/api/cis/tasks?action=list", { filter_spec });
      expect(Object.keys(body as object)).toHaveLength(1000);
    }
    // About 60 ms on a laptop; the bound only tells linear from quadratic.
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
