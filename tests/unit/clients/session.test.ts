import { createSessionHolder } from "../../../provider/clients/http/session";

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
    now.mockReturnValue(59_999);
    expect(await holder.replace(second, signal)).toBe(second);
    now.mockReturnValue(60_000);
    expect(await holder.replace(second, signal)).toEqual({ id: 3 });
    expect(logIns).toBe(3);
  } finally {
    now.mockRestore();
  }
});
