/** Whether the engine writes no state during the deployment; Pulumi takes `1` and `true`, in any case, for a yes. */
export function skipsCheckpoints(environment: Readonly<Record<string, string | undefined>>): boolean {
  return ["1", "true"].includes((environment.PULUMI_SKIP_CHECKPOINTS ?? "").toLowerCase());
}
