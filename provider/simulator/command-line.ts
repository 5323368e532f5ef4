// The arguments of the command, read and checked.
import { parseArgs } from "node:util";
import { sddcVersions } from "./products/sddc-manager/sddc-version";
import type { SimulatorOptions } from "./simulator-options";

/** @internal */
export type CommandLine =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "mistake"; readonly text: string }
  | { readonly kind: "simulate"; readonly options: SimulatorOptions; readonly json: boolean };

/** Below the ports that systems hand out by themselves, so that a written-down URL stays good. */
const defaultPort = 8989;

const help = `Usage: vmware-tasks simulate [options]

Serves the task APIs of vCenter (/api, /rest), Snapservice (/api/snapservice), SDDC Manager (/v1) and VMware Cloud
Director Availability (/tasks, /vapp-replications, …; sites site1 and site2) on 127.0.0.1 until it is stopped.

Options:
  --port <number>       port to listen on; 0 takes a free one      (default ${defaultPort})
  --https               serve HTTPS with a certificate made for this run
  --duration <time>     how long a task takes: 500ms, 5s, 2m, 1h   (default 5s)
  --username <name>     user of all products                       (default administrator@vsphere.local)
  --password <text>     password of that user                      (default simulator-password)
  --sddc-version <text> dialect of SDDC Manager: ${sddcVersions.join(", ")}  (default 5.2)
  --path-prefix <path>  serve below a path, as behind a proxy
  --json                print one line of JSON instead of the text
  -h, --help            print this text

What it serves, and how to script it while it runs: GET /_simulator.`;

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export function parseCommandLine(args: readonly string[]): CommandLine {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string" },
        https: { type: "boolean" },
        duration: { type: "string" },
        username: { type: "string" },
        password: { type: "string" },
        "sddc-version": { type: "string" },
        "path-prefix": { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    return mistake((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: "help", text: help };
  if (positionals.length === 0) return mistake("Say what to do: simulate.");
  if (positionals[0] !== "simulate")
    return mistake(`Unknown command ${String(positionals[0])}; there is simulate.`);
  if (positionals.length > 1) return mistake(`Unexpected argument ${String(positionals[1])}.`);

  const port = values.port === undefined ? defaultPort : toPort(values.port);
  if (port === undefined)
    return mistake(`--port must be a whole number from 0 to 65535, not "${values.port ?? ""}".`);
  const durationMs = toMilliseconds(values.duration ?? "5s");
  if (durationMs === undefined) {
    return mistake(
      `--duration must be a number with a unit (500ms, 5s, 2m, 1h), not "${values.duration ?? ""}".`,
    );
  }
  const sddcVersion = sddcVersions.find((version) => version === values["sddc-version"]);
  if (sddcVersion === undefined && values["sddc-version"] !== undefined) {
    return mistake(`--sddc-version must be one of ${sddcVersions.join(", ")}.`);
  }
  const { https = false, username, password, "path-prefix": pathPrefix } = values;
  return {
    kind: "simulate",
    json: values.json === true,
    options: {
      port,
      https,
      defaultDurationMs: durationMs,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(sddcVersion === undefined ? {} : { sddcVersion }),
      ...(pathPrefix === undefined ? {} : { pathPrefix }),
    },
  };
}

function toPort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

function toMilliseconds(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(text) ?? [];
  const factor = unitsMs[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

function mistake(text: string): CommandLine {
  return { kind: "mistake", text: `${text}\nTry: vmware-tasks --help` };
}
