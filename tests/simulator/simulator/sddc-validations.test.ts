import type { TaskScript } from "../../../provider/simulator";
import { withSimulator, type Send } from "./with-simulator";

interface Check {
  readonly resultStatus: string;
  readonly errorResponse?: unknown;
  readonly nestedValidationChecks?: Check[];
}

interface Validation {
  readonly id: string;
  readonly executionStatus: string;
  readonly resultStatus?: string;
  readonly validationChecks: Check[];
}

const domains = "/v1/domains/validations";

async function run(sddc: Send, path: string, body: unknown = {}): Promise<Validation> {
  const answer = await sddc("POST", path, body);
  expect([200, 202]).toContain(answer.status);
  return answer.body as Validation;
}

const look = async (sddc: Send, id: string, path = domains): Promise<Validation> =>
  (await sddc("GET", `${path}/${id}`)).body as Validation;

const results = (validation: Validation): (string | undefined)[] => [
  validation.executionStatus,
  validation.resultStatus,
  ...validation.validationChecks.map(({ resultStatus }) => resultStatus),
];

test("runs its checks one after the other; it is no task", async () => {
  await withSimulator({ sddcVersion: "9.1" }, async ({ sddc, pass }) => {
    const { id } = await run(sddc, domains);
    const seen = [];
    for (const ms of [0, 500, 500]) {
      pass(ms);
      seen.push(results(await look(sddc, id)));
    }
    expect(seen).toEqual([
      ["IN_PROGRESS", "UNKNOWN", "PENDING", "PENDING", "PENDING"],
      ["IN_PROGRESS", "UNKNOWN", "SUCCEEDED", "IN_PROGRESS", "PENDING"],
      ["COMPLETED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"],
    ]);
    expect((await sddc("GET", `/v1/tasks/${id}`)).status).toBe(404);
    expect((await sddc("GET", "/v1/tasks")).body).toMatchObject({ elements: [] });
  });
});

const ended = async (
  script: TaskScript,
  version: "5.1" | "5.2" | "9.0" | "9.1",
  use: (validation: Validation) => void,
): Promise<void> =>
  withSimulator({ sddcVersion: version, scripts: [script] }, async ({ sddc, pass }) => {
    const path = "/v1/hosts/validations";
    const { id } = await run(sddc, path);
    pass(1000);
    use(await look(sddc, id, path));
  });

test("is completed when it has found something wrong, and says so in the check", async () => {
  await ended({ outcome: "FAILED", error: ["No.", "No again."] }, "5.2", (validation) => {
    expect(results(validation)).toEqual(["COMPLETED", "FAILED", "SUCCEEDED", "SUCCEEDED", "FAILED"]);
    expect(validation.validationChecks[2]).toMatchObject({
      severity: "ERROR",
      errorResponse: { message: "No.", nestedErrors: [{ message: "No again." }] },
    });
  });
});

test("can itself fail, by a word of the script", async () => {
  await ended({ outcome: "FAILED", nativeStatus: { FAILED: "FAILED" } }, "5.2", (validation) => {
    expect(results(validation).slice(0, 2)).toEqual(["FAILED", "FAILED"]);
  });
});

test.each([
  ["5.1", "FAILED_WITH_WARNINGS"],
  ["5.2", "FAILED_WITH_WARNINGS"],
  ["9.0", "WARNING"],
] as const)("says in version %s that there are warnings: %s", async (version, word) => {
  await ended({ warnings: ["Look."] }, version, (validation) => {
    expect(validation.resultStatus).toBe(word);
    expect(validation.validationChecks.at(-1)).toMatchObject({
      severity: "WARNING",
      resultStatus: "FAILED",
      errorResponse: { errorType: "WARNING", message: "Look." },
    });
  });
});

test("has no result while it runs before 5.2", async () => {
  await withSimulator({ sddcVersion: "5.1" }, async ({ sddc, pass }) => {
    const { id } = await run(sddc, "/v1/hosts/validations");
    pass(500);
    expect(await look(sddc, id, "/v1/hosts/validations")).not.toHaveProperty("resultStatus");
  });
});

test("ends before it is answered where 5.1 has no place to look at it", async () => {
  await withSimulator({ sddcVersion: "5.1" }, async ({ sddc }) => {
    const answer = await sddc("POST", domains, {});
    expect(answer).toMatchObject({
      status: 200,
      body: { executionStatus: "COMPLETED", resultStatus: "SUCCEEDED" },
    });
    expect((await sddc("GET", `${domains}/${(answer.body as Validation).id}`)).status).toBe(404);
  });
});

const nested: TaskScript = {
  subTasks: [
    { name: "hosts", subTasks: [{ name: "esx1" }, { name: "esx2", outcome: "FAILED", errors: ["Down."] }] },
  ],
};

