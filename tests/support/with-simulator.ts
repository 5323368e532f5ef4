// A simulator and a client of one of its products for one test; both are gone afterwards, whatever happened.
import { createClient, type EndpointSettings } from "../../provider/clients";
import { hasToken, loginOf } from "../../provider/operations/arguments/login";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../provider/simulator";
import type { Product, ProductClient } from "../../provider/tasks";

/** 2026-01-01T00:00:00Z. */
export const midnight = Date.UTC(2026, 0);

/** A secret that must not turn up anywhere. */
export const canary = "c4nary+Pass/word=1";

/** A simulator, a client of it, and the hands to move its clock. */
export interface ClientBench {
  readonly simulator: Simulator;
  readonly client: ProductClient;
  readonly settings: EndpointSettings;
  /** Moves the simulator's clock. */
  readonly pass: (ms: number) => void;
  /** Another client of the same simulator; closed at the end, too. */
  readonly another: (changes: Partial<EndpointSettings>) => ProductClient;
}

/** What a bench is made with. */
export interface ClientBenchOptions {
  readonly product: Product;
  readonly settings?: Partial<EndpointSettings>;
  readonly simulate?: SimulatorOptions;
}

/** A signal that nobody aborts. */
export const never = new AbortController().signal;

/** Settings of an endpoint that is a simulator. */
export function settingsOf(
  simulator: Pick<Simulator, "url" | "username" | "password">,
  product: Product,
  changes: Partial<EndpointSettings> = {},
): EndpointSettings {
  return withLogin({
    name: "lab",
    product,
    url: simulator.url,
    username: simulator.username,
    password: simulator.password,
    requestTimeoutMs: 5_000,
    headers: {},
    caCertificates: [],
    insecureSkipTlsVerify: false,
    ...changes,
    login: changes.login ?? "",
  });
}

/** The way to log in that the configuration would choose for these credentials; a usual one where it chooses none. */
function withLogin(settings: EndpointSettings): EndpointSettings {
  if (settings.login !== "") return settings;
  const usual = hasToken(settings) ? "session" : "localUser";
  return { ...settings, login: loginOf({ ...settings, login: undefined }) ?? usual };
}

/** Runs a test against a simulator of its own, at a clock that only the test moves. */
export async function withClient(
  { product, settings: changes, simulate }: ClientBenchOptions,
  use: (bench: ClientBench) => Promise<void>,
): Promise<void> {
  let now = midnight;
  const simulator = await startSimulator({
    clock: { now: () => now },
    defaultDurationMs: 1_000,
    password: canary,
    ...simulate,
  });
  const clients: ProductClient[] = [];
  const open = (settings: EndpointSettings): ProductClient => {
    const client = createClient(settings);
    clients.push(client);
    return client;
  };
  try {
    const settings = settingsOf(simulator, product, changes);
    await use({
      simulator,
      settings,
      client: open(settings),
      pass: (ms) => (now += ms),
      another: (more) => open(withLogin({ ...settings, login: "", ...more })),
    });
  } finally {
    await Promise.all(clients.map((client) => client.close(AbortSignal.timeout(1_000))));
    await simulator.close();
  }
}

/** Whether what was promised is done. */
export function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}

/** What a promise rejects with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It did not reject.");
}
