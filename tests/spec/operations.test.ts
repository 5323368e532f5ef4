import type { EndpointSettings } from "../../provider/clients";
import { isTerminal, products, type Look, type Product, type TaskRef } from "../../provider/tasks";
import { kind } from "../support/look-at";
import { never, withClient, type ClientBench } from "../support/with-simulator";
import { startingOperations, type StartingOperation } from "./support/shapes";

/** How the client of a product is told to log in; each product has to be here. */
const settings: Readonly<Record<Product, Partial<EndpointSettings>>> = {
  vcenter: {},
  snapservice: {},
  "sddc-manager": {},
  vcda: { login: "localUser" },
};

/** Which operations answer with a task that the product's usual kind follows. */
const answersWithTask = ({ path, replies }: StartingOperation): boolean =>
  /vmw-task=true/.test(path) || replies.some((reply) => /^202 (Task|ApiTask)$/.test(reply));

/** A path of the table with the ids that a server would have given. */
function filled(path: string): string {
  const ids: Readonly<Record<string, string>> = { cluster: "domain-c8", host: "host-12", vm: "vm-1" };
  return path.replaceAll(
    /\{([\w-]+)\}/g,
    (_, name: string) => ids[name] ?? "6f9619ff-8b86-4d11-b42d-00c04fc964ff",
  );
}

/** What the simulator, which knows some objects, asks of a body. */
function bodyOf({ method, path }: StartingOperation): unknown {
  const host = { fqdn: "esx-1.test", username: "a", password: "b", storageType: "VSAN", networkPoolId: "c" };
  if (path === "/v1/hosts") return [host];
  if (method === "GET") return undefined;
  return { name: path, domainName: "one", source: "vm-1" };
}

const cases = products.flatMap((product) =>
  startingOperations()
    .filter((operation) => operation.api === product && answersWithTask(operation))
    .map((operation) => ({ product, ...operation })),
);

/** Objects that operations of the table work on. */
function furnish({ simulator }: ClientBench, product: Product): void {
  const id = "6f9619ff-8b86-4d11-b42d-00c04fc964ff";
  if (product === "vcenter") simulator.addObject("/api/vcenter/vm", { name: "vm" }, "vm-1");
  if (product === "sddc-manager") simulator.addObject("/v1/domains", { domainName: "first" }, id);
  if (product === "sddc-manager") simulator.addObject("/v1/hosts", { fqdn: "esx-1.test" }, id);
}

/** Follows tasks until all have ended. */
async function follow({ client, pass }: ClientBench, refs: readonly TaskRef[]): Promise<Look[]> {
  pass(1_000);
  const groups = Map.groupBy(refs, (ref) => client.groupOf(ref));
  const looks = await Promise.all([...groups.values()].map((group) => client.look(group, never)));
  return looks.flat();
}

test.each(products)("every operation of %s that starts a task is started, followed and ends", (product) =>
  withClient({ product, settings: settings[product] }, async (all) => {
    const own = cases.filter((one) => one.product === product);
    expect(own.length).toBeGreaterThan(20);
    const refs: TaskRef[] = [];
    const refused: string[] = [];
    furnish(all, product);
    for (const operation of own) {
      const request = { method: operation.method, path: filled(operation.path), body: bodyOf(operation) };
      const name = `${operation.method} ${operation.path}`;
      const reply = await all.client
        .start(request, { kind }, never)
        .catch((error: unknown) => ({ kind: "refused", error }) as const);
      if (reply.kind === "task") refs.push(reply.ref);
      else refused.push(`${name}: ${reply.kind === "refused" ? String(reply.error) : "no task"}`);
    }
    expect(refused).toEqual([]);
    const looks = await follow(all, refs);
    const ended = looks.filter((look) => look.kind === "seen" && isTerminal(look.snapshot.status));
    expect(ended).toHaveLength(own.length);
  }),
);