test("nests checks in 9.1, and only their errors before", async () => {
  await ended(nested, "9.1", ({ validationChecks }) => {
    const inner = validationChecks[0]?.nestedValidationChecks;
    expect(inner?.map(({ resultStatus }) => resultStatus)).toEqual(["SUCCEEDED", "FAILED"]);
    expect(inner?.[1]).toMatchObject({ errorResponse: { message: "Down." } });
  });
  await ended(nested, "9.0", ({ validationChecks }) => {
    expect(validationChecks[0]).not.toHaveProperty("nestedValidationChecks");
    expect(validationChecks[0]).toMatchObject({
      resultStatus: "FAILED",
      errorResponse: { message: "Down." },
    });
  });
});

const cluster = "/v1/clusters/6c5c9a3e-0d31-4f43-9f6e-2f0b6c0b7f0e/validations";

test.each([
  ["/v1/clusters/validations", 200, "/v1/clusters/validations", 200, 404],
  [cluster, 200, cluster, 200, 404],
  ["/v1/hosts/validations", 202, "/v1/hosts/validations", 202, 400],
  ["/v1/hosts/validations/commissions", 202, "/v1/hosts/validations", 202, 400],
  ["/v1/edge-clusters/e-1/validations", 202, "/v1/edge-clusters/validations", 200, 400],
  ["/v1/system/dns-configuration/validations", 202, "/v1/system/dns-configuration/validations", 200, 400],
  ["/v1/system/ntp-configuration/validations", 202, "/v1/system/ntp-configuration/validations", 200, 400],
  ["/v1/releases/domains/d-1/validations", 202, "/v1/releases/domains/validations", 200, 404],
  ["/v1/vcf-management-components/validations", 202, "/v1/vcf-management-components/validations", 200, 404],
  ["/v1/sddcs/validations", 202, "/v1/sddcs/validations", 200, 404],
] as const)(
  "starts at %s (%i), is found at %s (%i, unknown %i)",
  async (path, started, at, found, unknown) => {
    await withSimulator({ sddcVersion: "9.0" }, async ({ sddc }) => {
      const answer = await sddc("POST", path, {});
      expect(answer.status).toBe(started);
      const { id } = answer.body as Validation;
      expect(await sddc("GET", `${at}/${id}`)).toMatchObject({ status: found, body: { id } });
      expect((await sddc("GET", `${at}/none`)).status).toBe(unknown);
    });
  },
);

test("answers 200 where it may, once it has ended", async () => {
  expect.assertions(3);
  await withSimulator({ sddcVersion: "9.1" }, async ({ sddc }) => {
    expect((await sddc("POST", domains, {})).status).toBe(202);
  });
  await withSimulator({ sddcVersion: "9.1", defaultDurationMs: 0 }, async ({ sddc }) => {
    expect(await sddc("POST", domains, {})).toMatchObject({
      status: 200,
      body: { resultStatus: "SUCCEEDED" },
    });
    expect((await sddc("POST", "/v1/hosts/validations", [])).status).toBe(202);
  });
});

test("is not found below another cluster, nor as a validation of another sort", async () => {
  await withSimulator({}, async ({ sddc }) => {
    const { id } = (await sddc("POST", cluster, {})).body as Validation;
    expect((await sddc("GET", `${cluster}/${id}`)).status).toBe(200);
    expect((await sddc("GET", `${cluster.replace("6c5c", "0000")}/${id}`)).status).toBe(404);
    expect((await sddc("GET", `${domains}/${id}`)).status).toBe(404);
  });
});

test("wants a body, and is not there in a version that does not have it", async () => {
  await withSimulator({ sddcVersion: "5.1" }, async ({ sddc, simulator }) => {
    expect((await sddc("POST", domains)).status).toBe(400);
    expect((await sddc("POST", "/v1/vcf-management-components/validations", {})).status).toBe(404);
    expect(simulator.starts).toEqual([]);
  });
});

test("is run again by Cloud Builder with another body, and not by the Installer", async () => {
  for (const [sddcVersion, status] of [
    ["5.2", 200],
    ["9.0", 405],
  ] as const) {
    await withSimulator({ sddcVersion, scripts: [{ outcome: "FAILED" }] }, async ({ sddc, pass }) => {
      const { id } = await run(sddc, "/v1/sddcs/validations");
      expect((await sddc("GET", "/v1/sddcs/validations")).body).toMatchObject({ elements: [{ id }] });
      expect((await sddc("PATCH", `/v1/sddcs/validations/${id}`, {})).status).toBe(405);
      pass(1000);
      const answer = await sddc("PATCH", `/v1/sddcs/validations/${id}`, {});
      expect(answer.status).toBe(status);
      if (status !== 200) return;
      expect(answer.body).toMatchObject({ id, executionStatus: "IN_PROGRESS" });
    });
  }
});
