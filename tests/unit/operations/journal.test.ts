import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import fc from "fast-check";

import { openJournal, stateFolder, type Journal, type JournalRecord } from "../../../provider/operations";
import { removeExpired } from "../../../provider/operations/journal-expiry";
import { runs } from "../../support/properties";

const resourceUrn = "urn:pulumi:dev::project::pulumi-nodejs:vmware:StartedTask::vm";
const entry = {
  resourceUrn,
  kind: "start",
  endpoint: "vc",
  sentAt: 1,
  request: { body: { password: "canary" } },
} as const;

let folder: string;
beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), "journal-test-")), "state")));
afterEach(() => {
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

const recordFile = (): string =>
  join(folder, readdirSync(folder).find((name) => name.endsWith(".json")) ?? "none");
/** Another process that uses the same folder. */
const later = (): Journal => openJournal(folder);

test("remembers what was written, also for a later process", () => {
  openJournal(folder).write({ ...entry, taskId: "task-1" });
  expect(later().read(resourceUrn, "start")).toMatchObject({
    taskId: "task-1",
    endpoint: "vc",
    sentAt: 1,
    processId: process.pid,
  });
});

test("keeps requests of one resource apart by their kind, and resources by their URN", () => {
  const journal = openJournal(folder);
  journal.write({ ...entry, taskId: "start" });
  journal.write({ ...entry, kind: "delete", taskId: "delete" });
  journal.write({ ...entry, resourceUrn: `${resourceUrn}2`, taskId: "other" });
  expect(journal.read(resourceUrn, "start")?.taskId).toBe("start");
  expect(journal.read(resourceUrn, "delete")?.taskId).toBe("delete");
  expect(journal.read(resourceUrn, "update")).toBeUndefined();
  journal.remove(resourceUrn, "start");
  expect(journal.read(resourceUrn, "start")).toBeUndefined();
  expect(journal.read(`${resourceUrn}2`, "start")?.taskId).toBe("other");
});

test("tells of all other requests, of any process, and passes over what it cannot read", () => {
  const journal = openJournal(folder);
  expect(journal.others(resourceUrn, "start")).toEqual([]);
  journal.write({ ...entry, taskId: "own" });
  journal.write({ ...entry, kind: "delete", taskId: "delete" });
  later().write({ ...entry, resourceUrn: `${resourceUrn}2` });
  writeFileSync(join(folder, "odd.start.json"), "{");
  const others = journal.others(resourceUrn, "start").map(({ kind, taskId }) => [kind, taskId]);
  expect(others.sort()).toEqual([
    ["delete", "delete"],
    ["start", undefined],
  ]);
});

test("removing what is not there does nothing", () => {
  openJournal(folder).remove(resourceUrn, "start");
});

test("nothing of the request is in any file", () => {
  openJournal(folder).write({
    ...entry,
    request: { path: "/secret-path", body: { name: "vm-canary", password: "canary" } },
  });
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  expect(texts.join("\n")).not.toMatch(/canary|secret-path/);
});

test("files and folder are the user's own alone", () => {
  openJournal(folder).write(entry);
  const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map(
    (path) => statSync(path).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o600, 0o600]);
});

test("leaves nothing but whole records and the key in the folder", () => {
  const journal = openJournal(folder);
  for (let index = 0; index < 20; index += 1) journal.write({ ...entry, sentAt: index });
  expect(readdirSync(folder).filter((name) => name !== "key")).toHaveLength(1);
  expect(readdirSync(folder)).toHaveLength(2);
});

describe("the hash of a request", () => {
  const written = (journal: Journal, request: unknown): NonNullable<ReturnType<Journal["read"]>> => {
    journal.write({ ...entry, request });
    const record = journal.read(resourceUrn, "start");
    if (record === undefined) throw new Error("There is no record.");
    return record;
  };

  test("is the same in a later process, whatever the order of keys and with undefined left out", () => {
    const record = written(openJournal(folder), { a: 1, b: { c: [1, { d: 2, e: 3 }], f: undefined } });
    expect(later().isForRequest(record, { b: { c: [1, { e: 3, d: 2 }] }, a: 1 })).toBe(true);
  });

  test.each([
    ["another value", { a: [1, 3] }],
    ["another order of a list", { a: [2, 1] }],
    ["another type", { a: ["1", 2] }],
    ["one more field", { a: [1, 2], b: null }],
  ])("differs with %s", (_title, other) => {
    const journal = openJournal(folder);
    expect(journal.isForRequest(written(journal, { a: [1, 2] }), other)).toBe(false);
  });

  test("differs between users, for each has a key", () => {
    const record = written(openJournal(folder), { a: 1 });
    expect(openJournal(join(folder, "other")).isForRequest(record, { a: 1 })).toBe(false);
  });

  test("does not depend on the order of keys, however deep", () => {
    const journal = openJournal(folder);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const turned = JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
          typeof inner === "object" && inner !== null && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).reverse())
            : inner,
        ) as unknown;
        expect(journal.isForRequest(written(journal, value), turned)).toBe(true);
      }),
      runs(30),
    );
  });
});

