import type { SimulatorOptions } from "../../../provider/simulator";
import { withSimulator, type Send } from "./with-simulator";

const spec = { sddcId: "sfo-m01", vcenterSpec: { rootVcenterPassword: "VMw@re-secret-1!" } };

interface SddcTask {
  readonly id: string;
  readonly status: string;
  readonly sddcSubTasks: { readonly name: string; readonly status: string; readonly errors: unknown[] }[];
  readonly milestones?: {
    readonly name: string;
    readonly status: string;
    readonly completedTasks?: number;
  }[];
}

const start = async (sddc: Send): Promise<SddcTask> => {
  const answer = await sddc("POST", "/v1/sddcs", spec);
  expect(answer).toMatchObject({ status: 202, body: { name: "sfo-m01", status: "IN_PROGRESS" } });
  return answer.body as SddcTask;
};

const look = async (sddc: Send, id: string): Promise<SddcTask> =>
  (await sddc("GET", `/v1/sddcs/${id}`)).body as SddcTask;

test("brings up an SDDC by sub-tasks; it is no task below /v1/tasks", async () => {
  await withSimulator({}, async ({ sddc, pass }) => {
    const { id } = await start(sddc);
    pass(400);
    expect((await look(sddc, id)).sddcSubTasks.map(({ status }) => status)).toEqual([
      "COMPLETED_WITH_SUCCESS",
      "IN_PROGRESS",
      "INITIALIZED",
      "INITIALIZED",
    ]);
    pass(600);
    const done = await look(sddc, id);
    expect(done.status).toBe("COMPLETED_WITH_SUCCESS");
    expect(done).not.toHaveProperty("milestones");
    expect((await sddc("GET", "/v1/sddcs")).body).toMatchObject({ elements: [{ id }] });
    expect((await sddc("GET", `/v1/sddcs/${id}/spec`)).body).toEqual(spec);
    expect((await sddc("GET", `/v1/tasks/${id}`)).status).toBe(404);
    expect((await sddc("GET", "/v1/sddcs/latest")).status).toBe(404);
  });
});

test("shows milestones, and the latest, as VCF Installer does", async () => {
  await withSimulator({ sddcVersion: "9.1" }, async ({ sddc, pass }) => {
    expect((await sddc("GET", "/v1/sddcs/latest")).status).toBe(404);
    const { id } = await start(sddc);
    pass(400);
    expect((await sddc("GET", "/v1/sddcs/latest")).body).toMatchObject({
      id,
      deploymentType: "VCF",
      milestones: [{ status: "IN_PROGRESS", completedTasks: 1, totalTasks: 2 }, { status: "NOT_STARTED" }],
    });
    const { sddcSubTasks, milestones } = await look(sddc, id);
    expect(milestones?.[1]).not.toHaveProperty("completedTasks");
    expect(sddcSubTasks[0]).toMatchObject({ milestoneTask: milestones?.[0]?.name });
    expect(sddcSubTasks[2]).not.toHaveProperty("milestoneTask");
  });
});

const failing: SimulatorOptions = { scripts: [{ outcome: "FAILED", times: 1 }] };

test("says in a sub-task why it failed, and goes on by a PATCH with the whole specification", async () => {
  await withSimulator(failing, async ({ sddc, pass, simulator }) => {
    const { id } = await start(sddc);
    pass(1000);
    const failed = await look(sddc, id);
    expect(failed.status).toBe("COMPLETED_WITH_FAILURE");
    expect(failed).not.toHaveProperty("errors");
    expect(failed.sddcSubTasks.at(-1)).toMatchObject({ status: "COMPLETED_WITH_FAILURE", errors: [{}] });
    expect((await sddc("PATCH", `/v1/sddcs/${id}`)).status).toBe(400);
    expect((await sddc("PATCH", `/v1/sddcs/${id}`, { action: "RETRY" })).status).toBe(400);
    const changed = { ...spec, ntpServers: ["10.0.0.1"] };
    expect(await sddc("PATCH", `/v1/sddcs/${id}?skipValidations=true`, changed)).toMatchObject({
      status: 202,
      body: { id, status: "IN_PROGRESS" },
    });
    expect((await sddc("GET", `/v1/sddcs/${id}/spec`)).body).toEqual(changed);
    pass(1000);
    expect((await look(sddc, id)).status).toBe("COMPLETED_WITH_SUCCESS");
    expect(simulator.counts()).toMatchObject({ start: 1, retry: 3 });
  });
});

test.each<[string, SimulatorOptions, number]>([
  ["runs", {}, 500],
  ["has succeeded", {}, 1000],
  ["is not retryable", { scripts: [{ outcome: "FAILED", retryable: false }] }, 1000],
])("answers 405 to a retry when it %s, and 404 when it is not there", async (_, options, ms) => {
  await withSimulator(options, async ({ sddc, pass }) => {
    const { id } = await start(sddc);
    pass(ms);
    expect(await sddc("PATCH", `/v1/sddcs/${id}`, spec)).toMatchObject({
      status: 405,
      body: { errorType: "ERROR" },
    });
    expect((await sddc("PATCH", "/v1/sddcs/none", spec)).status).toBe(404);
  });
});

test("brings up no second SDDC, unless the first has come to nothing", async () => {
  await withSimulator(failing, async ({ sddc, pass }) => {
    await start(sddc);
    const again = (): ReturnType<Send> => sddc("POST", "/v1/sddcs", spec);
    expect(await again()).toMatchObject({ status: 400, body: { errorCode: "SDDC_ALREADY_EXISTS" } });
    pass(1000);
    expect((await again()).status).toBe(202);
    pass(1000);
    expect((await again()).status).toBe(400);
  });
});

test("has rolled back what was cancelled: it is not made", async () => {
  await withSimulator({ scripts: [{ outcome: "CANCELLED" }] }, async ({ sddc, pass }) => {
    const { id } = await start(sddc);
    pass(1000);
    expect((await look(sddc, id)).status).toBe("ROLLBACK_SUCCESS");
  });
});

test("wants an sddcId", async () => {
  await withSimulator({}, async ({ sddc }) => {
    expect((await sddc("POST", "/v1/sddcs", {})).status).toBe(400);
  });
});
