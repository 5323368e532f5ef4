import { setMaxListeners } from "node:events";

import * as pulumi from "@pulumi/pulumi";

import type { Context } from "../provider/operations";
import { readConfiguration, type Configuration } from "../provider/operations/arguments";
import { systemClock } from "../provider/tasks";

let configuration: Configuration | undefined;
let context: Promise<Context> | undefined;

/** The stack's configuration of this package, as the program reads it. */
export function theConfiguration(): Configuration {
  if (configuration === undefined) {
    const config = new pulumi.Config("vmware-tasks");
    configuration = readConfiguration({
      endpoints: config.get("endpoints"),
      retryPolicies: config.get("retryPolicies"),
      environment: process.env,
    });
  }
  return configuration;
}

const logOutMs = 5_000;

async function open(): Promise<Context> {
  // Only programs that look tasks up pay for loading the clients.
  const { createContext, openJournal, stateFolder, traceFile } =
    await import("../provider/operations/index.js");
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const opened = createContext({
    configuration: theConfiguration(),
    journal: openJournal(stateFolder(process.env)),
    clock: systemClock,
    deployment: {
      signal: controller.signal,
      confirmAlive: () => Promise.resolve(),
      finish: (work) => work,
      status: () => undefined,
      warn: (_resourceUrn, text) => void pulumi.log.warn(text),
    },
    skipsCheckpoints: false,
    traceFile: traceFile(process.env),
  });
  process.once("beforeExit", () => void opened.close(AbortSignal.timeout(logOutMs)));
  return opened;
}

/** What data sources work with; logs out when the program has nothing left to do. */
export function theContext(): Promise<Context> {
  context ??= open();
  return context;
}