describe("who wrote a record", () => {
  const read = (journal: Journal): NonNullable<ReturnType<Journal["read"]>> => {
    const record = journal.read(resourceUrn, "start");
    if (record === undefined) throw new Error("There is no record.");
    return record;
  };

  test("is told by more than the process id, which is given out again", () => {
    const journal = openJournal(folder);
    journal.write(entry);
    expect(journal.isOfThisProcess(read(journal))).toBe(true);
    expect(later().isOfThisProcess(read(later()))).toBe(false);
  });

  test("is known to live or not", () => {
    const journal = openJournal(folder);
    journal.write(entry);
    const record = read(journal);
    expect(journal.isWriterAlive(record)).toBe(true);
    expect(journal.isWriterAlive({ ...record, processId: 2 ** 30 })).toBe(false);
    // Nobody can ask a process of another machine.
    expect(journal.isWriterAlive({ ...record, host: "elsewhere" })).toBe(false);
  });
});

test.each([
  ["garbage", "\u0000\u0001 not JSON"],
  ["an empty file", ""],
  ["half a record", '{"version":1,"resourceUrn":"urn'],
  ["a record of another version", JSON.stringify({ version: 99, resourceUrn })],
  ["null", "null"],
])("%s in the place of a record is told as unreadable, and stays until it is set aside", (_title, text) => {
  const journal = openJournal(folder);
  journal.write(entry);
  expect(journal.unreadableSince(resourceUrn, "start")).toBeUndefined();
  const path = recordFile();
  writeFileSync(path, text);
  utimesSync(path, 1_000, 1_000);
  expect(journal.read(resourceUrn, "start")).toBeUndefined();
  expect(journal.unreadableSince(resourceUrn, "start")).toBe(1_000_000);
  expect(journal.unreadableSince(resourceUrn, "update")).toBeUndefined();
  expect(journal.fileOf(resourceUrn, "start")).toBe(path);
  const aside = journal.setAside(resourceUrn, "start");
  expect(readFileSync(aside, "utf8")).toBe(text);
  expect(journal.unreadableSince(resourceUrn, "start")).toBeUndefined();
  journal.write({ ...entry, taskId: "task-2" });
  expect(journal.read(resourceUrn, "start")?.taskId).toBe("task-2");
});

test("a record with more fields, of a newer release that kept the version, is read", () => {
  const journal = openJournal(folder);
  journal.write({ ...entry, taskId: "task-1" });
  const text = readFileSync(recordFile(), "utf8");
  writeFileSync(recordFile(), JSON.stringify({ ...(JSON.parse(text) as object), color: "blue" }));
  expect(later().read(resourceUrn, "start")).toMatchObject({ taskId: "task-1" });
  expect(later().unreadableSince(resourceUrn, "start")).toBeUndefined();
});

