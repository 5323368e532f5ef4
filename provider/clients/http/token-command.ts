import { execFile } from "node:child_process";

import { EndpointFaultError } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";

/** Where a token of the user's own comes from. */
type TokenSource = Pick<EndpointSettings, "name" | "token" | "tokenCommand" | "requestTimeoutMs">;

// A secret that was read from a file ends with a line break, which no header may have.
const givenToken = ({ token }: TokenSource): string | undefined => token?.trim();

/** The token of the user's own: `token`, or what `tokenCommand` gives; `owner` says whose it is, for messages. */
export async function ownToken(
  source: TokenSource,
  signal: AbortSignal,
  owner = `endpoint "${source.name}"`,
): Promise<string> {
  return givenToken(source) ?? runTokenCommand(source, firstLineOf, owner, signal);
}

/** The same for tokens of many lines, such as a SAML assertion: all that `tokenCommand` prints. */
export async function ownTokenOfLines(source: TokenSource, signal: AbortSignal): Promise<string> {
  return (
    givenToken(source) ?? runTokenCommand(source, (output) => output, `endpoint "${source.name}"`, signal)
  );
}

const firstLineOf = (output: string): string => output.split("\n")[0] ?? "";

/** Runs a `tokenCommand` in the user's shell; `pick` finds the token in its output. */
function runTokenCommand(
  { tokenCommand = "", requestTimeoutMs }: TokenSource,
  pick: (output: string) => string,
  owner: string,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("/bin/sh", ["-c", tokenCommand], { signal, timeout: requestTimeoutMs }, (error, stdout) => {
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
        new EndpointFaultError(`The tokenCommand of ${owner} gave no token: ${exit}.`, {
          faultClass: "login",
          sent: "no",
        }),
      );
    });
  });
}
