// A lost start is looked for by the server's time, which a log-in that sends nothing does not tell.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createContext, openJournal, readConfiguration, start } from "../../../provider/operations";
import { startSimulator } from "../../../provider/simulator";
import { systemClock } from "../../../provider/tasks";
import { createFakeDeployment } from "../../support/operation-bed";
import { endpointsOf } from "../../support/endpoints";
import { tokenOf } from "../../support/token-of";

const minute = 60_000;

const servers = {
  vcenter: { name: "vcenter", path: "/api/vcenter/vm?action=clone", body: { source: "vm-1", name: "web" } },
  snapservice: {
    name: "snap",
    path: "/api/snapservice/clusters/domain-c8/protection-groups",
    body: { name: "gold", target_entities: { vms: ["vm-1"] } },
  },
  "sddc-manager": { name: "sddc", path: "/v1/domains", body: { domainName: "one" } },
  vcda: { name: "vcda", path: "/vapp-replications", body: { name: "web" } },
} as const;

describe.each(["vcenter", "snapservice", "sddc-manager", "vcda"] as const)("%s", (product) => {
  test.each([-10 * minute, 10 * minute])(
    "a lost start is found and not sent again by a token of the user's, with a clock %d ms away",
    async (ms) => {
      const simulator = await startSimulator({ clock: { now: () => systemClock.now() + ms } });
      const folder = mkdtempSync(join(tmpdir(), "server-time-"));
      const token = await tokenOf(simulator, product);
      const login = product === "sddc-manager" ? "bearer" : "session";
      const { name, path, body } = servers[product];
      const { product: ofProduct, url } = endpointsOf(simulator)[name] as { product: string; url: string };
      const endpoints = { [name]: { product: ofProduct, url, login, token } };
      const context = createContext({
        configuration: readConfiguration({ endpoints: JSON.stringify(endpoints), environment: {} }),
        journal: openJournal(folder),
        clock: systemClock,
        deployment: createFakeDeployment(),
        skipsCheckpoints: false,
      });
      try {
        simulator.fault({ what: "reset-after", match: { operation: "start" } });
        const { taskId } = await start(context, {
          resourceUrn: "urn:pulumi:dev::p::t::web",
          endpoint: name,
          request: { method: "POST", path, body },
        });
        expect(simulator.starts.map((one) => one.taskId)).toEqual([taskId]);
      } finally {
        await context.close(AbortSignal.timeout(500));
        await simulator.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    30_000,
  );
});
