// Whatever a server sends, a look ends in a snapshot that holds together or in an error of ours, and only the
// server's own word makes a success.
import fc from "fast-check";

import { causesOfBody } from "../../../provider/clients/sddc-manager/errors";
import { sddcKinds, type SddcKind } from "../../../provider/clients/sddc-manager/kinds";
import { parsePage as parseSddcPage } from "../../../provider/clients/sddc-manager/pages";
import { condense } from "../../../provider/clients/sddc-manager/steps";
import { toSnapshot as toSddcSnapshot } from "../../../provider/clients/sddc-manager/task";
import { toSnapshot as toCisSnapshot } from "../../../provider/clients/vapi/task-info";
import { parseVapiError } from "../../../provider/clients/vapi/messages";
import { errorOfBody } from "../../../provider/clients/vcda/errors";
import { parsePage as parseVcdaPage } from "../../../provider/clients/vcda/pages";
import { parsePoll } from "../../../provider/clients/vcda/poll";
import { toSnapshot as toVcdaSnapshot } from "../../../provider/clients/vcda/task";
import { toVimSnapshot } from "../../../provider/clients/vcenter/vim-task-info";
import { statusLine } from "../../../provider/operations/status-line";
import { toTaskData } from "../../../provider/operations/task-data";
import {
  isVmwareTasksError,
  renderFailure,
  taskStatuses,
  type Product,
  type TaskSnapshot,
} from "../../../provider/tasks";
import { anyJson, nearly, oddValue } from "../../support/odd-json";
import { limitMs, runs } from "../../support/properties";
import { cisTask, sddcTask, vcdaTask, vimTask, type TrueBody } from "../../support/true-bodies";

// Written down once more, so that a word which slips into the table by mistake is seen here.
const goodWords = [
  ...["succeeded", "successful", "success", "completed", "completedwithsuccess", "synced"],
  ...["postvalidationcompletedwithsuccess", "completedwithwarning", "completedwithwarnings", "warning"],
  ...["failedwithwarnings", "failedwithwarning", "skipped", "notapplicable"],
];

const isGood = (word: unknown): boolean =>
  typeof word === "string" && goodWords.includes(word.toLowerCase().replaceAll(/[\s_-]/g, ""));

const isText = (value: unknown): boolean => typeof value === "string";
const isStamp = (value: number | undefined): boolean =>
  value === undefined || !Number.isNaN(new Date(value).getTime());

/** What everybody who is handed a snapshot relies on. */
function expectWhole(snapshot: TaskSnapshot, product: Product): void {
  const { ref, status, nativeStatus, name, progress, resources, warnings, causes } = snapshot;
  expect(taskStatuses).toContain(status);
  expect([ref.id, nativeStatus, name].every(isText)).toBe(true);
  expect(warnings.every(isText)).toBe(true);
  expect(
    resources.every(({ type, id, name: named }) => isText(type) && isText(id) && isText(named ?? "")),
  ).toBe(true);
  for (const { path, message, code = "", remediation = "", reference = "" } of causes)
    expect([...path, message, code, remediation, reference].every(isText)).toBe(true);
  const { fraction = 0, message = "" } = progress;
  expect(fraction >= 0 && fraction <= 1).toBe(true);
  expect(isText(message)).toBe(true);
  expect([snapshot.startedAt, snapshot.finishedAt].every(isStamp)).toBe(true);
  expect(
    [snapshot.isRetryable ?? true, snapshot.isCancellable ?? true].every((is) => typeof is === "boolean"),
  ).toBe(true);
  if (status !== "FAILED" && status !== "CANCELLED") expect(causes).toEqual([]);

  const report = renderFailure({ headline: name, causes, next: ["Next."] }).split("\n");
  expect(report.length).toBeLessThanOrEqual(40);
  expect(report.at(-1)).toBe("Next.");
  const line = statusLine({ ...snapshot, name: "do it", progress: { fraction: progress.fraction } }, 5_000);
  expect(line).toMatch(/^([a-z]+ · )?(\d+ % · )?(5s left · )?do it$/);
  const data = toTaskData(snapshot, "lab", product);
  expect([null, undefined]).not.toContain(data.status);
  expect(data.durationSeconds).not.toBeNull();
}

interface Reader {
  readonly product: Product;
  readonly shape: TrueBody;
  readonly read: (body: unknown) => TaskSnapshot;
  /** Where the server says that it went well, in a reply of this kind. */
  readonly saysGood: (body: Record<string, unknown>) => boolean;
}

const ref = { id: "task-1", kind: "task" };

function sddcReader(kind: string, { status }: SddcKind): Reader {
  return {
    product: "sddc-manager",
    shape: sddcTask,
    read: (body) => toSddcSnapshot(kind, body, "task-1"),
    saysGood(body) {
      const at = (path: string): unknown =>
        path
          .split(".")
          .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], body);
      return "flag" in status ? at(status.flag) === true : isGood(at(status.then ?? status.word));
    },
  };
}