describe("what nothing has touched for a year", () => {
  const day = 24 * 3_600;
  const ofAge = (path: string, days: number): void => {
    const at = Date.now() / 1000 - days * day;
    utimesSync(path, at, at);
  };
  const names = (): string[] => readdirSync(folder).filter((name) => name !== "key");

  beforeEach(() => {
    const journal = openJournal(folder);
    journal.write(entry);
    journal.write({ ...entry, kind: "update" });
    ofAge(journal.fileOf(resourceUrn, "start"), 366);
    ofAge(journal.fileOf(resourceUrn, "update"), 364);
  });

  test("goes when a later process writes, and nothing else does", () => {
    const aside = `${later().fileOf(resourceUrn, "attempt")}.unreadable`;
    const foreign = join(folder, "notes.json");
    for (const path of [aside, foreign]) {
      writeFileSync(path, "x");
      ofAge(path, 366);
    }
    ofAge(join(folder, "key"), 366);
    const journal = later();
    journal.write({ ...entry, kind: "delete" });
    expect(journal.read(resourceUrn, "start")).toBeUndefined();
    expect(names().sort()).toEqual(
      [journal.fileOf(resourceUrn, "delete"), foreign, journal.fileOf(resourceUrn, "update")]
        .map((path) => basename(path))
        .sort(),
    );
    expect(readFileSync(join(folder, "key"), "utf8")).not.toBe("");
  });

  test("stays while processes only read", () => {
    expect(later().read(resourceUrn, "start")).toBeDefined();
    expect(names()).toHaveLength(2);
  });

  test("is no error when it cannot go", () => {
    const stubborn = join(folder, basename(later().fileOf(`${resourceUrn}2`, "start")));
    mkdirSync(stubborn);
    ofAge(stubborn, 366);
    const journal = later();
    journal.write({ ...entry, taskId: "task-1" });
    expect(journal.read(resourceUrn, "start")?.taskId).toBe("task-1");
  });
});

test("a folder that cannot be used is an error that names it and the variable, before anything is sent", () => {
  writeFileSync(folder, "a file is in the way");
  let thrown: unknown;
  try {
    openJournal(folder).write(entry);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: "VMWARE_CONFIGURATION" });
  expect((thrown as Error).message).toMatch(/VMWARE_TASKS_STATE_DIR/);
  expect((thrown as Error).message).toContain(folder);
  expect(() => openJournal(folder).read(resourceUrn, "start")).toThrow(/VMWARE_TASKS_STATE_DIR/);
});

test.each<[string, (journal: Journal) => unknown]>([
  ["remove", (journal) => journal.remove(resourceUrn, "start")],
  ["read", (journal) => journal.unreadableSince(resourceUrn, "start")],
  ["set aside", (journal) => journal.setAside(resourceUrn, "update")],
  ["hash", (journal) => journal.isForRequest(journal.read(resourceUrn, "delete") as JournalRecord, {})],
])("what the system does not let one %s is an error that tells what to do", (_title, use) => {
  const journal = openJournal(folder);
  journal.write({ ...entry, kind: "delete" });
  mkdirSync(journal.fileOf(resourceUrn, "start"));
  rmSync(join(folder, "key"));
  mkdirSync(join(folder, "key"));
  expect(() => use(later())).toThrow(/^The journal in .* cannot be used \(\w+\).*VMWARE_TASKS_STATE_DIR/);
});

test("a folder that cannot be searched for old records is no error", () => {
  expect(() => removeExpired(join(folder, "none"))).not.toThrow();
});

test("a key that another process made first holds", () => {
  const [one, two] = [openJournal(folder), openJournal(folder)];
  one.write({ ...entry, request: { a: 1 } });
  const key = readFileSync(join(folder, "key"), "utf8");
  two.write({ ...entry, kind: "update", request: { a: 1 } });
  expect(readFileSync(join(folder, "key"), "utf8")).toBe(key);
  expect(key.length).toBeGreaterThan(30);
});

test.each([
  ["/somewhere", "/somewhere"],
  ["", undefined],
  [undefined, undefined],
])("VMWARE_TASKS_STATE_DIR of %j chooses the folder", (value, expected) => {
  const chosen = stateFolder({ VMWARE_TASKS_STATE_DIR: value });
  if (expected === undefined) expect(chosen).toContain("pulumi-vmware-tasks");
  else expect(chosen).toBe(expected);
});
