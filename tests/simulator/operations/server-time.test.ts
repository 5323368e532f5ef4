// A lost start is looked for by the server's time, which a log-in that sends nothing does not tell.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createContext, openJournal, readConfiguration, start } from "../../../provider/operations";
import { startSimulator } from "../../../provider/simulator";
import { products, systemClock } from "../../../provider/tasks";
import { createFakeDeployment } from "../../support/operation-bed";
import { servers } from "../../support/lost-reply-bed";
import { tokenOf } from "../../support/token-of";

const minute = 60_000;

describe.each(products)("%s", (product) => {
  test.each([-10 * minute, 10 * minute])(
    "a lost start is found and not sent again by a token of the user's, with a clock %d ms away",
    async (ms) => {
      const simulator = await startSimulator({ clock: { now: () => systemClock.now() + ms } });
      const folder = mkdtempSync(join(tmpdir(), "server-time-"));
      const token = await tokenOf(simulator, product);
      const login = product === "sddc-manager" ? "bearer" : "session";
      const { endpoint, request } = servers[product];
      const endpoints = { [endpoint]: { product, url: simulator.url, login, token } };
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
          endpoint,
          request: request("web"),
        });
        expect(simulator.starts.map((one) => one.taskId)).toEqual([taskId]);
      } finally {
        await context.close(AbortSignal.timeout(500));
        await simulator.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
