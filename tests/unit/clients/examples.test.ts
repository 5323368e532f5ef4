// The examples of the servers' own documentation, as they stand there.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parsePage } from "../../../provider/clients/sddc-manager/pages";
import { toSnapshot as toSddcSnapshot } from "../../../provider/clients/sddc-manager/task";
import { parsePoll } from "../../../provider/clients/vcda/poll";
import { toSnapshot as toVcdaSnapshot } from "../../../provider/clients/vcda/task";
import { toSnapshot as toVcenterSnapshot } from "../../../provider/clients/vapi/task-info";

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, "fixtures", `${name}.json`), "utf8"));
}

const statusesOf = (body: unknown): unknown[] =>
  (body as { subTasks: { status: unknown }[] }).subTasks.map(({ status }) => status);

test("reads the example of `GET /api/cis/tasks/{task}`", () => {
  const body = fixture("vcenter-task");
  expect(toVcenterSnapshot({ id: "a", kind: "task" }, body)).toEqual({
    ref: { id: "a", kind: "task" },
    status: "PENDING",
    nativeStatus: "PENDING",
    name: "string string",
    progress: { fraction: undefined, message: "string" },
    startedAt: undefined,
    finishedAt: undefined,
    result: undefined,
    resources: [{ type: "string", id: "string" }],
    warnings: [],
    causes: [],
    isCancellable: false,
    native: body,
  });
});

test("reads the example of `GET /v1/tasks`", () => {
  const body = fixture("sddc-tasks");
  const page = parsePage(body, 1);
  expect(page?.next).toBeUndefined();
  const [failed, good, ...more] = (page?.elements ?? []).map((element) => toSddcSnapshot("task", element));
  expect(more).toEqual([]);
  expect(failed).toMatchObject({
    ref: { id: "2d6b764b-9e7d-4ce2-99f3-39f33d71ee36", kind: "task" },
    status: "FAILED",
    nativeStatus: "Failed",
    name: "Enable VMware Customer Experience Improvement Program",
    progress: { fraction: 0.5 },
    startedAt: Date.UTC(2019, 5, 20, 12, 3, 18, 890),
    resources: [{ type: "HOST", id: "e43b90cd-e635-4f30-ae49-5d3e72d15212" }],
    warnings: [],
    causes: [
      { path: [], code: "VCF_ENABLE_CEIP_ERROR", message: "Unable to modify CEIP operation on VCF" },
      {
        path: ["Configure Customer Experience Improvement Program (CEIP) Setting on ESXi Hosts"],
        message: "failed; the server gives no reason",
      },
    ],
    isRetryable: false,
    isCancellable: false,
  });
  expect(good).toMatchObject({
    status: "SUCCEEDED",
    nativeStatus: "Successful",
    progress: { fraction: 1 },
    causes: [],
    // UNRESOLVED is no outcome.
    warnings: [],
  });
});

test("reads the example of `GET /v1/tasks/{id}`, whose failure only a sub-task shows", () => {
  const body = fixture("sddc-task");
  expect(statusesOf(body)).toEqual(["SUCCESSFUL", "FAILED", "PENDING"]);
  expect(toSddcSnapshot("task", body)).toMatchObject({
    status: "FAILED",
    startedAt: Date.parse("1970-01-20T23:06:29.526Z"),
    causes: [
      {
        path: ["Verifies that none of the hosts are in maintenance mode"],
        message: "failed; the server gives no reason",
      },
    ],
  });
});

test("reads the example of `GET /tasks/{task}` of VCDA", () => {
  const { error, ...body } = fixture("vcda-task") as Record<string, unknown>;
  expect(toVcdaSnapshot({ kind: "task", site: "site1" }, { error, ...body })).toEqual({
    ref: { id: "f61d60d2-698a-46dc-a266-88df27644956", kind: "task", site: "site1" },
    // Its state is the word "string", which is no success.
    status: "UNKNOWN",
    nativeStatus: "string",
    name: "task",
    progress: { fraction: 1 },
    startedAt: 1_499_929_548_951,
    finishedAt: 1_499_929_558_827,
    result: undefined,
    resources: [],
    warnings: [],
    causes: [],
    native: { ...body, error: { args: [], code: "Forbidden", msg: "Permission denied." } },
  });
  expect(toVcdaSnapshot({ kind: "task" }, { error, ...body, state: "FAILED" }).causes).toEqual([
    { path: [], code: "Forbidden", message: "Permission denied." },
  ]);
});

test("reads the example of `POST /tasks/poll`, which has a row without an id", () => {
  expect(parsePoll(fixture("vcda-poll"))).toEqual(new Map());
});
