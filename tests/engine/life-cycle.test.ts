import { existsSync } from "node:fs";
import { join } from "node:path";

import { withStack } from "../support/with-stack";

jest.setTimeout(600_000);

const clone = (more = "", body = '{ source: "vm-1", name: "web" }'): string => `
  const op = new vmware.Operation("web", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm?action=clone", body: ${body} },
    ${more}
  });
  return { result: op.result, taskId: op.taskId, status: op.status, attempts: op.attempts };`;

describe("an operation", () => {
  it("starts once, ends with its result, and is left alone by preview, up and refresh afterwards", async () => {
    await withStack({ program: clone() }, async (stack, simulator) => {
      const preview = await stack.preview();
      expect(preview.text).toContain("vmware:StartedTask");
      expect(preview.code).toBe(0);
      expect(simulator.requests).toHaveLength(0);

      const up = await stack.up();
      expect(up.text).toContain("4 created");
      expect(up.code).toBe(0);
      expect(await stack.outputs()).toMatchObject({
        status: "SUCCEEDED",
        attempts: 1,
        result: expect.stringMatching(/^vm-/) as string,
      });
      expect(simulator.starts).toHaveLength(1);
      expect(simulator.counts()).toMatchObject({ login: 1, logout: 1, start: 1 });

      // What its children have is not stored twice, and how long it took is remembered for the next one.
      expect((await stack.resources())["Operation::web"]?.outputs ?? {}).toEqual({});
      expect(existsSync(join(stack.journalFolder, "durations"))).toBe(true);

      const quiet = simulator.requests.length;
      const again = await stack.up();
      expect(again.text).toMatch(/unchanged/);
      expect(again.text).not.toMatch(/created|updated|replaced/);
      const refresh = await stack.run("refresh", "--yes", "--skip-preview");
      expect(refresh.code).toBe(0);
      expect((await stack.preview("--expect-no-changes")).code).toBe(0);
      expect(simulator.requests).toHaveLength(quiet);

      const destroy = await stack.destroy();
      expect(destroy.code).toBe(0);
      expect(simulator.starts).toHaveLength(1);
    });
  });

  it("starts again when a trigger or the request changes, and at no other time", async () => {
    await withStack({}, async (stack, simulator) => {
      const program = (trigger: string, name: string, timeout: string): string =>
        clone(`triggers: ["${trigger}"], timeout: "${timeout}"`, `{ source: "vm-1", name: "${name}" }`);
      stack.program(program("a", "web-1", "5m"));
      await stack.up();
      stack.program(program("a", "web-1", "6m"));
      expect((await stack.up()).text).not.toMatch(/updated|replaced|created/);
      expect(simulator.starts).toHaveLength(1);
      stack.program(program("a", "web-2", "6m"));
      await stack.up();
      expect(simulator.starts.map(({ body }) => (body as { name: string }).name)).toEqual(["web-1", "web-2"]);
      simulator.removeObject("/api/vcenter/vm", String((await stack.outputs()).result));
      stack.program(program("b", "web-2", "6m"));
      const up = await stack.up();
      expect(up.code).toBe(0);
      expect(simulator.starts).toHaveLength(3);
      expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    });
  });

  it("shows no change after an operation that needed a second attempt", async () => {
    await withStack({}, async (stack, simulator) => {
      simulator.script({ match: { path: "/api/vcenter/vm?action=clone" }, times: 1, outcome: "FAILED" });
      stack.program(clone('retry: { maxAttempts: 2, delay: "100ms" }'));
      const up = await stack.up();
      expect(up.text).toContain("created");
      expect(up.code).toBe(0);
      expect(await stack.outputs()).toMatchObject({ status: "SUCCEEDED", attempts: 2 });
      expect(simulator.starts).toHaveLength(2);
      expect((await stack.preview("--expect-no-changes")).code).toBe(0);
      expect((await stack.up()).text).not.toMatch(/updated|replaced|created/);
      expect(simulator.starts).toHaveLength(2);
    });
  });
});
