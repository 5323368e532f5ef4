// Hosts of SDDC Manager: several at once, known by their name, commissioned and decommissioned by tasks.
import type { CollectionOptions, Place, SimulatedObject } from "../../collections";
import type { Reply } from "../../exchange";
import type { Identifiers } from "../../identifiers";
import { isRecord, isString } from "../../json";
import type { TaskPlan } from "../../task-script";
import type { World } from "../../world";
import type { Ruling, Start } from "../start-task";
import { sddcError, sddcReply } from "./sddc-errors";

/** @internal */
export const hosts: CollectionOptions = { path: "/v1/hosts", nameField: "fqdn" };

const requiredFields = ["fqdn", "username", "password", "storageType", "networkPoolId"];

export function isHost(place: Place): boolean {
  return place.collection.options === hosts;
}

/** The names in a list of host specifications. */
export function fqdnsOf(body: unknown): string[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((spec: unknown) => (isRecord(spec) && isString(spec["fqdn"]) ? [spec["fqdn"]] : []));
}

export function ruleHosts(world: World, place: Place, start: Start): Ruling | undefined {
  if (place.id !== undefined) return undefined;
  if (start.method === "POST") return commission(world.identifiers, place, start.body);
  return start.method === "DELETE" ? decommission(place, start.body) : undefined;
}

function commission(identifiers: Identifiers, { collection, base }: Place, body: unknown): Ruling {
  const problem = problemWith(body, requiredFields);
  if (problem !== undefined) return { kind: "refused", reply: problem };
  const specs = body as Record<string, unknown>[];
  const taken = fqdnsOf(body).find((fqdn) => collection.has(base, fqdn));
  if (taken !== undefined) return { kind: "task", forced: alreadyCommissioned(taken) };
  const made = specs.map((spec) => toHost(identifiers.uuid(), base, spec));
  return {
    kind: "task",
    yields: made.map(toResource),
    effects: {
      begin: () => made.forEach((host) => void collection.reserve(base, host.name)),
      end: (succeeded, at) => {
        for (const host of made) {
          if (succeeded) collection.put({ ...host, createdAt: at });
          else collection.release(base, host.name);
        }
      },
    },
  };
}

function decommission({ collection, base }: Place, body: unknown): Ruling {
  const problem = problemWith(body, ["fqdn"]);
  if (problem !== undefined) return { kind: "refused", reply: problem };
  const wanted = fqdnsOf(body);
  const found = collection.list(base).filter(({ name }) => wanted.includes(name));
  const missing = wanted.find((fqdn) => !found.some(({ name }) => name === fqdn));
  if (missing !== undefined) return { kind: "refused", reply: hostNotFound(missing) };
  return {
    kind: "task",
    yields: found.map(toResource),
    effects: {
      begin: () => undefined,
      end: (succeeded) => {
        if (succeeded) for (const host of found) collection.remove(base, host.id);
      },
    },
  };
}

export function hostNotFound(host: string): Reply {
  return sddcReply(404, "HOST_NOT_FOUND", `Host ${host} was not found in the inventory.`, {
    arguments: [host],
  });
}

/** The inventory refuses a name only once the task looks: the first sub-task fails, and a retry would not help. */
function alreadyCommissioned(fqdn: string): TaskPlan {
  const error = sddcError("HOST_ALREADY_COMMISSIONED", `Host ${fqdn} is already commissioned.`, {
    arguments: [fqdn],
    remediationMessage: "Remove the host from the request, or decommission it first.",
  });
  return {
    outcome: "FAILED",
    retryable: false,
    subTasks: [
      { name: "ValidateHostCommissionSpecAction", outcome: "FAILED", errors: [error] },
      { name: "AddSshKeysToKnownHostsAction" },
      { name: "PrepareHostAction" },
      { name: "SaveHostToInventoryAction" },
    ],
  };
}

function problemWith(body: unknown, fields: readonly string[]): Reply | undefined {
  if (!Array.isArray(body) || body.length === 0) {
    return sddcReply(400, "INVALID_REQUEST_BODY", "The body must be a list of hosts.");
  }
  for (const [index, spec] of body.entries()) {
    const missing = fields.find((field) => !isRecord(spec) || !isString(spec[field]) || spec[field] === "");
    if (missing !== undefined) {
      return sddcReply(400, "INVALID_REQUEST_BODY", `Field ${missing} of host ${index + 1} is missing.`);
    }
  }
  const names = fqdnsOf(body);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined
    ? undefined
    : sddcReply(400, "INVALID_REQUEST_BODY", `Host ${twice} is listed twice.`);
}

/** The password and the user of the specification stay behind. */
function toHost(id: string, collection: string, spec: Record<string, unknown>): SimulatedObject {
  const fqdn = String(spec["fqdn"]);
  const body = {
    id,
    fqdn,
    esxiVersion: "9.0.0.0.24755229",
    hardwareVendor: "Simulated",
    hardwareModel: "Simulator",
    status: "UNASSIGNED_USEABLE",
    configurationStatus: "ACTIVE",
    compatibleStorageType: spec["storageType"],
    networkpool: { id: spec["networkPoolId"], name: spec["networkPoolName"] ?? "pool" },
  };
  return { id, name: fqdn, collection, createdAt: 0, body };
}

function toResource({ id, name }: SimulatedObject): Record<string, unknown> {
  return { resourceId: id, type: "ESXI", fqdn: name };
}
