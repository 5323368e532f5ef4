import * as z from "../../zod";
import type { FailureCause } from "../../tasks";
import { textOf } from "./messages";

const notifications = z.looseObject({
  warnings: z.array(z.unknown()).catch([]),
  errors: z.array(z.unknown()).catch([]),
});

/** What can carry notifications: a task and, where Lifecycle Manager applied an image, its result. */
const holder = z.looseObject({
  notifications: notifications.optional().catch(undefined),
  // The server tells a host's notifications with the host only (`ApplyResult`, vSphere ESX API).
  host_status: z.record(z.string(), z.unknown()).catch({}),
});

/** Nearly every task that is looked at has none, and there may be thousands. */
function holderOf(value: unknown): z.infer<typeof holder> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { notifications: own, host_status: hosts } = value as Record<string, unknown>;
  return own === undefined && hosts === undefined ? undefined : holder.safeParse(value).data;
}

function notificationText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return undefined;
  return textOf("message" in value ? value.message : value);
}

/** What Lifecycle Manager says of an error, and what it advises. */
function notifiedCause(value: unknown, path: readonly string[]): FailureCause | undefined {
  const message = notificationText(value);
  if (message === undefined) return undefined;
  const resolution =
    typeof value === "object" && value !== null && "resolution" in value ? value.resolution : undefined;
  const remediation = textOf(resolution);
  return { path, message, ...(remediation === undefined ? {} : { remediation }) };
}

function errorsOf(value: unknown, path: readonly string[]): FailureCause[] {
  return (holderOf(value)?.notifications?.errors ?? [])
    .map((one) => notifiedCause(one, path))
    .filter((cause) => cause !== undefined);
}

/** The errors that a task or its result notifies of, those of single hosts with the host as their path. */
export function notifiedErrors(value: unknown): FailureCause[] {
  const hosts = Object.entries(holderOf(value)?.host_status ?? {});
  return [...errorsOf(value, []), ...hosts.flatMap(([host, status]) => errorsOf(status, [host]))];
}

/** The texts of the warnings that a task or its result notifies of. */
export function notifiedWarnings(value: unknown): string[] {
  return (holderOf(value)?.notifications?.warnings ?? [])
    .map(notificationText)
    .filter((text) => text !== undefined);
}
