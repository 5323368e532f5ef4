// Virtual machines: cloned by a task, deleted at once, with guest tools that take a while to come up.
import type { CollectionOptions, Place, SimulatedObject } from "../../collections";
import type { Reply, SimulatedRequest } from "../../exchange";
import type { World } from "../../world";
import type { Ruling, Start } from "../start-task";
import { isLegacy, vapiDone, vapiError, vapiValue } from "./vapi-errors";

/** @internal */
export const virtualMachines: CollectionOptions = {
  path: "/api/vcenter/vm",
  idPrefix: "vm-",
  createAction: "clone",
  deletesAtOnce: true,
};

export function isVirtualMachine(place: Place): boolean {
  return place.collection.options === virtualMachines;
}

/** When the machine was switched on; undefined while it is off. */
function poweredOnAt({ body, createdAt }: SimulatedObject): number | undefined {
  if (typeof body["powered_on_at"] === "number") return body["powered_on_at"];
  return body["power_on"] === true && body["powered_on_at"] === undefined ? createdAt : undefined;
}

export function readVirtualMachine(world: World, place: Place, request: SimulatedRequest): Reply | undefined {
  const { path } = request;
  const { collection, base, id, rest } = place;
  if (id === undefined) return vapiValue(path, collection.list(base).map(summaryOf));
  const machine = collection.get(base, id);
  if (machine === undefined) return notFound(path, id);
  const guest = guestOf(world, machine);
  if (rest === "") return vapiValue(path, infoOf(machine, guest));
  if (rest === "/power") return vapiValue(path, { state: powerState(machine) });
  if (rest !== "/guest/identity") return undefined;
  if (guest === undefined) {
    return vapiError(path, "SERVICE_UNAVAILABLE", `VMware Tools of virtual machine ${id} is not running.`);
  }
  return vapiValue(path, guest);
}

/** What a virtual machine allows beside what every collection does. */
export function ruleVirtualMachine(world: World, place: Place, start: Start): Ruling | undefined {
  const { collection, base, id, rest } = place;
  const { path, method, query } = start;
  const action = query.get("action");
  if (id === undefined) {
    const body = start.body as { source?: unknown } | undefined;
    const cloning = method === "POST" && action === "clone";
    if (!cloning || typeof body?.source === "string") return undefined;
    return { kind: "refused", reply: vapiError(path, "INVALID_ARGUMENT", "Field source is required.") };
  }
  const machine = collection.get(base, id);
  if (rest === "" && method === "DELETE" && machine !== undefined && powerState(machine) === "POWERED_ON") {
    const text = `Virtual machine ${id} is POWERED_ON: only one that is switched off can be deleted.`;
    return { kind: "refused", reply: vapiError(path, "NOT_ALLOWED_IN_CURRENT_STATE", text) };
  }
  if (rest !== "/power" || method !== "POST" || (action !== "start" && action !== "stop")) return undefined;
  if (machine === undefined) return { kind: "refused", reply: notFound(path, id) };
  if ((powerState(machine) === "POWERED_ON") === (action === "start")) {
    const text = `Virtual machine ${id} is ${powerState(machine)} already.`;
    return { kind: "refused", reply: vapiError(path, "ALREADY_IN_DESIRED_STATE", text) };
  }
  const powered_on_at = action === "start" ? world.settings.clock.now() : null;
  const apply = (): void => collection.put({ ...machine, body: { ...machine.body, powered_on_at } });
  return { kind: "at-once", reply: vapiDone(path), apply };
}

function notFound(path: string, id: string): Reply {
  return vapiError(path, "NOT_FOUND", `Virtual machine ${id} was not found.`);
}

function powerState(machine: SimulatedObject): "POWERED_ON" | "POWERED_OFF" {
  return poweredOnAt(machine) === undefined ? "POWERED_OFF" : "POWERED_ON";
}

function guestOf(world: World, machine: SimulatedObject): Record<string, unknown> | undefined {
  const since = poweredOnAt(machine);
  if (since === undefined || world.settings.clock.now() - since < world.settings.guestReadyMs)
    return undefined;
  const last = Number(/\d+$/.exec(machine.id)?.[0] ?? 0) % 250;
  return {
    name: "OTHER_LINUX_64",
    family: "LINUX",
    full_name: {
      id: "vmsg.guestos.otherLinux64Guest.label",
      default_message: "Other Linux (64-bit)",
      args: [],
    },
    host_name: machine.name,
    ip_address: `192.0.2.${String(last + 1)}`,
  };
}

function infoOf(
  machine: SimulatedObject,
  guest: Record<string, unknown> | undefined,
): Record<string, unknown> {
  return {
    identity: {
      name: machine.name,
      bios_uuid: uuidOf(machine, "4200"),
      instance_uuid: uuidOf(machine, "5000"),
    },
    name: machine.name,
    power_state: powerState(machine),
    guest_OS: "OTHER_LINUX_64",
    cpu: { count: 2, cores_per_socket: 1, hot_add_enabled: false, hot_remove_enabled: false },
    memory: { size_MiB: 4096, hot_add_enabled: false },
    instant_clone_frozen: false,
    // Not in the real object, where the guest has paths of its own: lets one read wait for the guest.
    guest:
      guest === undefined ? { tools: "NOT_RUNNING" } : { tools: "RUNNING", ip_address: guest["ip_address"] },
  };
}

function summaryOf(machine: SimulatedObject): Record<string, unknown> {
  return {
    vm: machine.id,
    name: machine.name,
    power_state: powerState(machine),
    cpu_count: 2,
    memory_size_MiB: 4096,
  };
}

function uuidOf(machine: SimulatedObject, prefix: string): string {
  const number = /\d+$/.exec(machine.id)?.[0] ?? "0";
  return `${prefix}0000-0000-4000-8000-${number.padStart(12, "0")}`;
}

/** The path of the newer form: the old one names the same objects. */
export function toApiPath(path: string): string {
  return isLegacy(path) ? path.replace(/^\/rest\//, "/api/") : path;
}
