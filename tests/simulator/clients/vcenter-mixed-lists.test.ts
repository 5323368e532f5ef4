// Lists that vCenter does not answer in one piece: of several providers, with strange ids, with too many matches.
import { kind, startVcenterTask } from "../../support/look-at";
import {
  errorOf,
  never,
  withClient,
  type ClientBench,
  type ClientBenchOptions,
} from "../../support/with-simulator";

const vmService = "com.vmware.vcenter.VM";
const clusterService = "com.vmware.esx.settings.clusters.software";

function startClusterTask(all: ClientBench): string {
  return startVcenterTask(all, {}, "/api/esx/settings/clusters/domain-c8/software?action=apply");
}

describe.each(["api", "rest"] as const)("lists in parts by /%s", (api) => {
  const bench: ClientBenchOptions = { product: "vcenter", settings: { api } };
  const idsOf = async ({ client }: ClientBench, filter: Record<string, unknown>): Promise<string[]> =>
    (await client.list(filter, never)).map(({ ref }) => ref.id).sort();

  test("lists tasks of several services by their ids, one list for each service", () =>
    withClient(bench, async (all) => {
      const ids = [
        startVcenterTask(all),
        startClusterTask(all),
        startVcenterTask(all),
        startClusterTask(all),
      ];
      expect(await idsOf(all, { tasks: [...ids, ids[0]] })).toEqual([...ids].sort());
      expect(all.simulator.counts().list).toBe(2);
    }));

  test("keeps to the services when ids are given, too", () =>
    withClient(bench, async (all) => {
      const [vm, cluster] = [startVcenterTask(all), startClusterTask(all)];
      expect(await idsOf(all, { tasks: [vm, cluster], services: [vmService] })).toEqual([vm]);
      expect(await idsOf(all, { tasks: [vm, cluster], services: [vmService, clusterService] })).toEqual(
        [vm, cluster].sort(),
      );
    }));

  test("lists several services that are not of one provider", () =>
    withClient(bench, async (all) => {
      const ids = [startVcenterTask(all), startClusterTask(all)];
      expect(await idsOf(all, { services: [vmService, clusterService] })).toEqual([...ids].sort());
      expect(all.simulator.counts().list).toBe(3);
    }));

  test("leaves out ids that the server refuses or does not know, and lists the others", () =>
    withClient(bench, async (all) => {
      const good = [startVcenterTask(all), startClusterTask(all)];
      const bad = ["task-42", "no:Such-Service", `00000000-0000-4000-8000-000000000000:${vmService}`];
      expect(await idsOf(all, { tasks: [...good, ...bad] })).toEqual([...good].sort());
    }));

  test("passes on what is no matter of ids: a user without the privilege", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "status", status: 403, match: { operation: "list" }, times: 9 });
      const error = await errorOf(idsOf(all, { tasks: [startVcenterTask(all), startClusterTask(all)] }));
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED", refusal: { httpStatus: 403 } });
      expect(error.message).toMatch(/^Endpoint "lab" refused .*UNAUTHORIZED/s);
      expect(error.message).toContain(
        'what to do: Give administrator@vsphere.local (endpoint "lab") a role with the privilege',
      );
      expect(all.simulator.counts().list).toBe(1);
    }));

  test("says what a filter lacks that cannot be split", () =>
    withClient(bench, async (all) => {
      const error = await errorOf(all.client.list({ services: ["nonsense"] }, never));
      expect(error).toMatchObject({ code: "VMWARE_REQUEST_REFUSED" });
      expect(error.message).toContain("INVALID_ARGUMENT");
    }));

  test.each<[string, Record<string, unknown>]>([
    ["by itself, without a status", {}],
    ["by the statuses given", { status: ["SUCCEEDED", "FAILED"] }],
    ["by a status of ours that is one of the server's with others", { status: ["SUCCEEDED", "CANCELLED"] }],
  ])("splits a filter that matches more than 1000 tasks: %s", (_title, filter) =>
    withClient(bench, async (all) => {
      const ids = Array.from({ length: 1_200 }, () => startVcenterTask(all));
      ids.forEach((id, index) => all.simulator.finish(id, index % 2 === 0 ? "SUCCEEDED" : "FAILED"));
      expect(await idsOf(all, { services: [vmService], ...filter })).toEqual([...ids].sort());
    }),
  );

  test("filters by status at the server, and not where it has no such word", () =>
    withClient(bench, async (all) => {
      const ids = [startVcenterTask(all), startVcenterTask(all)];
      all.simulator.finish(ids[0] ?? "", "CANCELLED");
      expect(await idsOf(all, { services: [vmService], status: ["CANCELLED"] })).toEqual([ids[0]]);
      expect(await idsOf(all, { services: [vmService], status: ["UNKNOWN", "FAILED"] })).toHaveLength(2);
    }));

  test("is in the same order every time: what has not begun, then the newest, then by id", () =>
    withClient(bench, async (all) => {
      const old = [startVcenterTask(all, { pendingMs: 0 }), startVcenterTask(all, { pendingMs: 0 })].sort();
      all.pass(5_000);
      const newer = startVcenterTask(all, { pendingMs: 0 });
      const waiting = startVcenterTask(all, { pendingMs: 500 });
      for (let round = 0; round < 2; round += 1) {
        const found = await all.client.list({ services: [vmService] }, never);
        expect(found.map(({ ref }) => ref.id)).toEqual([waiting, newer, ...old]);
      }
    }));

  test("names the id that a single look is refused for", () =>
    withClient(bench, async (all) => {
      all.simulator.fault({ what: "status", status: 403, match: { operation: "get" } });
      const id = startVcenterTask(all);
      const error = await errorOf(all.client.get({ id, kind }, {}, never));
      expect(error.message).toContain(`/${api}/cis/tasks/${encodeURIComponent(id)}`);
      expect(error.message).toContain("what to do: Give administrator@vsphere.local");
    }));
});
