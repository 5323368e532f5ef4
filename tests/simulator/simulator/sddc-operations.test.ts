// What the operations do to each other, and what a version has.
import { passwordChange, withSimulator, type Send } from "./with-simulator";

describe("a bundle", () => {
  const bundle = "/v1/bundles/b-1";
  const ask = (sddc: Send, wish: Record<string, unknown>): ReturnType<Send> =>
    sddc("PATCH", bundle, { bundleDownloadSpec: wish });

  test("is downloaded by a task, and says so itself; once", async () => {
    await withSimulator({}, async ({ sddc, pass }) => {
      expect((await sddc("GET", bundle)).status).toBe(404);
      expect(await ask(sddc, { downloadNow: true })).toMatchObject({
        status: 202,
        body: { type: "BUNDLE_UPDATE" },
      });
      expect((await sddc("GET", bundle)).body).toMatchObject({ id: "b-1", downloadStatus: "PENDING" });
      pass(500);
      expect((await sddc("GET", bundle)).body).toMatchObject({ downloadStatus: "IN_PROGRESS" });
      expect(await ask(sddc, { downloadNow: true })).toMatchObject({
        status: 409,
        body: { errorCode: "BUNDLE_DOWNLOAD_ALREADY_SCHEDULED" },
      });
      pass(500);
      expect((await sddc("GET", "/v1/bundles")).body).toMatchObject({
        elements: [{ id: "b-1", downloadStatus: "SUCCESSFUL" }],
        pageMetadata: { totalElements: 1 },
      });
      expect(await ask(sddc, { downloadNow: true })).toMatchObject({
        status: 409,
        body: { errorCode: "BUNDLE_DOWNLOAD_ALREADY_DOWNLOADED" },
      });
    });
  });

  test("is scheduled, and its download cancelled by a task of its own", async () => {
    await withSimulator({}, async ({ sddc, pass, simulator }) => {
      expect((await ask(sddc, { cancelNow: true })).status).toBe(409);
      const { body } = await ask(sddc, { scheduledTimestamp: "2026-01-02T00:00:00Z" });
      expect((await sddc("GET", bundle)).body).toMatchObject({ downloadStatus: "SCHEDULED" });
      pass(500);
      expect((await ask(sddc, { cancelNow: true })).status).toBe(202);
      expect(simulator.task((body as { id: string }).id)?.status).toBe("CANCELLED");
      expect((await sddc("GET", bundle)).body).toMatchObject({ downloadStatus: "PENDING" });
      pass(1000);
      expect((await ask(sddc, { downloadNow: true })).status).toBe(202);
    });
  });
});

describe("an upgrade", () => {
  const spec = { bundleId: "b-1", resourceType: "DOMAIN", resourceUpgradeSpecs: [{ resourceId: "d-1" }] };

  async function start(sddc: Send): Promise<{ taskId: string; path: string }> {
    const { status, body } = await sddc("POST", "/v1/upgrades", spec);
    expect(status).toBe(202);
    const taskId = (body as { id: string }).id;
    const page = (await sddc("GET", "/v1/upgrades")).body as { elements: { id: string; taskId: string }[] };
    const upgrade = page.elements.find((one) => one.taskId === taskId);
    expect(upgrade?.id).not.toBe(taskId);
    return { taskId, path: `/v1/upgrades/${upgrade?.id ?? ""}` };
  }

  test("has an id of its own, and names its task", async () => {
    await withSimulator({}, async ({ sddc, pass }) => {
      const { taskId, path } = await start(sddc);
      pass(1000);
      expect((await sddc("GET", path)).body).toMatchObject({
        ...spec,
        taskId,
        status: "COMPLETED_WITH_SUCCESS",
      });
      expect((await sddc("GET", `/v1/tasks/${taskId}`)).body).toMatchObject({ status: "Successful" });
      expect((await sddc("GET", `/v1/upgrades/${taskId}`)).status).toBe(404);
    });
  });

  test.each([
    ["5.1", { status: "In Progress" }, 500],
    ["5.2", { status: "INPROGRESS" }, 500],
    ["9.0", { status: "INPROGRESS" }, 409],
  ] as const)(
    "answers a change in version %s by %j, and %i in the wrong state",
    async (version, body, wrong) => {
      const scripts = [{ outcome: "FAILED" as const }];
      await withSimulator({ sddcVersion: version, scripts }, async ({ sddc, pass }) => {
        const { path } = await start(sddc);
        pass(1000);
        expect(await sddc("PATCH", path, { upgradeNow: true })).toMatchObject({ status: 200, body });
        expect((await sddc("PATCH", path, { upgradeNow: true })).status).toBe(wrong);
      });
    },
  );

  test("is cancelled by a mark", async () => {
    await withSimulator({}, async ({ sddc, pass, simulator }) => {
      const { path, taskId } = await start(sddc);
      pass(500);
      expect((await sddc("PATCH", path, { markForCancellation: true })).status).toBe(200);
      expect(simulator.task(taskId)?.status).toBe("CANCELLED");
    });
  });

  test("has prechecks that are tasks", async () => {
    await withSimulator({}, async ({ sddc }) => {
      const { path } = await start(sddc);
      const { status, body } = await sddc("POST", `${path}/prechecks`);
      expect(status).toBe(202);
      const { id } = body as { id: string };
      expect((await sddc("GET", `${path}/prechecks/${id}`)).body).toMatchObject({ id, status: "Pending" });
    });
  });

  test("wants its required fields", async () => {
    await withSimulator({}, async ({ sddc }) => {
      expect((await sddc("POST", "/v1/upgrades", { bundleId: "b-1" })).status).toBe(400);
    });
  });
});

