import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const hosts = (more = ""): string => `
  const op = new vmware.Operation("hosts", {
    endpoint: "sddc",
    request: { method: "POST", path: "/v1/hosts", body: [{ fqdn: "esx-1.example.com", username: "root", password: "canary-password", storageType: "VSAN", networkPoolId: "np-1" }] },
    ${more}
  });
  return { status: op.status, taskId: op.taskId, attempts: op.attempts };`;

const vsanFailure = {
  outcome: "FAILED" as const,
  subTasks: [
    { name: "ValidateHosts", description: "Validate hosts" },
    {
      name: "PrepareDisks",
      description: "Prepare disks",
      outcome: "FAILED" as const,
      stages: [
        {
          name: "ClaimDisks",
          description: "Claim disks for vSAN",
          outcome: "FAILED" as const,
          errors: [
            {
              errorCode: "VSAN_DISK_NOT_EMPTY",
              message: "Disk naa.5000 of esx-1.example.com is not empty.",
              remediationMessage: "Remove its partitions and try again.",
              referenceToken: "L1Q2W3",
            },
          ],
        },
      ],
    },
  ],
};

describe("a failed task", () => {
  it("fails the deployment with its reason on the screen, and is tried again by the next one", async () => {
    await withStack({ program: hosts() }, async (stack, simulator) => {
      simulator.script({ match: { path: "/v1/hosts" }, times: 1, ...vsanFailure, retryable: false });
      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      for (const text of [
        'Operation "hosts" failed',
        "Prepare disks › Claim disks for vSAN",
        "VSAN_DISK_NOT_EMPTY: Disk naa.5000 of esx-1.example.com is not empty.",
        "what to do: Remove its partitions",
        "reference: L1Q2W3",
        "The next `pulumi up` tries again",
        "--replace '**StartedTask::hosts'",
      ]) {
        expect(failed.text).toContain(text);
      }
      expect((await stack.resources())["CompletedTask::hosts"]?.outputs).toMatchObject({
        status: "FAILED",
        attempts: 1,
      });
      // A refresh that reads the task well must not make the failure forgotten.
      expect((await stack.run("refresh", "--yes", "--skip-preview")).code).toBe(0);

      const up = await stack.up();
      expect(up.code).toBe(0);
      expect(simulator.starts).toHaveLength(2);
      expect(await stack.outputs()).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
      expect((await stack.preview("--expect-no-changes")).code).toBe(0);
      expect(stack.allFiles() + failed.text + up.text).not.toContain("canary-password");
    });
  });

  it("is continued by the server under the same id where it says that it can be", async () => {
    await withStack(
      { program: hosts('retry: { maxAttempts: 2, delay: "100ms" }') },
      async (stack, simulator) => {
        simulator.script({ match: { path: "/v1/hosts" }, ...vsanFailure, retryable: true });
        const up = await stack.up();
        expect(up.text).toContain("attempt 2");
        expect(up.code).toBe(0);
        expect(simulator.starts).toHaveLength(1);
        expect(simulator.counts().retry).toBe(1);
      },
    );
  });

  it("lets the deployment go on where the program says so", async () => {
    await withStack(
      { program: hosts('onFailure: "warn", retry: { onNextUp: "look" }') },
      async (stack, simulator) => {
        simulator.script({ match: { path: "/v1/hosts" }, ...vsanFailure });
        const up = await stack.up();
        expect(up.code).toBe(0);
        expect(up.text).toContain("VSAN_DISK_NOT_EMPTY");
        expect(await stack.outputs()).toMatchObject({ status: "FAILED" });
        expect((await stack.up()).code).toBe(0);
        expect(simulator.starts).toHaveLength(1);
      },
    );
  });

  it("leaves nothing to delete and is never stuck at destroy", async () => {
    const program = hosts(
      'delete: (done) => ({ method: "DELETE", path: "/v1/hosts", body: [{ fqdn: done.resources[0].name }] })',
    );
    await withStack({ program }, async (stack, simulator) => {
      simulator.script({ match: { path: "/v1/hosts" }, ...vsanFailure });
      expect((await stack.up()).code).not.toBe(0);
      const destroy = await stack.destroy();
      expect(destroy.code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
      expect(Object.keys(await stack.resources())).toHaveLength(0);
    });
  });
});

it("a task that is slower than its time-out is left running, and gone on with by the next deployment", async () => {
  const program = (timeout: string): string => hosts(`timeout: "${timeout}"`);
  await withStack(
    { program: program("1s"), simulate: { defaultDurationMs: 600_000 } },
    async (stack, simulator) => {
      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      expect(failed.text).toContain("it may still be running");
      simulator.finish(simulator.starts[0]?.taskId ?? "");
      stack.program(program("1m"));
      expect((await stack.up()).code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
      expect(await stack.outputs()).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
    },
  );
});

it("warnings are shown on the resource, and fail where the program says so", async () => {
  await withStack({ program: hosts() }, async (stack, simulator) => {
    simulator.script({ match: { path: "/v1/hosts" }, nativeStatus: { SUCCEEDED: "COMPLETED_WITH_WARNING" } });
    const up = await stack.up();
    expect(up.text).toMatch(/warning:.*COMPLETED_WITH_WARNING/);
    expect(up.code).toBe(0);
    stack.program(hosts('acceptWarnings: false, triggers: ["again"]'));
    expect((await stack.up()).code).not.toBe(0);
  });
});
