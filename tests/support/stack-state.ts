// The state of a stack as a file: taken out, edited by hand, and put back or put elsewhere.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { well, type Stack, type StateResource } from "./stack";

/** What `pulumi stack export` writes, as far as tests look at it. */
export interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly unknown[];
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Takes the state out. */
export async function exportState(stack: Stack): Promise<ExportedState> {
  const path = join(stack.folder, "exported.json");
  await well(stack.run("stack", "export", "--file", path));
  return JSON.parse(readFileSync(path, "utf8")) as ExportedState;
}

/** Puts a state in; the engine refuses one in which something refers to what is not there. */
export async function importState(stack: Stack, state: ExportedState): Promise<void> {
  const path = join(stack.folder, "imported.json");
  writeFileSync(path, JSON.stringify(state));
  await well(stack.run("stack", "import", "--file", path));
}

/** A state without some resources and without what refers to them, as a careful hand leaves it. */
export function withoutResources(state: ExportedState, isUnwanted: (urn: string) => boolean): ExportedState {
  const { resources = [], ...deployment } = state.deployment;
  const isWanted = (urn: unknown): boolean => !isUnwanted(String(urn));
  const left = resources
    .filter(({ urn }) => isWanted(urn))
    .map((resource) => ({
      ...resource,
      dependencies: ((resource.dependencies ?? []) as string[]).filter(isWanted),
      propertyDependencies: Object.fromEntries(
        Object.entries((resource.propertyDependencies ?? {}) as Record<string, string[]>).map(
          ([name, urns]) => [name, urns.filter(isWanted)],
        ),
      ),
    }));
  return { ...state, deployment: { ...deployment, resources: left } };
}
