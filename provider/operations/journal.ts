import { createHash, createHmac, randomUUID } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import envPaths from "env-paths";
import { sync as writeFileAtomic } from "write-file-atomic";

import * as z from "../zod";
import { ConfigurationError } from "../tasks";
import { removeExpired } from "./journal-expiry";

/** Which request of a resource a record tells of. */
export const requestKinds = ["start", "attempt", "cleanup", "update", "delete"] as const;

/** Which request of a resource a record tells of. */
export type RequestKind = (typeof requestKinds)[number];

const recordSchema = z.object({
  version: z.literal(1),
  resourceUrn: z.string(),
  kind: z.enum(requestKinds),
  endpoint: z.string(),
  /** Keyed hash of the request, so that a changed one is told from the same. */
  requestHash: z.string(),
  /** Which task an attempt or a follow-up request belongs to. */
  of: z.string().optional(),
  /** Absent while no reply has come. */
  taskId: z.string().optional(),
  attempt: z.number().optional(),
  /** Keyed hash of what the state had when the request left; another one by now means that others have deployed since. */
  base: z.string().optional(),
  /** Whether it has succeeded, and only the engine is still to save that. */
  isDone: z.boolean().optional(),
  /** Whether it was sent a second time, after the server showed no trace of the first. */
  isSecondTime: z.boolean().optional(),
  /** Whether an update or a delete has ended, and not well: the object may be neither as before nor as it was to be. */
  isOver: z.boolean().optional(),
  sentAt: z.number(),
  /** Of the second sending, when there was one. */
  lastSentAt: z.number().optional(),
  processId: z.number(),
  processToken: z.string(),
  host: z.string(),
});

/** What the journal remembers of one request; no bodies, no secrets. */
export type JournalRecord = z.infer<typeof recordSchema>;

/** What a record says about the request; the journal adds who wrote it. */
export type JournalEntry = Omit<
  JournalRecord,
  "version" | "processId" | "processToken" | "host" | "requestHash" | "base"
> & {
  readonly request: unknown;
  readonly base?: unknown;
};

/** Remembers what left this machine, so that nothing is started twice after a crash. */
export interface Journal {
  /** `undefined` also where there is something that cannot be read. */
  read(resourceUrn: string, kind: RequestKind): JournalRecord | undefined;
  /** What is remembered of all requests but this one, by any process of this machine. */
  others(resourceUrn: string, kind: RequestKind): JournalRecord[];
  /**
   * When something was written, in milliseconds since 1970, that is in the place of a record and is none to this
   * version: damaged, or of a newer one.
   */
  unreadableSince(resourceUrn: string, kind: RequestKind): number | undefined;
  /** Keeps what cannot be read under another name, for people to look at; gives that name. */
  setAside(resourceUrn: string, kind: RequestKind): string;
  /** Where a record is, or would be. */
  fileOf(resourceUrn: string, kind: RequestKind): string;
  /** On disk when it returns. */
  write(entry: JournalEntry): void;
  remove(resourceUrn: string, kind: RequestKind): void;
  /** Remembers that a request has left when there is nothing any more to go on with. */
  markOver(resourceUrn: string, kind: RequestKind): void;
  isOfThisProcess(record: JournalRecord): boolean;
  /** Whether the record's writer still runs on this machine. */
  isWriterAlive(record: JournalRecord): boolean;
  isForRequest(record: JournalRecord, request: unknown): boolean;
  /** Whether the state is as it was when the request left; records without a base do not know better. */
  isOnBase(record: JournalRecord, base: unknown): boolean;
}

/** The folder of the journal: `VMWARE_TASKS_STATE_DIR`, else the user's folder for such data. */
export function stateFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment.VMWARE_TASKS_STATE_DIR;
  return chosen !== undefined && chosen !== ""
    ? chosen
    : envPaths("pulumi-vmware-tasks", { suffix: "" }).data;
}

function readOrCreateKey(folder: string): string {
  const path = join(folder, "key");
  const own = `${path}.${randomUUID()}`;
  if (!existsSync(path)) {
    writeFileSync(own, randomUUID(), { mode: 0o600 });
    try {
      // Appears whole, or not at all when another process was first; then its key holds.
      linkSync(own, path);
    } catch (error) {
      // Any other reason: a file system without links.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") renameSync(own, path);
    } finally {
      rmSync(own, { force: true });
    }
  }
  return readFileSync(path, "utf8");
}

