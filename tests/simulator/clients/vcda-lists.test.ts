import { createClient } from "../../../provider/clients";
import { withReplies } from "../../support/with-replies";
import {
  canary,
  errorOf,
  midnight,
  never,
  settingsOf,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const username = "administrator@vsphere.local";
const vapp = "C4VAPP-11111111-1111-4111-8111-111111111111";

const bench: ClientBenchOptions = {
  product: "vcda",
  settings: { remoteSites: { site2: { login: "credentials", username, password: canary } } },
};

const begin = ({ simulator }: ClientBench, path = "/backups", body: unknown = {}): string =>
  simulator.startForeignTask({ product: "vcda", path, body, user: username });

const list = async ({ client }: ClientBench, filter: Record<string, unknown> = {}): Promise<string[]> =>
  (await client.list(filter, never)).map(({ ref }) => ref.id);

const pages = ({ simulator }: ClientBench): unknown[] =>
  simulator.requests
    .filter(({ path }) => path === "/tasks")
    .map(({ query }) => [query["limit"], query["offset"]]);

describe("a list of VCDA", () => {
  test("is read to its end, the newest task first", () =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: 250 }, () => {
        all.pass(1);
        return begin(all);
      });
      expect(await list(all)).toEqual([...ids].reverse());
      expect(pages(all)).toEqual([
        ["100", "0"],
        ["100", "100"],
        ["100", "200"],
      ]);
    }));

  test("is in the same order however often it is read, tasks of one moment by their ids", () =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: 20 }, () => begin(all));
      expect(await list(all)).toEqual(ids.sort());
    }));

  test("is read as far as the limit, from the offset", () =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: 130 }, () => {
        all.pass(1);
        return begin(all);
      }).reverse();
      expect(await list(all, { limit: 120 })).toEqual(ids.slice(0, 120));
      expect(pages(all)).toEqual([
        ["100", "0"],
        ["20", "100"],
      ]);
      expect(await list(all, { limit: 5, offset: 3 })).toEqual(ids.slice(3, 8));
      expect(await list(all, { offset: 128 })).toEqual(ids.slice(128));
      expect(await list(all, { offset: 500 })).toEqual([]);
    }));

  test("filters by everything that the API filters by", () =>
    withClient(bench, async (all) => {
      const backup = begin(all);
      all.pass(10_000);
      const migration = begin(all, `/vapp-replications/${vapp}/migrate`, { name: "shop" });
      const remote = begin(all, "/backups?site=site2");
      const cases: [Record<string, unknown>, string[]][] = [
        [{}, [migration, backup]],
        [{ site: "site2" }, [remote]],
        [{ type: "backup" }, [backup]],
        [{ state: "QUEUED" }, [migration]],
        [{ resourceId: vapp }, [migration]],
        [{ resourceName: "shop" }, [migration]],
        [{ resourceType: ["appliance", "vappReplication"] }, [migration, backup]],
        [{ resourceType: "appliance" }, [backup]],
        [{ user: username }, [migration, backup]],
        [{ user: "nobody" }, []],
        [{ sourceOrg: "System" }, [migration, backup]],
        [{ destinationOrg: "acme" }, []],
        [{ startTimeAfter: midnight }, [migration]],
        [{ startTimeBefore: midnight + 1 }, [backup]],
        [{ endTimeAfter: midnight }, [backup]],
        [{ endTimeBefore: midnight + 500, endTimeAfter: 0 }, []],
        [{ ids: [backup] }, [backup]],
        [{ tasks: [migration] }, [migration]],
        [{ ids: [] }, []],
        [{ sort: "startTime" }, [backup, migration]],
        [{ sort: ["workflowInfo.type", "startTime-"] }, [migration, backup]],
      ];
      for (const [filter, wanted] of cases)
        expect([filter, await list(all, filter)]).toEqual([filter, wanted]);
    }));

  test("of very many ids is asked for in parts, and cut off as a whole", () =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: 200 }, () => {
        all.pass(1);
        return begin(all);
      });
      const newest = [...ids].reverse();
      expect(await list(all, { ids })).toEqual(newest);
      expect(await list(all, { ids, limit: 30, offset: 10 })).toEqual(newest.slice(10, 40));
      for (const { query } of all.simulator.requests)
        expect(JSON.stringify(query).length).toBeLessThan(4_000);
    }));

  test("at a site that is not known is refused, with what to check", () =>
    withClient(bench, async (all) => {
      const error = await errorOf(all.client.list({ site: "nowhere" }, never));
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED" });
      expect(error.message).toContain("SiteNotFound: Site nowhere was not found.");
      expect(error.message).toContain("what to do: check `site`");
    }));

  test.each([
    ["gives the same page for ever", { total: 1_000 }],
    ["says nothing of how many there are", {}],
    ["says less than there are", { total: 0 }],
  ])("of a server that %s is not read for ever", async (_, more) => {
    const items = Array.from({ length: 100 }, (__, n) => ({ id: `t-${String(n)}`, state: "RUNNING" }));
    await withReplies(
      ({ path }) =>
        path === "/sessions" ? { headers: { "X-VCAV-Auth": "t" } } : { body: { items, ...more } },
      async ({ url, requests }) => {
        const client = createClient(settingsOf({ url, username, password: canary }, "vcda"));
        expect(await client.list({}, never)).toHaveLength(100);
        expect(requests.length).toBeLessThanOrEqual(3);
        await client.close(never);
      },
    );
  });

  test("that is no list says so", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({
        what: "status",
        status: 200,
        body: { elements: [] },
        match: { operation: "list" },
      });
      expect((await errorOf(all.client.list({}, never))).message).toContain('the field "items" is no list');
    }));
});
