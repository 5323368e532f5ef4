import { execFile } from "node:child_process";

import { EndpointFaultError } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";

/** The token of the user's own: `token`, or what `tokenCommand` gives. */
export async function ownToken(settings: EndpointSettings, signal: AbortSignal): Promise<string> {
  return settings.token ?? runTokenCommand(settings, settings.tokenCommand ?? "", signal);
}

/** Runs an endpoint's `tokenCommand` in the user's shell; the first line of its output is the token. */
function runTokenCommand(settings: EndpointSettings, command: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("/bin/sh", ["-c", command], { signal, timeout: settings.requestTimeoutMs }, (error, stdout) => {
      const token = stdout.split("\n")[0]?.trim() ?? "";
      if (error === null && token !== "") {
        resolve(token);
        return;
      }
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      // What the command printed may be the secret itself, so only its exit is told.
      const exit =
        error === null ? "it printed nothing" : `it ended with ${String(error.code ?? error.signal)}`;
      reject(
        new EndpointFaultError(`The tokenCommand of endpoint "${settings.name}" gave no token: ${exit}.`, {
          faultClass: "login",
          sent: "no",
        }),
      );
    });
  });
}
