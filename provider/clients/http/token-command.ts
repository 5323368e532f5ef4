import { execFile } from "node:child_process";

import { EndpointFaultError } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";

/** The token of the user's own: `token`, or what `tokenCommand` gives. */
export async function ownToken(settings: EndpointSettings, signal: AbortSignal): Promise<string> {
  return settings.token ?? runTokenCommand(settings, firstLineOf, signal);
}

/** The same for tokens of many lines, such as a SAML assertion: all that `tokenCommand` prints. */
export async function ownTokenOfLines(settings: EndpointSettings, signal: AbortSignal): Promise<string> {
  return settings.token ?? runTokenCommand(settings, (output) => output, signal);
}

const firstLineOf = (output: string): string => output.split("\n")[0] ?? "";

/** Runs an endpoint's `tokenCommand` in the user's shell; `pick` finds the token in its output. */
function runTokenCommand(
  settings: EndpointSettings,
  pick: (output: string) => string,
  signal: AbortSignal,
): Promise<string> {
  const { tokenCommand: command = "", requestTimeoutMs: timeout } = settings;
  return new Promise((resolve, reject) => {
    execFile("/bin/sh", ["-c", command], { signal, timeout }, (error, stdout) => {
      const token = pick(stdout).trim();
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
