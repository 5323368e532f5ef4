import { readdirSync } from "node:fs";
import { resolve } from "node:path";

import type { Simulator } from "../../provider/simulator";
import type { Stack } from "../support/stack";
import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

interface Example {
  readonly config?: (simulator: Simulator) => Record<string, string>;
  readonly secrets?: Record<string, string>;
  /** What the server has seen when the example is up. */
  readonly check: (outputs: Record<string, unknown>, simulator: Simulator) => void;
}

const examples: Record<string, Example> = {
  quickstart: {
    check(outputs, simulator) {
      expect(outputs.vm).toMatch(/^vm-/);
      expect(outputs.commissioned).toHaveLength(2);
      expect(simulator.starts).toHaveLength(2);
    },
  },
  "vcenter-clone-vm": {
    check(outputs, simulator) {
      expect(outputs.vms).toEqual([
        { id: expect.stringMatching(/^vm-/) as string, address: expect.stringMatching(/\d+\./) as string },
        { id: expect.stringMatching(/^vm-/) as string, address: expect.stringMatching(/\d+\./) as string },
      ]);
      expect(simulator.starts).toHaveLength(2);
    },
  },
  "sddc-commission-hosts": {
    config: () => ({ networkPoolId: "np-1", hosts: '["esx-1.example.com","esx-2.example.com"]' }),
    secrets: { hostPassword: "canary-host-password" },
    check(outputs, simulator) {
      expect(Object.keys(outputs.commissioned as object)).toEqual(["esx-1.example.com", "esx-2.example.com"]);
      expect(simulator.starts).toHaveLength(1);
    },
  },
  "snapservice-protection-group": {
    check(outputs, simulator) {
      expect(outputs).toEqual({
        group: "pg-101",
        history: [{ name: "Create protection groups", status: "SUCCEEDED" }],
      });
      expect(simulator.starts).toMatchObject([{ query: { "vmw-task": "true" } }]);
    },
  },
  "sddc-create-domain": {
    config: () => ({ domainName: "sfo-w01" }),
    secrets: { vcenterPassword: "canary-vcenter-password" },
    check(outputs, simulator) {
      const [made] = simulator.objects("/v1/domains");
      expect(outputs).toEqual({ verdict: "SUCCEEDED", domainId: made?.id });
      expect(simulator.starts.map(({ path }) => path)).toEqual(["/v1/domains/validations", "/v1/domains"]);
    },
  },
  "sddc-rotate-credentials": {
    config: () => ({ host: "esx-1.example.com", rotation: "2026-01" }),
    check(outputs, simulator) {
      expect(outputs).toMatchObject({ status: "SUCCEEDED", failures: [] });
      expect(simulator.starts.map(({ path }) => path)).toEqual(["/v1/credentials"]);
    },
  },
  "wait-for-a-task": {
    config: (simulator) => ({
      taskId: simulator.startForeignTask({
        product: "sddc-manager",
        path: "/v1/upgrades",
        plan: { durationMs: 1_000 },
      }),
    }),
    check(outputs, simulator) {
      expect(outputs.status).toBe("SUCCEEDED");
      expect(simulator.counts().start).toBe(0);
    },
  },
  "retry-policies": {
    check(outputs, simulator) {
      expect(outputs).toMatchObject({ attempts: { server: 1, telemetry: 1 } });
      expect(simulator.starts).toHaveLength(2);
    },
  },
  "vcda-migrate": {
    config: () => ({ replication: "C4VAPP-11111111-1111-4111-8111-111111111111", site: "site2" }),
    check(outputs, simulator) {
      expect(outputs.migrated).toEqual(["C4VAPP-11111111-1111-4111-8111-111111111111"]);
      expect(outputs.tasks).toHaveLength(2);
      expect(simulator.starts.map(({ path, query }) => [path.split("/").at(-1), query.site])).toEqual([
        ["sync", "site2"],
        ["migrate", "site2"],
      ]);
    },
  },
  "task-data": {
    check(outputs) {
      expect(outputs).toMatchObject({
        clonesByStatus: { SUCCEEDED: 1 },
        cloneAsTheServerKnowsIt: "SUCCEEDED",
      });
    },
  },
};

async function configure(
  stack: Stack,
  simulator: Simulator,
  { config, secrets = {} }: Example,
): Promise<void> {
  for (const [name, value] of Object.entries(config?.(simulator) ?? {}))
    await stack.run("config", "set", name, value);
  for (const [name, value] of Object.entries(secrets))
    await stack.run("config", "set", "--secret", name, value);
}

it("every example is run", () => {
  const folders = readdirSync(resolve(__dirname, "../../examples"), { withFileTypes: true });
  expect(
    folders
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(examples).sort());
});

it.each(Object.entries(examples))(
  "%s deploys, changes nothing the second time, and is destroyed",
  async (name, example) => {
    await withStack({ example: name, simulate: { guestReadyMs: 1_000 } }, async (stack, simulator) => {
      simulator.addObject("/api/vcenter/vm", { name: "template" }, "vm-42");
      await configure(stack, simulator, example);
      const up = await stack.up();
      if (up.code !== 0) throw new Error(up.text);
      example.check(await stack.outputs(), simulator);
      expect((await stack.preview("--expect-no-changes")).code).toBe(0);
      const destroy = await stack.destroy();
      if (destroy.code !== 0) throw new Error(destroy.text);
      expect(Object.keys(await stack.resources())).toHaveLength(0);
      expect(simulator.objects("/api/vcenter/vm")).toHaveLength(1);
      expect(simulator.objects("/v1/hosts")).toHaveLength(0);
      expect(simulator.objects("/v1/domains")).toHaveLength(0);
      for (const secret of Object.values(example.secrets ?? {})) {
        expect(up.text + destroy.text + stack.allFiles()).not.toContain(secret);
      }
    });
  },
);
