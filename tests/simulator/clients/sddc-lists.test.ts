import { kind, seen, startSddcTask } from "../../support/look-at";
import { withSmallServer } from "../../support/small-server";
import { errorOf, midnight, never, withClient, type ClientBenchOptions } from "../../support/with-simulator";

const bench = (more: Partial<ClientBenchOptions> = {}): ClientBenchOptions => ({
  product: "sddc-manager",
  ...more,
});

describe.each([0, 1] as const)("lists of SDDC Manager whose first page is %d", (firstPage) => {
  const paged = bench({ simulate: { firstPage } });

  test("are read to their end, the newest task first", () =>
    withClient(paged, async (all) => {
      const ids = Array.from({ length: 250 }, () => {
        all.pass(1_000);
        return startSddcTask(all);
      });
      const found = await all.client.list({}, never);
      expect(found.map(({ ref }) => ref.id)).toEqual([...ids].reverse());
      expect(
        all.simulator.requests.filter(({ operation }) => operation === "list").map(({ query }) => query),
      ).toEqual([
        { pageSize: "100" },
        { pageSize: "100", pageNumber: String(firstPage + 1) },
        { pageSize: "100", pageNumber: String(firstPage + 2) },
      ]);
    }));

  test("are empty when nothing matches", () =>
    withClient(paged, async (all) => {
      expect(await all.client.list({ type: "NONE" }, never)).toEqual([]);
      expect(all.simulator.counts().list).toBe(1);
    }));

  test("serve a look at many tasks, which costs fewer requests than single ones", () =>
    withClient(paged, async (all) => {
      const ids = Array.from({ length: 120 }, () => startSddcTask(all));
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => seen(look).ref.id)).toEqual(ids);
      expect(all.simulator.counts()).toMatchObject({ list: 2, get: 0 });
      expect(all.client.costOf(120)).toBeGreaterThanOrEqual(2);
      // Those that have no place in the list are read one by one.
      expect(all.client.costOf(120, "validation")).toBe(120);
    }));
});

describe("lists of SDDC Manager", () => {
  test("are read no further when a page brings nothing new, whatever number of pages they tell", () =>
    withSmallServer(
      ({ path }) => {
        if (path === "/v1/tokens")
          return { status: 200, body: { accessToken: "a", refreshToken: { id: "r" } } };
        const elements = [{ id: "task-1", status: "SUCCESSFUL" }];
        return { status: 200, body: { elements, pageMetadata: { pageNumber: 0, totalPages: 1e9 } } };
      },
      {},
      async ({ client, seen: asked }) => {
        expect((await client.list({}, never)).map(({ ref }) => ref.id)).toEqual(["task-1"]);
        expect(asked.filter(({ path }) => path.startsWith("/v1/tasks"))).toHaveLength(2);
      },
    ));

  test("filter by everything that its API filters by", () =>
    withClient(bench(), async (all) => {
      const other = startSddcTask(
        all,
        { resources: [{ resourceId: "r-1", type: "ESXI" }] },
        "/v1/licensing-info",
      );
      all.pass(2_000);
      const bundle = startSddcTask(all);
      const list = async (filter: Record<string, unknown>): Promise<string[]> =>
        (await all.client.list(filter, never)).map(({ ref }) => ref.id);
      expect(await list({ type: "BUNDLE_CREATION" })).toEqual([bundle]);
      expect(await list({ name: "bundle" })).toEqual([bundle]);
      expect(await list({ resourceId: "r-1" })).toEqual([other]);
      expect(await list({ resourceType: "ESXI" })).toEqual([other]);
      expect(await list({ completedAfter: midnight })).toEqual([other]);
      expect(await list({ completedAfter: midnight + 5_000 })).toEqual([]);
      expect(await list({ limit: 1 })).toEqual([bundle]);
      expect(await list({ orderBy: "creationTimestamp", orderDirection: "ASC" })).toEqual([other, bundle]);
      expect(all.simulator.requests.at(-1)?.query).toEqual({
        pageSize: "100",
        orderBy: "creationTimestamp",
        orderDirection: "ASC",
      });
    }));

  test("are one page when the server says nothing of pages", () =>
    withClient(bench(), async (all) => {
      const task = all.simulator.task(startSddcTask(all))?.native;
      for (const body of [
        { elements: [task] },
        { elements: [task], pageMetadata: null },
        { elements: [task], pageMetadata: { totalPages: 9 } },
      ]) {
        all.simulator.fault({ what: "status", status: 200, body, match: { operation: "list" } });
        expect(await all.client.list({}, never)).toHaveLength(1);
      }
      expect(all.simulator.counts().list).toBe(3);
    }));

  test("tell a task once although it moved to the next page", () =>
    withClient(bench(), async (all) => {
      const task = all.simulator.task(startSddcTask(all))?.native;
      const body = {
        elements: [task],
        pageMetadata: { pageNumber: 0, pageSize: 1, totalElements: 2, totalPages: 2 },
      };
      all.simulator.fault({ what: "status", status: 200, body, match: { operation: "list" }, times: 2 });
      expect(await all.client.list({}, never)).toHaveLength(1);
      expect(all.simulator.counts().list).toBe(2);
    }));

  test.each([[{}], [[]], [{ elements: {} }], [null]])("are nothing else: %j", (body) =>
    withClient(bench(), async (all) => {
      all.simulator.fault({ what: "status", status: 200, body, match: { operation: "list" } });
      const odd = await errorOf(all.client.list({}, never));
      expect(odd).toMatchObject({ code: expect.stringMatching(/UNEXPECTED_REPLY/) as string });
      expect(odd.message).toContain('the field "elements" is no list');
    }),
  );
});

describe("a look at several tasks of SDDC Manager", () => {
  test("asks for each of a few", () =>
    withClient(bench(), async (all) => {
      const ids = Array.from({ length: 7 }, () => startSddcTask(all));
      all.simulator.forget(ids[3] ?? "");
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => look.kind)).toEqual(
        ids.map((_id, index) => (index === 3 ? "missing" : "seen")),
      );
      expect(all.simulator.counts()).toMatchObject({ list: 0, get: 7 });
    }));

  test("asks for those alone that the list does not show", () =>
    withClient(bench(), async (all) => {
      const old = startSddcTask(all);
      for (let number = 0; number < 150; number += 1) startSddcTask(all, {}, "/v1/licensing-info");
      const ids = [
        old,
        ...Array.from({ length: 8 }, () => startSddcTask(all)),
        "00000000-0000-4000-8000-00000000dead",
      ];
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => look.kind)).toEqual([...ids.slice(1).map(() => "seen"), "missing"]);
      expect(all.simulator.counts()).toMatchObject({ list: 2, get: 1 });
    }));

  test("goes on when one of them meets a fault", () =>
    withClient(bench(), async (all) => {
      const ids = [startSddcTask(all), startSddcTask(all), startSddcTask(all)];
      all.simulator.fault({ what: "status", status: 500, match: { operation: "get", taskId: ids[1] ?? "" } });
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.map((look) => look.kind)).toEqual(["seen", "fault", "seen"]);
    }));

  test("is not disturbed by an odd task of somebody else in the list", () =>
    withClient(bench(), async (all) => {
      startSddcTask(all, { omitFields: ["status", "id"] });
      const ids = Array.from({ length: 10 }, () => startSddcTask(all));
      const looks = await all.client.look(
        ids.map((id) => ({ id, kind })),
        never,
      );
      expect(looks.every((look) => look.kind === "seen")).toBe(true);
    }));
});
