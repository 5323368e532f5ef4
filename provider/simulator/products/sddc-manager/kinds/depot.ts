// Settings that are tried out after 202: nothing has an id, reading them again tells what came of it.
import { isRecord, isString, without } from "../../../json";
import { errorsOf, messageOf } from "../failure";
import type { Sight } from "../sight";
import type { Kind } from "./kind";

/** @internal */
export const depotSettings: Kind = {
  isTask: false,
  problem: (body) => (isRecord(body) ? undefined : "The body must be DepotSettings."),
  none: {},
  render: (sight) =>
    Object.fromEntries(
      Object.entries(isRecord(sight.task.body) ? sight.task.body : {}).map(([name, value]) => [
        name,
        isRecord(value) && /Account$/.test(name) ? accountOf(sight, value) : value,
      ]),
    ),
};

/** @internal */
export const depotSync: Kind = {
  isTask: false,
  none: { syncStatus: "UNSYNCED" },
  render: (sight) => {
    const [failure] = errorsOf(sight);
    const { endedAt, status } = sight.life;
    return {
      syncStatus: endedAt === undefined ? "SYNCING" : status === "SUCCEEDED" ? "SYNCED" : "SYNC_FAILED",
      ...(failure === undefined ? {} : { errorMessage: messageOf(failure) }),
      ...(endedAt === undefined ? {} : { lastSyncCompletionTimestamp: new Date(endedAt).toISOString() }),
    };
  },
};

const hclDefaults = {
  autoDownloadEnabled: true,
  outOfDateErrorThreshold: 180,
  outOfDateWarningThreshold: 90,
  pollingInterval: 1440,
  pollingEnabled: true,
};

/** @internal */
export const vsanHcl: Kind = {
  isTask: false,
  none: hclDefaults,
  render: ({ task, life }) => ({
    ...hclDefaults,
    ...(isRecord(task.body) && life.status !== "FAILED" ? task.body : {}),
  }),
};

/** A password is there, but cannot be read; tokens are not there. */
function accountOf(sight: Sight, account: Record<string, unknown>): Record<string, unknown> {
  const shown = {
    ...without(account, "password", "downloadToken", "downloadActivationCode"),
    ...(account["password"] === undefined ? {} : { password: "*****" }),
  };
  const { plan } = sight.task.attempt;
  const own = isString(plan.nativeStatus) ? plan.nativeStatus : plan.nativeStatus?.[sight.life.status];
  if (sight.life.endedAt === undefined && own === undefined) return shown;
  const [failure] = errorsOf(sight);
  const good = sight.life.status === "SUCCEEDED";
  return {
    ...shown,
    status: own ?? (good ? "DEPOT_CONNECTION_SUCCESSFUL" : "DEPOT_INVALID_CREDENTIAL"),
    message: good || failure === undefined ? "Depot status" : messageOf(failure),
  };
}
