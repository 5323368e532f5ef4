// What the role of a user forbids.
import type { Reply, SimulatedRequest } from "../../exchange";
import type { Settings } from "../../simulator-options";
import { sddcReply } from "./sddc-errors";

/** What only an administrator may see and change. */
const administration = ["/v1/users", "/v1/credentials", "/v1/system/backup-configuration"];

export function refusalByRole(role: Settings["sddcRole"], request: SimulatedRequest): Reply | undefined {
  const { method, path } = request;
  const forbidden =
    (role === "VIEWER" && method !== "GET") ||
    (role !== "ADMIN" && administration.some((one) => path === one || path.startsWith(`${one}/`)));
  if (!forbidden) return undefined;
  return sddcReply(403, "IDENTITY_FORBIDDEN", `The role ${role} does not allow ${method} ${path}.`);
}
