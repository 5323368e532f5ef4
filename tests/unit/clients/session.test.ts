import { createSessionHolder } from "../../../provider/clients/http/session";
import { EndpointFaultError, type FaultClass } from "../../../provider/tasks";

const { signal } = new AbortController();

test("a session that is not taken although it is new is replaced by another one after a minute, and not before", async () => {
  let logIns = 0;
  const holder = createSessionHolder({
    logIn: () => Promise.resolve({ id: (logIns += 1) }),
    logOut: () => Promise.resolve(),
  });
  const now = jest.spyOn(performance, "now").mockReturnValue(0);
  try {
    const first = await holder.get(signal);
    const second = await holder.replace(first, signal);
    holder.notTaken(second);
    // However many ask, and whichever session they had.
    expect(await Promise.all([first, second, second].map((old) => holder.replace(old, signal)))).toEqual([
      second,
      second,
      second,
    ]);
    // The server still takes none, which is told with each request that finds out.
    now.mockReturnValue(30_000);
    expect(await holder.replace(second, signal)).toBe(second);
    holder.notTaken(second);
    now.mockReturnValue(59_999);
    expect(await holder.replace(second, signal)).toBe(second);
    now.mockReturnValue(60_000);
    expect(await holder.replace(second, signal)).toEqual({ id: 3 });
    expect(logIns).toBe(3);
  } finally {
    now.mockRestore();
  }
});

describe("a log-in that is on its way", () => {
  /** A holder whose log-ins end when the test says so. */
  const slow = () => {
    const logIns: { readonly signal: AbortSignal; readonly end: () => void }[] = [];
    const holder = createSessionHolder({
      logIn: (ending) =>
        new Promise<number>((resolve, reject) => {
          const number = logIns.push({ signal: ending, end: () => resolve(number) });
          ending.addEventListener("abort", () => reject(ending.reason as Error));
        }),
      logOut: () => Promise.resolve(),
    });
    return { holder, logIns };
  };

  test("goes on when one of those who wait for it leaves", async () => {
    const { holder, logIns } = slow();
    const controller = new AbortController();
    const leaver = holder.get(controller.signal);
    const other = holder.get(signal);
    controller.abort(new Error("enough"));
    await expect(leaver).rejects.toThrow("enough");
    logIns[0]?.end();
    expect(await other).toBe(1);
    expect(logIns).toHaveLength(1);
  });

  test("ends with the last one, and a later one logs in anew", async () => {
    const { holder, logIns } = slow();
    const controllers = [new AbortController(), new AbortController()];
    const leavers = Promise.allSettled(controllers.map((one) => holder.get(one.signal)));
    for (const one of controllers) one.abort(new Error("enough"));
    expect((await leavers).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(logIns.map((one) => one.signal.aborted)).toEqual([true]);
    const later = holder.get(signal);
    logIns[1]?.end();
    expect(await later).toBe(2);
  });

  test("is not followed by another one that nobody waits for", async () => {
    const { holder, logIns } = slow();
    const first = holder.get(signal);
    logIns[0]?.end();
    const old = await first;
    const controller = new AbortController();
    const leavers = Promise.allSettled([1, 2, 3].map(() => holder.replace(old, controller.signal)));
    await Promise.resolve();
    controller.abort(new Error("enough"));
    await leavers;
    // What the leavers had begun has come to its end by now.
    await new Promise((resolve) => setImmediate(resolve));
    expect(logIns.slice(1).filter((one) => !one.signal.aborted)).toEqual([]);
  });

  test("leaves a good session alone when its last user leaves", async () => {
    const { holder, logIns } = slow();
    const first = holder.get(signal);
    logIns[0]?.end();
    await first;
    const controller = new AbortController();
    const leaver = holder.get(controller.signal);
    controller.abort(new Error("enough"));
    await expect(leaver).rejects.toThrow("enough");
    expect(await holder.get(signal)).toBe(1);
  });
});

describe("a renewal that fails", () => {
  const faultOf = (faultClass: FaultClass, httpStatus?: number): EndpointFaultError =>
    new EndpointFaultError(faultClass, { faultClass, sent: "maybe", httpStatus });

  /** A holder with one session, whose credentials are refused from then on, as an id token that has ended. */
  async function withEndedCredentials(renewals: (EndpointFaultError | number)[]) {
    const told: unknown[] = [];
    const holder = createSessionHolder<number>({
      logIn: () => (told.push("log-in") === 1 ? Promise.resolve(1) : Promise.reject(faultOf("login", 401))),
      renew(old) {
        told.push(`renew ${old}`);
        const next = renewals.shift();
        return typeof next === "number" ? Promise.resolve(next) : Promise.reject(next ?? new Error());
      },
      logOut: (session) => Promise.resolve(void told.push(`log-out ${session}`)),
    });
    expect(await holder.get(signal)).toBe(1);
    return { holder, told };
  }

  test.each([
    ["by a fault of the network", faultOf("network")],
    ["by 429", faultOf("throttled", 429)],
    ["by 503", faultOf("server", 503)],
    ["by a gateway's page", faultOf("malformed", 403)],
    ["by a gateway's redirect", faultOf("redirect", 302)],
  ])("%s is tried again, and the log-in that was refused is not", async (_title, fault) => {
    const { holder, told } = await withEndedCredentials([fault, fault, 2]);
    await expect(holder.replace(1, signal)).rejects.toMatchObject({
      fault: { faultClass: fault.fault.faultClass, sent: "no" },
    });
    await expect(holder.get(signal)).rejects.toMatchObject({ message: fault.message });
    expect(await holder.get(signal)).toBe(2);
    expect(told).toEqual(["log-in", "renew 1", "log-in", "renew 1", "renew 1"]);
    await holder.close(signal);
    expect(told.at(-1)).toBe("log-out 2");
  });

  test("for good ends with the refused log-in", async () => {
    const { holder, told } = await withEndedCredentials([faultOf("network")]);
    await expect(holder.replace(1, signal)).rejects.toThrow("network");
    for (let time = 0; time < 2; time += 1) await expect(holder.get(signal)).rejects.toThrow("login");
    expect(told).toEqual(["log-in", "renew 1", "log-in", "renew 1"]);
  });

  test("leaves a session that is ended with the holder", async () => {
    const { holder, told } = await withEndedCredentials([faultOf("network")]);
    await expect(holder.replace(1, signal)).rejects.toThrow("network");
    await holder.close(signal);
    expect(told.at(-1)).toBe("log-out 1");
  });
});
