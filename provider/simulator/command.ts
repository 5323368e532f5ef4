#!/usr/bin/env node
// The command of the package: `vmware-tasks simulate`.
import { randomUUID } from "node:crypto";
import { parseCommandLine } from "./command-line";
import type { Simulator } from "./simulator";
import { startSimulator } from "./start-simulator";

/** @internal What the command needs from its process. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Resolves when the command is to stop. */
  readonly stopped: () => Promise<unknown>;
}

/** Runs the command and gives its exit code. */
export async function runCommand({ args, print, complain, stopped }: CommandContext): Promise<number> {
  const command = parseCommandLine(args);
  if (command.kind === "help") {
    print(command.text);
    return 0;
  }
  if (command.kind === "mistake") {
    complain(command.text);
    return 2;
  }
  let simulator: Simulator;
  try {
    // Counted ids would come again after a restart, and a stack that remembers one would see another task.
    simulator = await startSimulator({ ...command.options, uuid: () => randomUUID() });
  } catch (error) {
    complain(
      `The simulator cannot listen on port ${String(command.options.port)}: ${(error as Error).message}`,
    );
    return 1;
  }
  try {
    print(command.json ? JSON.stringify(accessTo(simulator)) : introduction(simulator));
    await stopped();
  } finally {
    await simulator.close();
  }
  return 0;
}

function accessTo({ url, username, password, certificate }: Simulator): Record<string, unknown> {
  return { url, username, password, ...(certificate === undefined ? {} : { certificate }) };
}

/** As one word of a shell. */
function quoted(value: unknown): string {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}

function introduction(simulator: Simulator): string {
  const { url, username, password, certificate } = simulator;
  const trust = certificate === undefined ? {} : { caCertificates: certificate };
  const access = { url, username, password, ...trust };
  const endpoints = quoted({
    vcenter: { product: "vcenter", ...access },
    snap: { product: "snapservice", ...access },
    sddc: { product: "sddc-manager", ...access },
    vcda: {
      product: "vcda",
      login: "localUser",
      ...access,
      remoteSites: { site2: { login: "credentials", username, password } },
    },
  });
  return [
    `The simulator listens on ${url} (user ${username}, password ${password}).`,
    "",
    "In the shell where you run Pulumi:",
    `  export VMWARE_TASKS_ENDPOINTS=${endpoints}`,
    "Or for one stack:",
    `  pulumi config set --secret vmware-tasks:endpoints ${endpoints}`,
    "",
    `What it serves and how to script it: ${url}/_simulator`,
    "Stop it with Ctrl-C.",
  ].join("\n");
}

function untilStopped(): Promise<unknown> {
  return new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

if (require.main === module) {
  void runCommand({
    args: process.argv.slice(2),
    print: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(`${text}\n`),
    stopped: untilStopped,
  }).then((code) => {
    process.exitCode = code;
  });
}
