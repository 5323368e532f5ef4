import { passwordChange, withSimulator, type Send } from "./with-simulator";

interface SubTask {
  readonly id: string;
  readonly status: string;
  readonly newPassword: string;
}

interface CredentialsTask {
  readonly id: string;
  readonly status: string;
  readonly subTasks: SubTask[];
}

async function start(sddc: Send, body: unknown = passwordChange()): Promise<string> {
  const answer = await sddc("PATCH", "/v1/credentials", body);
  expect(answer).toMatchObject({
    status: 202,
    body: { type: expect.stringMatching(/^CREDENTIALS_/) as string, status: "Pending" },
  });
  return (answer.body as { id: string }).id;
}

const at = (id: string, rest = ""): string => `/v1/credentials/tasks/${id}${rest}`;

const look = async (sddc: Send, id: string): Promise<CredentialsTask> =>
  (await sddc("GET", at(id))).body as CredentialsTask;

test("answers a change of passwords with a Task, which is a CredentialsTask elsewhere", async () => {
  await withSimulator({}, async ({ sddc, pass }) => {
    const id = await start(sddc, passwordChange("UPDATE", "one", "two"));
    pass(500);
    expect(await look(sddc, id)).toMatchObject({ id, type: "UPDATE", status: "IN_PROGRESS" });
    pass(500);
    expect(await look(sddc, id)).toMatchObject({
      status: "SUCCESSFUL",
      subTasks: [
        {
          name: "esx1.test:SSH",
          status: "SUCCESSFUL",
          entityType: "ESXI",
          username: "root",
          credentialType: "SSH",
          newPassword: "one",
          dependentSubTasks: [],
        },
        { username: "user-1", newPassword: "two" },
      ],
    });
    expect((await sddc("GET", `/v1/tasks/${id}`)).body).toMatchObject({
      status: "Successful",
      subTasks: [{ name: "esx1.test:SSH" }, {}],
    });
  });
});

test("shows passwords in clear in sub-tasks and resource credentials, but not in the Task", async () => {
  await withSimulator({}, async ({ sddc }) => {
    const id = await start(sddc);
    const { subTasks } = await look(sddc, id);
    const one = await sddc("GET", at(id, `/subtasks/${subTasks[0]?.id ?? ""}`));
    expect(one).toMatchObject({ status: 200, body: { id, subTasks: [{ newPassword: "VMw@re-secret-1!" }] } });
    expect(await sddc("GET", at(id, "/resource-credentials"))).toMatchObject({
      status: 200,
      body: [{ resourceType: "ESXI", credentials: [{ username: "root", password: "VMw@re-secret-1!" }] }],
    });
    expect((await sddc("GET", `/v1/tasks/${id}`)).text).not.toContain("VMw@re-secret");
    expect((await sddc("GET", at(id, "/subtasks/none"))).status).toBe(400);
  });
});

test("makes the passwords of a rotation itself", async () => {
  await withSimulator({}, async ({ sddc }) => {
    const { subTasks } = await look(sddc, await start(sddc, passwordChange("ROTATE")));
    expect(subTasks[0]?.newPassword).toMatch(/^new-password-/);
  });
});

test("lists its tasks, newest first, by limit only", async () => {
  await withSimulator({}, async ({ sddc }) => {
    const ids = [await start(sddc), await start(sddc), await start(sddc)];
    const { body } = await sddc("GET", "/v1/credentials/tasks?limit=2");
    expect(body).toMatchObject({ elements: [{ id: ids[2], type: "UPDATE" }, { id: ids[1] }] });
  });
});

describe("a failed one", () => {
  const failed = async (
    use: (sddc: Send, id: string, pass: (ms: number) => void) => Promise<void>,
  ): Promise<void> =>
    withSimulator({ scripts: [{ outcome: "FAILED" }] }, async ({ sddc, pass }) => {
      const id = await start(sddc);
      pass(1000);
      expect(await look(sddc, id)).toMatchObject({ status: "FAILED", subTasks: [{ status: "FAILED" }] });
      await use(sddc, id, pass);
    });

  test("is retried with a body, by the API of credentials alone", async () => {
    await failed(async (sddc, id, pass) => {
      expect((await sddc("PATCH", `/v1/tasks/${id}`)).status).toBe(409);
      expect((await sddc("PATCH", at(id))).status).toBe(400);
      expect(await sddc("PATCH", at(id), passwordChange("UPDATE", "third"))).toMatchObject({
        status: 202,
        body: { id, status: "In Progress" },
      });
      pass(1000);
      const { status, subTasks } = await look(sddc, id);
      expect([status, subTasks[0]?.newPassword]).toEqual(["SUCCESSFUL", "third"]);
      expect((await sddc("PATCH", at(id), passwordChange())).status).toBe(400);
    });
  });

  test("is cancelled, and then neither retried nor cancelled again", async () => {
    await failed(async (sddc, id) => {
      expect(await sddc("DELETE", at(id))).toMatchObject({ status: 202, body: { id, status: "Cancelled" } });
      expect((await look(sddc, id)).status).toBe("USER_CANCELLED");
      expect((await sddc("DELETE", at(id))).status).toBe(400);
      expect((await sddc("PATCH", at(id), passwordChange())).status).toBe(400);
    });
  });
});

test.each([
  ["4.5", 200, true],
  ["5.1", 204, false],
  ["5.2", 202, true],
  ["9.1", 202, true],
] as const)("answers a cancel in version %s by %i", async (sddcVersion, status, hasBody) => {
  await withSimulator({ sddcVersion, scripts: [{ outcome: "FAILED" }] }, async ({ sddc, pass }) => {
    const { body } = await sddc("PATCH", "/v1/credentials", passwordChange());
    pass(1000);
    const answer = await sddc("DELETE", at((body as { id: string }).id));
    expect([answer.status, answer.text !== ""]).toEqual([status, hasBody]);
  });
});

test("does not cancel what runs", async () => {
  await withSimulator({}, async ({ sddc, pass, simulator }) => {
    const id = await start(sddc);
    pass(500);
    expect(await sddc("DELETE", at(id))).toMatchObject({ status: 400, body: { errorType: "ERROR" } });
    expect(simulator.task(id)?.status).toBe("RUNNING");
    expect(simulator.counts()).toMatchObject({ start: 1, cancel: 1 });
  });
});

test("answers unknown ids with 400, for this API has no 404", async () => {
  await withSimulator({}, async ({ sddc }) => {
    for (const [method, body] of [["GET"], ["PATCH", passwordChange()], ["DELETE"]] as const) {
      expect((await sddc(method, at("c0ffee00-0000-4000-8000-000000000000"), body)).status).toBe(400);
    }
  });
});

test.each([
  ["no body", undefined],
  ["an unknown operation", { ...passwordChange(), operationType: "RESET" }],
  ["no elements", { operationType: "ROTATE" }],
  ["an element without credentials", { operationType: "ROTATE", elements: [{ resourceType: "ESXI" }] }],
  ["an update without a password", { ...passwordChange("ROTATE"), operationType: "UPDATE" }],
])("refuses %s with 400", async (_, body) => {
  await withSimulator({}, async ({ sddc, simulator }) => {
    expect(await sddc("PATCH", "/v1/credentials", body)).toMatchObject({
      status: 400,
      body: { errorCode: "INVALID_REQUEST_BODY" },
    });
    expect(simulator.starts).toEqual([]);
  });
});
