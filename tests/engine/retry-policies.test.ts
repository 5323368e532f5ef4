// One file of policies, two stacks: each recovers as its policy says.
import type { TaskScript } from "../../provider/simulator";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const failingClones = (times: number): TaskScript => ({
  match: { path: "/api/vcenter/vm?action=clone" },
  times,
  durationMs: 200,
  outcome: "FAILED",
  error: {
    error_type: "RESOURCE_BUSY",
    messages: [{ id: "busy", default_message: "The datastore of {0} is busy.", args: ["vm-42"] }],
    data: { is_transient: true },
  },
});

it("dev and prod recover from the same kind of failure, each as the policies of the project say", async () => {
  await withStack({ example: "retry-policies" }, async (stack, simulator) => {
    simulator.addObject("/api/vcenter/vm", { name: "template" }, "vm-42");
    await stack.run("stack", "init", "prod");
    await stack.run("config", "set", "retry", "careful", "--stack", "prod");
    await stack.run("stack", "init", "dev");

    const up = (name: string): ReturnType<typeof stack.up> => stack.up("--stack", name);
    const outputs = async (name: string): Promise<unknown> => {
      const { text } = await stack.run("stack", "output", "--json", "--stack", name);
      return JSON.parse(text) as unknown;
    };
    const ceipFails: TaskScript = { match: { path: "/v1/system/ceip" }, times: 1, outcome: "FAILED" };

    simulator.script(failingClones(1));
    simulator.script(ceipFails);
    const dev = await up("dev");
    if (dev.code !== 0) throw new Error(dev.text);
    expect(await outputs("dev")).toMatchObject({ attempts: { server: 2, telemetry: 2 } });
    // The clone was started again, the other task continued under its id.
    expect(simulator.starts).toHaveLength(3);
    expect(simulator.counts().retry).toBe(1);

    simulator.script(failingClones(3));
    const prod = await up("prod");
    if (prod.code !== 0) throw new Error(prod.text);
    expect(await outputs("prod")).toMatchObject({ attempts: { server: 4, telemetry: 1 } });
    expect(simulator.objects("/api/vcenter/vm").map(({ body }) => body.name)).toEqual([
      "template",
      "report-server-dev",
      "report-server-prod",
    ]);

    // What is more than `quick` bears fails, says why, and is gone on with by the next deployment.
    await stack.run("stack", "init", "test-quick");
    simulator.script(failingClones(2));
    const quick = await up("test-quick");
    expect(quick.code).not.toBe(0);
    expect(quick.text).toContain("at attempt 2");
    expect(quick.text).toContain("RESOURCE_BUSY: The datastore of vm-42 is busy.");
    expect((await up("test-quick")).code).toBe(0);
    expect(await outputs("test-quick")).toMatchObject({ attempts: { server: 3 } });
  });
});

it("a name that the project does not have is told with those that it has, and nothing starts", async () => {
  await withStack({ example: "retry-policies" }, async (stack, simulator) => {
    await stack.run("config", "set", "retry", "brave");
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain(
      'there is no policy "brave"; vmware-tasks:retryPolicies has: careful, quick, system-settings',
    );
    expect(simulator.starts).toHaveLength(0);
  });
});
