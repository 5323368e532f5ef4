// A client, a simulator, and between them the official API file: whatever they say to each other must be in it.
import { startRecordingProxy, type Exchange } from "../../support/recording-proxy";
import { never, withClient, type ClientBench, type ClientBenchOptions } from "../../support/with-simulator";
import { createInspector } from "./problems";
import type { Api } from "./shapes";

/** What a scenario is run with. */
export interface ScenarioOptions extends ClientBenchOptions {
  /** The API file that holds. @default the one of the product */
  readonly api?: Api;
}

/** A bench whose client is recorded. */
export interface ScenarioBench extends ClientBench {
  readonly exchanges: readonly Exchange[];
  /** The operations that were asked for so far, each once. */
  readonly asked: () => string[];
}

/** Runs a scenario; fails when a request or a reply is not as the API file says. The client logs out at the end. */
export async function withExchanges(
  { api, ...options }: ScenarioOptions,
  use: (bench: ScenarioBench) => Promise<void>,
): Promise<void> {
  const { operationOf, problemsOf } = createInspector(api ?? options.product);
  await withClient(options, async (bench) => {
    const proxy = await startRecordingProxy(bench.simulator.url);
    const { exchanges } = proxy;
    const asked = (): string[] => [...new Set(exchanges.map((one) => operationOf(one) ?? "unknown"))];
    try {
      const client = bench.another({ url: proxy.url, login: bench.settings.login });
      await use({ ...bench, client, exchanges, asked });
      await client.close(never);
    } finally {
      await proxy.close();
    }
    expect(exchanges.length).toBeGreaterThan(0);
    expect(exchanges.flatMap(problemsOf)).toEqual([]);
  });
}
