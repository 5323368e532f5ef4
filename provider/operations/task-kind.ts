import { kindOfTask, productTraits, traitsOfKind, type KindTraits } from "../clients/traits";
import type { OpenEndpoint } from "./context";

/** What says which kind of task an operation has. */
export interface KindArguments {
  readonly kind?: string | undefined;
  readonly request?: { readonly method: string; readonly path: string } | undefined;
}

/** The kind of an operation's task, the same for its start and its completion. */
export function taskKind({ settings }: Pick<OpenEndpoint, "settings">, given: KindArguments): string {
  return kindOfTask(productTraits[settings.product], given);
}

/** What can be asked of an operation's task. */
export function traitsOfTask(
  endpoint: Pick<OpenEndpoint, "settings">,
  given: KindArguments,
): KindTraits | undefined {
  return traitsOfKind(productTraits[endpoint.settings.product], taskKind(endpoint, given));
}