/** Keys in a fixed order, so that equal requests have equal hashes. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, canonical(inner)]),
  );
}

function parseRecord(text: string): JournalRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A record of somebody else's, who may remove it meanwhile. */
function readRecord(path: string): JournalRecord | undefined {
  try {
    return parseRecord(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function unusable(folder: string, error: unknown): ConfigurationError {
  const { code = "unknown" } = error as NodeJS.ErrnoException;
  return new ConfigurationError(
    `The journal in ${folder} cannot be used (${code}). Without it, an operation could be started twice: ` +
      "mend the folder, or name another one in VMWARE_TASKS_STATE_DIR.",
  );
}

/** Opens the journal in a folder; files and folder are the user's own alone. */
export function openJournal(folder: string): Journal {
  const processToken = randomUUID();
  let key: string | undefined;

  const onDisk = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw unusable(folder, error);
    }
  };
  const prepared = (): string =>
    (key ??= onDisk(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const shared = readOrCreateKey(folder);
      removeExpired(folder);
      return shared;
    }));
  const fileOf = (resourceUrn: string, kind: RequestKind): string =>
    join(folder, `${createHash("sha256").update(resourceUrn).digest("hex").slice(0, 32)}.${kind}.json`);
  const hashOf = (request: unknown): string =>
    createHmac("sha256", prepared())
      .update(JSON.stringify([canonical(request)]))
      .digest("hex");

  const read = (resourceUrn: string, kind: RequestKind): JournalRecord | "unreadable" | undefined => {
    let text: string;
    try {
      text = readFileSync(fileOf(resourceUrn, kind), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw unusable(folder, error);
    }
    const record = parseRecord(text);
    return record?.resourceUrn === resourceUrn ? record : "unreadable";
  };

  const save = (record: JournalRecord): void =>
    onDisk(() =>
      writeFileAtomic(fileOf(record.resourceUrn, record.kind), JSON.stringify(record), { mode: 0o600 }),
    );

  return {
    read(resourceUrn, kind) {
      const found = read(resourceUrn, kind);
      return found === "unreadable" ? undefined : found;
    },
    others(resourceUrn, kind) {
      const own = fileOf(resourceUrn, kind);
      const names = existsSync(folder) ? onDisk(() => readdirSync(folder)) : [];
      return names
        .map((name) => join(folder, name))
        .filter((path) => path.endsWith(".json") && path !== own)
        .flatMap((path) => readRecord(path) ?? []);
    },
    unreadableSince(resourceUrn, kind) {
      if (read(resourceUrn, kind) !== "unreadable") return undefined;
      return onDisk(() => statSync(fileOf(resourceUrn, kind))).mtimeMs;
    },
    setAside(resourceUrn, kind) {
      const path = fileOf(resourceUrn, kind);
      onDisk(() => renameSync(path, `${path}.unreadable`));
      return `${path}.unreadable`;
    },
    fileOf,
    write({ request, base, ...entry }) {
      save({
        version: 1,
        ...entry,
        requestHash: hashOf(request),
        ...(base === undefined ? {} : { base: hashOf(base) }),
        processId: process.pid,
        processToken,
        host: hostname(),
      });
    },
    markOver(resourceUrn, kind) {
      const record = read(resourceUrn, kind);
      if (record !== undefined && record !== "unreadable") save({ ...record, isOver: true });
    },
    remove(resourceUrn, kind) {
      onDisk(() => rmSync(fileOf(resourceUrn, kind), { force: true }));
    },
    isOfThisProcess: (record) => record.processToken === processToken,
    isWriterAlive({ host, processId, processToken: writer }) {
      if (host !== hostname()) return false;
      // An earlier one that had the number of this process, as in containers.
      if (processId === process.pid) return writer === processToken;
      try {
        process.kill(processId, 0);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
    isForRequest: (record, request) => record.requestHash === hashOf(request),
    isOnBase: (record, base) => record.base === undefined || record.base === hashOf(base),
  };
}
