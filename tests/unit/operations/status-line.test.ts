import { statusLine } from "../../../provider/operations/status-line";
import type { TaskSnapshot } from "../../../provider/tasks";

const snapshot: TaskSnapshot = {
  ref: { id: "task-1", kind: "task" },
  status: "RUNNING",
  nativeStatus: "IN_PROGRESS",
  name: "Clone virtual machine",
  progress: {},
  resources: [],
  warnings: [],
  causes: [],
  native: {},
};

test.each<[string, Partial<TaskSnapshot>, number | undefined, number | undefined]>([
  ["Clone virtual machine", {}, undefined, undefined],
  [
    "45 % · 4m left · copying disk 2/3",
    { progress: { fraction: 0.459, message: "copying disk 2/3" } },
    240_000,
    undefined,
  ],
  ["attempt 2 · 0 % · Clone virtual machine", { progress: { fraction: 0 } }, undefined, 2],
  ["blocked · Clone virtual machine", { status: "BLOCKED" }, undefined, undefined],
  ["pending · Clone virtual machine", { status: "PENDING" }, undefined, 1],
  ["unknown · waiting", { status: "UNKNOWN", progress: { message: "waiting" } }, undefined, undefined],
  ["99 % · Clone virtual machine", { progress: { fraction: 0.9999 } }, 300, undefined],
])("is short and has the important first: %s", (expected, more, remainingMs, attempt) => {
  expect(statusLine({ ...snapshot, ...more }, remainingMs, attempt)).toBe(expected);
});

test("a task that has ended shows no share of progress", () => {
  expect(statusLine({ ...snapshot, status: "FAILED", progress: { fraction: 0.4 } })).not.toContain("%");
});