test.each(["/v1/system/support-bundles", "/v1/system/health-summary"])(
  "collects one at a time at %s, lists them, and gives the file at the end",
  async (path) => {
    await withSimulator({}, async ({ sddc, pass }) => {
      const { id } = (await sddc("POST", path, {})).body as { id: string };
      expect(await sddc("POST", path, {})).toMatchObject({ status: 409, body: { errorType: "ERROR" } });
      expect((await sddc("GET", `${path}/${id}/data`)).status).toBe(404);
      pass(1000);
      expect(await sddc("GET", `${path}/${id}/data`)).toMatchObject({ status: 200 });
      expect((await sddc("POST", path, {})).status).toBe(202);
      expect((await sddc("GET", path)).body).toMatchObject({ elements: [{}, { id }] });
      expect((await sddc("GET", `${path}/none`)).status).toBe(400);
    });
  },
);

test("retries a failed audit of compliance at the path of its task", async () => {
  await withSimulator({ scripts: [{ outcome: "FAILED" }] }, async ({ sddc, pass }) => {
    const { id } = (await sddc("POST", "/v1/domains/mgmt/compliance-audits", {})).body as { id: string };
    const path = `/v1/domains/mgmt/compliance-audits/tasks/${id}`;
    expect((await sddc("PATCH", path)).status).toBe(400);
    pass(1000);
    expect(await sddc("PATCH", path)).toMatchObject({ status: 202, body: { id, status: "In Progress" } });
  });
});

test("marks for deletion at once, and updates by a task", async () => {
  for (const [sddcVersion, status] of [
    ["5.1", 200],
    ["5.2", 202],
    ["9.0", 200],
  ] as const) {
    await withSimulator({ sddcVersion }, async ({ sddc }) => {
      const marked = await sddc("PATCH", "/v1/clusters/c-1", { markForDeletion: true });
      expect(marked).toMatchObject({ status, body: { completionTimestamp: expect.any(String) as string } });
      const updated = await sddc("PATCH", "/v1/clusters/c-1", { name: "x" });
      expect(updated.status).toBe(202);
      expect(updated.body).not.toHaveProperty("completionTimestamp");
    });
  }
});

test("lists validations and the depot of 4.5 without a page", async () => {
  await withSimulator({ sddcVersion: "4.5" }, async ({ sddc }) => {
    await sddc("POST", "/v1/sddcs/validations", {});
    expect((await sddc("GET", "/v1/sddcs/validations")).body).toMatchObject([
      { executionStatus: "IN_PROGRESS" },
    ]);
    await sddc("PUT", "/v1/system/settings/depot", { vmwareAccount: { username: "u", password: "p" } });
    expect((await sddc("GET", "/v1/system/settings/depot")).body).toMatchObject([
      { vmwareAccount: { username: "u" } },
    ]);
  });
});

test.each([
  ["5.2", false],
  ["9.0", true],
] as const)("says in version %s when a change of passwords has ended: %p", async (sddcVersion, says) => {
  await withSimulator({ sddcVersion }, async ({ sddc, pass }) => {
    const { id } = (await sddc("PATCH", "/v1/credentials", passwordChange())).body as { id: string };
    pass(1000);
    const { body } = await sddc("GET", `/v1/credentials/tasks/${id}`);
    expect(Object.hasOwn(body as object, "completionTimestamp")).toBe(says);
  });
});

test.each([
  ["9.0", "PATCH", "/v1/domains/resource-certificates", 202],
  ["9.0", "DELETE", "/v1/bundles/b-1", 204],
  ["5.2", "POST", "/v1/manifests", 202],
  ["5.2", "POST", "/v1/product-version-catalog", 202],
  ["4.5", "PUT", "/v1/licensing-info/system", 202],
  ["5.2", "PATCH", "/v1/vsan-hcl", 202],
  ["5.2", "PATCH", "/v1/bundles/", 202],
] as const)("answers nothing but a status in %s to %s %s: %i", async (sddcVersion, method, path, status) => {
  await withSimulator({ sddcVersion }, async ({ sddc, simulator }) => {
    expect(await sddc(method, path)).toMatchObject({ status, text: "" });
    expect(simulator.starts).toHaveLength(1);
    expect((await sddc("GET", "/v1/tasks")).body).toMatchObject({ elements: [] });
  });
});

