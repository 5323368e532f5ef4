import { kindOfTask, productTraits } from "../../provider/clients/traits";
import { isTerminal, products, type ApiRequest, type Product, type StartReply } from "../../provider/tasks";
import { never, withClient, type ClientBench, type ClientBenchOptions } from "../support/with-simulator";
import { unfollowed } from "./exceptions";
import { furnish } from "./support/furnish";
import { startingOperations, type StartingOperation } from "./support/shapes";

/** A server of a product, and which operations of the table it is asked for. */
interface Server extends ClientBenchOptions {
  readonly name: string;
  readonly has: (operation: StartingOperation) => boolean;
}

const ofApi =
  (name: string) =>
  ({ api }: StartingOperation): boolean =>
    api === name;

// Versions from 9.0 on answer that it is withdrawn.
const isWithdrawn = ({ method, path }: StartingOperation): boolean =>
  /^POST \/v1\/(bundles|product-version-catalog)$/.test(`${method} ${path}`);

/** A server of VCF; each operation is asked for in the newest version that has it. */
function vcf(name: string, api: string, sddcVersion: "4.5" | "5.2" | "9.1"): Server {
  return {
    name: `${name} ${sddcVersion}`,
    product: "sddc-manager",
    simulate: { sddcVersion },
    has: (operation) => {
      const versions = isWithdrawn(operation)
        ? operation.versions.filter((version) => version < "9")
        : operation.versions;
      return operation.api === api && versions.at(-1)?.startsWith(`${sddcVersion}.`) === true;
    },
  };
}

const servers: Readonly<Record<Product, readonly Server[]>> = {
  vcenter: [{ name: "vCenter", product: "vcenter", has: ofApi("vcenter") }],
  snapservice: [{ name: "Snapservice", product: "snapservice", has: ofApi("snapservice") }],
  "sddc-manager": [
    vcf("SDDC Manager", "sddc-manager", "4.5"),
    vcf("SDDC Manager", "sddc-manager", "5.2"),
    vcf("SDDC Manager", "sddc-manager", "9.1"),
    vcf("Cloud Builder", "cloud-builder", "5.2"),
    vcf("VCF Installer", "vcf-installer", "9.1"),
  ],
  vcda: [{ name: "VCDA", product: "vcda", settings: { login: "localUser" }, has: ofApi("vcda") }],
};

const nameOf = ({ api, method, path }: StartingOperation): string => `${api} ${method} ${path}`;

const isOneOf = (patterns: readonly RegExp[], operation: StartingOperation): boolean =>
  patterns.some((pattern) => pattern.test(nameOf(operation)));

/** Whether an answer may name nothing that could be followed. */
const mayBeSilent = ({ replies }: StartingOperation): boolean =>
  replies.some((reply) => /(empty|DepotSettings|DepotSyncInfo|VsanHclConfiguration)/.test(reply));

/** Starts an operation as a program would, the kind of the task derived from the request. */
function start(
  { client }: ClientBench,
  product: Product,
  { operation, request }: { readonly operation: StartingOperation; readonly request: ApiRequest },
): Promise<StartReply> {
  const options = {
    kind: kindOfTask(productTraits[product], { request }),
    isObserved: mayBeSilent(operation),
  };
  return client.start(request, options, never);
}

/** What keeps an operation that was started from its end; undefined when nothing does. */
async function hindrance(
  { client }: ClientBench,
  operation: StartingOperation,
  reply: StartReply,
): Promise<string | undefined> {
  if (reply.kind === "done") return mayBeSilent(operation) ? undefined : "it names no task";
  const [look] = await client.look([reply.ref], never);
  if (look?.kind !== "seen") return `its task is ${look?.kind ?? "left out"}`;
  return isTerminal(look.snapshot.status) ? undefined : `its task is ${look.snapshot.nativeStatus}`;
}

/** Starts operations one by one, then follows them all: what did not end, and why. */
async function startAndFollow(
  bench: ClientBench,
  product: Product,
  operations: readonly StartingOperation[],
): Promise<string[]> {
  const requestOf = furnish(product, bench);
  const requests = operations.map((operation) => ({ operation, request: requestOf(operation) }));
  const lost: string[] = [];
  const started: (readonly [StartingOperation, StartReply])[] = [];
  for (const one of requests) {
    try {
      started.push([one.operation, await start(bench, product, one)]);
    } catch (error) {
      lost.push(`${nameOf(one.operation)}: ${String(error)}`);
    }
  }
  bench.pass(1_000);
  for (const [operation, reply] of started) {
    const why = await hindrance(bench, operation, reply);
    if (why !== undefined) lost.push(`${nameOf(operation)}: ${why}`);
  }
  return lost;
}

const allServers = products.flatMap((product) => servers[product]);
const exceptions = unfollowed.map(({ operations }) => operations);

test.each(allServers)("every operation of $name that starts a task is started, followed and ends", (server) =>
  withClient(server, async (bench) => {
    const own = startingOperations().filter((one) => server.has(one) && !isOneOf(exceptions, one));
    expect(own.length).toBeGreaterThan(0);
    expect(await startAndFollow(bench, server.product, own)).toEqual([]);
  }),
);

test("every operation of the table is asked for, or there is a reason", () => {
  const forgotten = startingOperations().filter(
    (one) => !isOneOf(exceptions, one) && !allServers.some(({ has }) => has(one)),
  );
  expect(forgotten.map(nameOf)).toEqual([]);
});

test("every reason is about an operation of the table", () => {
  const lines = startingOperations().map(nameOf);
  expect(exceptions.filter((pattern) => !lines.some((line) => pattern.test(line)))).toEqual([]);
});
