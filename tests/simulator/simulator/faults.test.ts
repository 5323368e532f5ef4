import { request } from "node:https";
import { startSimulator, type Fault } from "../../../provider/simulator";
import { basic, logInToVcenter, withSimulator, type Send } from "./with-simulator";

const sync = "/api/esx/settings/depots?action=sync&vmw-task=true";

/** What a client sees: a status, or that the connection broke. */
async function outcome(answer: ReturnType<Send>): Promise<number | string> {
  return answer.then(
    ({ status }) => status,
    () => "broken",
  );
}

test("hits as often as it says, after as many as it says", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    await vcenter("GET", "/api/session");
    simulator.fault({ what: "status", status: 503, skip: 2, times: 3, match: { operation: "read" } });
    const seen = [];
    for (let count = 0; count < 7; count += 1) seen.push(await outcome(vcenter("GET", "/api/vcenter/vm")));
    expect(seen).toEqual([200, 200, 503, 503, 503, 200, 200]);
  });
});

test("lets the oldest fault go first", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    await vcenter("GET", "/api/session");
    simulator.fault({ what: "status", status: 500 });
    simulator.fault({ what: "status", status: 429, headers: { "Retry-After": "7" } });
    expect((await vcenter("GET", "/api/vcenter/vm")).status).toBe(500);
    const second = await vcenter("GET", "/api/vcenter/vm");
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await vcenter("GET", "/api/vcenter/vm")).status).toBe(200);
  });
});

const kinds: [Fault["what"], Partial<Fault>, number | string, number][] = [
  ["reset-before", {}, "broken", 0],
  ["reset-after", {}, "broken", 1],
  ["reset-during", {}, "broken", 1],
  ["delay", { delayMs: 5 }, 202, 1],
  ["delay", { delayMs: 5, taken: false }, 202, 1],
  ["status", {}, 500, 0],
  ["status", { status: 401 }, 401, 0],
  ["status", { status: 502, taken: true }, 502, 1],
  ["status", { error: "RESOURCE_BUSY" }, 500, 0],
  ["html", {}, 200, 0],
  ["html", { status: 503, taken: true }, 503, 1],
  ["truncated-json", {}, 202, 1],
  ["expire-session", {}, 401, 0],
  ["restart", {}, "broken", 0],
];

test.each(kinds)(
  "%s with %j: the client sees %s, the server has started %i",
  async (what, more, seen, starts) => {
    await withSimulator({}, async ({ vcenter, simulator }) => {
      await vcenter("GET", "/api/session");
      simulator.fault({ ...more, what, match: { operation: "start" } });
      expect(await outcome(vcenter("POST", sync))).toBe(seen);
      expect(simulator.starts).toHaveLength(starts);
      const record = simulator.requests.at(-1);
      expect(record).toMatchObject({ operation: "start", path: "/api/esx/settings/depots" });
      expect(record?.taskId).toBe(simulator.starts[0]?.taskId);
      if (typeof seen === "number") expect(record?.status).toBe(seen);
    });
  },
);

test("answers in the product's own format, or in the fault's", async () => {
  await withSimulator({}, async ({ vcenter, sddc, simulator }) => {
    await vcenter("GET", "/api/session");
    await sddc("GET", "/v1/tasks");
    const next = (fault: Partial<Fault>, answer: () => ReturnType<Send>): ReturnType<Send> => {
      simulator.fault({ what: "status", ...fault });
      return answer();
    };
    const cis = (): ReturnType<Send> => vcenter("GET", "/api/vcenter/vm");
    expect((await next({ status: 403 }, cis)).body).toMatchObject({ error_type: "UNAUTHORIZED" });
    expect((await next({ error: "TIMED_OUT", message: "Slow." }, cis)).body).toMatchObject({
      error_type: "TIMED_OUT",
      messages: [{ default_message: "Slow." }],
    });
    const tasks = (): ReturnType<Send> => sddc("GET", "/v1/tasks");
    expect(await next({ status: 404 }, tasks)).toMatchObject({
      status: 404,
      body: { errorCode: "RESOURCE_NOT_FOUND" },
    });
    expect((await next({ status: 409, body: { mine: 1 } }, tasks)).body).toEqual({ mine: 1 });
    const page = await next({ what: "html", text: "<p>Hi</p>" }, tasks);
    expect([page.text, page.headers.get("content-type")]).toEqual(["<p>Hi</p>", "text/html; charset=utf-8"]);
  });
});

test("cuts the JSON and leaves the HTTP whole", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    const whole = await vcenter("GET", "/api/session");
    simulator.fault({ what: "truncated-json" });
    const half = await vcenter("GET", "/api/session");
    expect(half.status).toBe(200);
    expect(whole.text.startsWith(half.text)).toBe(true);
    expect(half.body).toBeUndefined();
  });
});

