// What the simulator, which knows some objects and some bodies, has to have before it takes an operation of the table.
import type { ApiRequest, Product } from "../../../provider/tasks";
import type { ClientBench } from "../../support/with-simulator";
import type { StartingOperation } from "./shapes";

/** Makes the request of an operation: with the ids that a server would have given, and with a body. */
export type Requester = (operation: StartingOperation) => ApiRequest;

const uuid = "6f9619ff-8b86-4d11-b42d-00c04fc964ff";

const known: Readonly<Record<string, string>> = { cluster: "domain-c8", host: "host-12", vm: "vm-1" };

function fill(path: string, ids: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{([\w-]+)\}/g, (_, name: string) => ids[name] ?? known[name] ?? uuid);
}

/** The operation as it is, but for ids and body. */
function request(
  { method, path }: StartingOperation,
  body: unknown,
  ids?: Readonly<Record<string, string>>,
): ApiRequest {
  const filled = { method, path: fill(path, ids) };
  return method === "GET" ? filled : { ...filled, body };
}

function vcenter({ simulator }: ClientBench): Requester {
  simulator.addObject("/api/vcenter/vm", { name: "vm" }, "vm-1");
  return (operation) => request(operation, { name: operation.path, source: "vm-1" });
}

function snapservice({ simulator }: ClientBench): Requester {
  const groups = "/api/snapservice/clusters/domain-c8/protection-groups";
  const target_entities = { vms: ["vm-1"] };
  simulator.addObject(groups, { name: "active", target_entities }, "pg-active");
  simulator.addObject(groups, { name: "paused", target_entities, status: "PAUSED" }, "pg-paused");
  return (operation) => {
    // Nothing is made active that is so already.
    const pg = /action=(activate|promote|resume)/.test(operation.path) ? "pg-paused" : "pg-active";
    return request(operation, { name: operation.path, snapshot: "snapshot-1", target_entities }, { pg });
  };
}

const passwordChange = {
  operationType: "ROTATE",
  elements: [
    {
      resourceName: "esx-1.test",
      resourceType: "ESXI",
      credentials: [{ credentialType: "SSH", username: "root" }],
    },
  ],
};

const newHost = {
  fqdn: "esx-1.test",
  username: "root",
  password: "Secret-1",
  storageType: "VSAN",
  networkPoolId: uuid,
};

/** Bodies that SDDC Manager does not take otherwise, by path. */
const sddcBodies: Readonly<Record<string, unknown>> = {
  "/v1/credentials": passwordChange,
  "/v1/credentials/expirations": { resourceType: "ESXI" },
  "/v1/credentials/tasks/{id}": passwordChange,
  "/v1/domains/{id}/resource-certificates/validations": [{ resourceId: uuid, resourceCertificate: "PEM" }],
  "/v1/hosts": [newHost],
  "/v1/sddcs": { sddcId: "one" },
  "/v1/sddcs/{id}": { sddcId: "failed" },
  "/v1/upgrades": { bundleId: uuid, resourceType: "DOMAIN", resourceUpgradeSpecs: [{ resourceId: uuid }] },
};

/** Operations that go on with one that has failed: what has to fail before, by path. */
const sddcFailures: Readonly<Record<string, ApiRequest>> = {
  "/v1/credentials/tasks/{id}": { method: "PATCH", path: "/v1/credentials", body: passwordChange },
  "/v1/sddcs/{id}": { method: "POST", path: "/v1/sddcs", body: { sddcId: "failed" } },
};

function sddcManager({ simulator }: ClientBench): Requester {
  simulator.addObject("/v1/domains", { domainName: "first" }, uuid);
  simulator.addObject("/v1/hosts", { fqdn: "esx-1.test" }, uuid);
  /** The id by which the server knows what has failed. */
  const fail = ({ method, path, body }: ApiRequest): string => {
    const plan = { outcome: "FAILED", pendingMs: 0, durationMs: 0 } as const;
    return simulator.startForeignTask({ product: "sddc-manager", method, path, body, plan });
  };
  return (operation) => {
    const { path } = operation;
    const failure = sddcFailures[path];
    const ownId = /\{(\w+)\}$/.exec(path)?.[1] ?? "";
    const ids = failure === undefined ? {} : { [ownId]: fail(failure) };
    return request(operation, sddcBodies[path] ?? { name: path, domainName: "one" }, ids);
  };
}

/** Replications that were there before are known by the form of their ids. */
function vcda(): Requester {
  return (operation) => {
    const kind = operation.path.startsWith("/vapp") ? "C4VAPP" : "C4";
    return request(operation, { name: operation.path }, { replicationId: `${kind}-${uuid}` });
  };
}

const requesters: Readonly<Record<Product, (bench: ClientBench) => Requester>> = {
  vcenter,
  snapservice,
  "sddc-manager": sddcManager,
  vcda,
};

/** Puts there what operations of a product work on, and gives the maker of their requests. */
export function furnish(product: Product, bench: ClientBench): Requester {
  return requesters[product](bench);
}