const readers: readonly (readonly [string, Reader])[] = [
  [
    "vCenter and Snapservice",
    {
      product: "vcenter",
      shape: cisTask,
      read: (body) => toCisSnapshot(ref, body),
      saysGood: ({ status }) => isGood(status),
    },
  ],
  [
    "vCenter, VI JSON",
    {
      product: "vcenter",
      shape: vimTask,
      read: (body) => toVimSnapshot(ref, body),
      saysGood: ({ state }) => isGood(state),
    },
  ],
  [
    "VCDA",
    {
      product: "vcda",
      shape: vcdaTask,
      read: (body) => toVcdaSnapshot({ kind: "task", site: "one" }, body),
      saysGood: ({ state }) => isGood(state),
    },
  ],
  ...(Object.entries(sddcKinds) as [string, SddcKind][]).map(
    ([kind, row]) => [`SDDC Manager, ${kind}`, sddcReader(kind, row)] as const,
  ),
];

describe.each(readers)("a task of %s", (name, { product, shape, read, saysGood }) => {
  const usual = name.includes("SDDC") ? 60 : 500;

  test(
    "that is nearly right is read, or refused by an error of ours",
    () => {
      fc.assert(
        fc.property(fc.oneof({ weight: 9, arbitrary: nearly(shape.body, shape.put) }, anyJson), (body) => {
          let snapshot: TaskSnapshot;
          try {
            snapshot = read(body);
          } catch (error) {
            expect(isVmwareTasksError(error)).toBe(true);
            return;
          }
          expectWhole(snapshot, product);
          if (snapshot.status === "SUCCEEDED") expect(saysGood(body as Record<string, unknown>)).toBe(true);
        }),
        runs(usual),
      );
    },
    limitMs(20),
  );
});

test(
  "an error body of any product is read, or is none",
  () => {
    const shapes = [cisTask.body.error, vimTask.body.error, sddcTask.body.errors, vcdaTask.body.error];
    const body = fc.oneof(anyJson, ...shapes.map((shape) => nearly(shape, () => undefined)));
    const readError = [
      (value: unknown) => parseVapiError(value)?.causes,
      causesOfBody,
      (value: unknown) => errorOfBody(value)?.causes,
    ];
    fc.assert(
      fc.property(body, (value) => {
        for (const causesOf of readError)
          for (const { message, code = "" } of causesOf(value) ?? [])
            expect([message, code].every(isText)).toBe(true);
      }),
      runs(1_000),
    );
  },
  limitMs(20),
);

test(
  "a page of a list is one, or none",
  () => {
    const row = [["id-1", "SUCCEEDED", 40, { type: "start" }]];
    const shape = {
      elements: [sddcTask.body],
      pageMetadata: { pageNumber: 0, totalPages: 2 },
      items: [vcdaTask.body],
      total: 1,
      propertyNames: ["id", "state", "progress", "workflowInfo.type"],
      values: row,
    };
    const names = fc.array(
      fc.oneof(
        fc.constantFrom(
          "id",
          "state",
          "__proto__",
          "__proto__.odd",
          "constructor.x",
          "a.b",
          "a",
          "",
          "id.x",
          ".",
        ),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          nearly(shape, () => undefined),
          anyJson,
        ),
        names,
        fc.array(oddValue),
        (body, columns, odd) => {
          const page = parseSddcPage(body, 1);
          expect(page?.next === undefined || typeof page.next === "number").toBe(true);
          expect(Array.isArray(parseVcdaPage(body)?.items ?? [])).toBe(true);
          for (const poll of [body, { propertyNames: columns, values: [odd] }])
            for (const [id, task] of parsePoll(poll) ?? []) expect(task.id).toBe(id);
          expect("odd" in {}).toBe(false);
        },
      ),
      runs(500),
    );
  },
  limitMs(20),
);

test(
  "what the state keeps of a task's steps has numbers for counts",
  () => {
    fc.assert(
      fc.property(nearly(sddcTask.body, sddcTask.put), (body) => {
        if (typeof body !== "object" || body === null || Array.isArray(body)) return;
        const { subTaskCounts = {} } = condense(body as Record<string, unknown>);
        expect(Object.values(subTaskCounts as object).every((count) => typeof count === "number")).toBe(true);
      }),
      runs(1_000),
    );
  },
  limitMs(20),
);

test(
  "passwords that a body of SDDC Manager tells stand nowhere in what is made of it",
  () => {
    const password = "c4nary-Pass";
    const withPassword = fc
      .tuple(nearly(sddcTask.body, sddcTask.put), fc.nat({ max: 4 }))
      .filter(([body]) => typeof body === "object" && body !== null && !Array.isArray(body))
      .map(([body, place]) => {
        const message = `${"x".repeat(place * 200)} ${password} was not taken.`;
        const told = {
          newPassword: password,
          name: message,
          errors: [{ message, nestedErrors: [{ message }] }],
        };
        return {
          ...(body as object),
          subTasks: [{ ...told, status: "FAILED" }],
          messages: [message],
          ...told,
        };
      });
    fc.assert(
      fc.property(withPassword, (body) => {
        let text: string;
        try {
          text = JSON.stringify(toSddcSnapshot("task", body, "task-1"));
        } catch (error) {
          text = String(error);
        }
        expect(text).not.toContain(password);
      }),
      runs(500),
    );
  },
  limitMs(20),
);