test("asks for one login after the other when sessions end under way", async () => {
  await withSimulator({}, async ({ send, simulator }) => {
    const headers = { "vmware-api-session-id": await logInToVcenter(send) };
    simulator.fault({ what: "expire-session" });
    expect((await send("GET", "/api/vcenter/vm", undefined, headers)).status).toBe(401);
    expect((await send("GET", "/api/vcenter/vm", undefined, headers)).status).toBe(401);
    expect((await send("POST", "/api/session", undefined, basic())).status).toBe(201);
  });
});

test("hits the looks at one task only", async () => {
  await withSimulator({}, async ({ vcenter, simulator }) => {
    const first = String((await vcenter("POST", sync)).body);
    const second = String((await vcenter("POST", sync)).body);
    simulator.fault({
      what: "status",
      status: 404,
      times: Infinity,
      match: { operation: "get", taskId: first },
    });
    expect((await vcenter("GET", `/api/cis/tasks/${first}`)).status).toBe(404);
    expect((await vcenter("GET", `/api/cis/tasks/${second}`)).status).toBe(200);
  });
});

test("does not take a delayed request whose client has left, when told so", async () => {
  await withSimulator({}, async ({ vcenter, simulator, send }) => {
    await vcenter("GET", "/api/session");
    const headers = { "vmware-api-session-id": await logInToVcenter(send) };
    const impatient = async (taken: boolean): Promise<void> => {
      simulator.fault({ what: "delay", delayMs: 150, taken, match: { operation: "start" } });
      const signal = AbortSignal.timeout(30);
      await expect(fetch(`${simulator.url}${sync}`, { method: "POST", headers, signal })).rejects.toThrow();
      await new Promise((resolve) => setTimeout(resolve, 250));
    };
    await impatient(false);
    expect(simulator.starts).toHaveLength(0);
    await impatient(true);
    expect(simulator.starts).toHaveLength(1);
  });
});

describe("restart", () => {
  /** A restart cuts idle connections too, and a client may still take one of them for its next request. */
  const atLast = (request: () => ReturnType<Send>): ReturnType<Send> => request().catch(request);

  test("ends sessions and keeps tasks, unless they are to be forgotten", async () => {
    await withSimulator({}, async ({ vcenter, simulator, send }) => {
      const id = String((await vcenter("POST", sync)).body);
      const path = `/api/cis/tasks/${id}`;
      simulator.restart();
      expect((await atLast(() => vcenter("GET", path))).status).toBe(401);
      const headers = { "vmware-api-session-id": await logInToVcenter(send) };
      expect((await send("GET", path, undefined, headers)).status).toBe(200);
      simulator.fault({ what: "restart", forgetTasks: true });
      expect(await outcome(send("GET", path, undefined, headers))).toBe("broken");
      const again = {
        "vmware-api-session-id": await logInToVcenter((...args) => atLast(() => send(...args))),
      };
      expect((await send("GET", path, undefined, again)).status).toBe(404);
    });
  });

  test("cuts every connection while the server is down, and counts none of them", async () => {
    await withSimulator({}, async ({ send, simulator, pass }) => {
      simulator.restart({ downMs: 1000 });
      expect(await outcome(send("POST", "/api/session", undefined, basic()))).toBe("broken");
      expect(simulator.requests).toEqual([]);
      expect((await send("GET", "/_simulator/counts")).status).toBe(200);
      pass(1000);
      expect(await outcome(send("POST", "/api/session", undefined, basic()))).toBe(201);
    });
  });
});

test("breaks connections over HTTPS, too", async () => {
  const simulator = await startSimulator({ https: true });
  try {
    simulator.fault({ what: "reset-before" });
    const post = (): Promise<number | string> =>
      new Promise((resolve) => {
        request(
          `${simulator.url}/api/session`,
          { method: "POST", headers: basic(), ca: simulator.certificate },
          (reply) => resolve(reply.statusCode ?? 0),
        )
          .on("error", () => resolve("broken"))
          .end();
      });
    expect([await post(), await post()]).toEqual(["broken", 201]);
  } finally {
    await simulator.close();
  }
});

test("refuses a fault that it does not know", async () => {
  await withSimulator({}, async ({ simulator }) => {
    expect(() => simulator.fault({ what: "explode" as "delay" })).toThrow(/what must be one of reset-before/);
    expect(() => simulator.fault({ what: "delay", match: { operation: "poll" as "get" } })).toThrow(
      /operation/,
    );
    return Promise.resolve();
  });
});