test.each([
  ["9.0", "/v1/bundles", 410],
  ["5.2", "/v1/bundles", 202],
  ["9.1", "/v1/product-version-catalog", 410],
  ["9.0", "/v1/avns", 404],
  ["5.2", "/v1/avns", 202],
  ["9.0", "/v1/system/prechecks", 404],
  ["5.1", "/v1/sddcs/imports", 404],
] as const)("has in version %s of POST %s: %i", async (sddcVersion, path, status) => {
  await withSimulator({ sddcVersion }, async ({ sddc, simulator }) => {
    const answer = await sddc("POST", path, {});
    expect(answer.status).toBe(status);
    if (status !== 202) expect(answer.body).toMatchObject({ errorType: "ERROR" });
    expect(simulator.starts).toHaveLength(status === 202 ? 1 : 0);
  });
});

test("answers the start of a look for expiring passwords with a Task before 5.2", async () => {
  await withSimulator({ sddcVersion: "5.1" }, async ({ sddc }) => {
    const { body } = await sddc("POST", "/v1/credentials/expirations", { resourceType: "ESXI" });
    expect(body).toHaveProperty("subTasks");
  });
});

test("shows of a Task what the version has", async () => {
  const seen: unknown[] = [];
  for (const sddcVersion of ["4.5", "5.1", "9.1"] as const) {
    await withSimulator({ sddcVersion, scripts: [{ warnings: ["Look."] }] }, async ({ sddc, pass }) => {
      const { id, status, isRetryable } = (await sddc("POST", "/v1/clusters", {})).body as Record<
        string,
        unknown
      >;
      pass(500);
      const running = (await sddc("GET", `/v1/tasks/${String(id)}`)).body as { status: string };
      pass(500);
      const ended = (await sddc("GET", `/v1/tasks/${String(id)}`)).body as { status: string };
      seen.push([status, running.status, ended.status, isRetryable]);
    });
  }
  expect(seen).toEqual([
    ["PENDING", "IN_PROGRESS", "SUCCESSFUL", undefined],
    ["PENDING", "In Progress", "COMPLETED_WITH_WARNING", false],
    ["Pending", "In Progress", "COMPLETED_WITH_WARNING", false],
  ]);
});

test("has no pages and fewer filters in 4.5, and takes no notice of the rest", async () => {
  await withSimulator({ sddcVersion: "4.5" }, async ({ sddc }) => {
    for (let count = 0; count < 101; count += 1) await sddc("POST", "/v1/clusters", {});
    const { body } = await sddc("GET", "/v1/tasks?pageSize=2&pageNumber=7&taskName=none&orderBy=name");
    const { elements, pageMetadata } = body as { elements: unknown[]; pageMetadata: unknown };
    expect(elements).toHaveLength(101);
    expect(pageMetadata).toMatchObject({ pageNumber: 0, totalPages: 1, totalElements: 101 });
    expect((await sddc("GET", "/v1/tasks?limit=3")).body).toMatchObject({ elements: [{}, {}, {}] });
  });
});

test("skips sub-tasks of a cancelled task by that word from 9.0 on", async () => {
  await withSimulator({ sddcVersion: "9.0" }, async ({ sddc, pass }) => {
    const { id } = (await sddc("POST", "/v1/clusters", {})).body as { id: string };
    pass(500);
    await sddc("DELETE", `/v1/tasks/${id}`);
    expect((await sddc("GET", `/v1/tasks/${id}`)).body).toMatchObject({
      subTasks: [{}, { status: "SKIPPED" }, {}],
    });
  });
});

test("lays odd fields over every kind, and counts looks and lists as such", async () => {
  const scripts = [{ fields: { executionStatus: "LOST" }, omitFields: ["description"] }];
  await withSimulator({ scripts }, async ({ sddc, simulator }) => {
    const { body } = await sddc("POST", "/v1/domains/validations", {});
    expect(body).toMatchObject({ executionStatus: "LOST" });
    expect(body).not.toHaveProperty("description");
    const { id } = body as { id: string };
    await sddc("GET", `/v1/domains/validations/${id}`);
    await sddc("GET", "/v1/system/support-bundles");
    expect(simulator.counts()).toMatchObject({ start: 1, get: 1, list: 1, read: 0 });
    expect(simulator.requests.at(-2)).toMatchObject({ operation: "get", taskId: id });
  });
});

test("answers settings of backups by what the version has: a Task, a Validation, a Task", async () => {
  const seen: unknown[] = [];
  for (const sddcVersion of ["5.1", "5.2", "9.0"] as const) {
    await withSimulator({ sddcVersion }, async ({ sddc }) => {
      const { status, body } = await sddc("PUT", "/v1/system/backup-configuration", {});
      seen.push([status, Object.hasOwn(body as object, "resultStatus")]);
    });
  }
  expect(seen).toEqual([
    [202, false],
    [200, true],
    [200, false],
  ]);
});
