import { sddcKinds, type SddcKind, type SddcKindName } from "./kinds";

/** What of a request says which kind of work it starts. */
export interface StartLine {
  readonly method: string;
  readonly path: string;
}

/** A line of the table, ready to be compared. */
interface Start {
  readonly kind: SddcKindName;
  readonly method: string;
  readonly path: RegExp;
  readonly folder: string | undefined;
}

/** `/v1/domains/{id}/validations` as an expression; `**` is any part that is not empty. */
function expressionOf(template: string): RegExp {
  const pattern = template
    .replaceAll("**", "\0")
    .replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")
    .replaceAll("\0", ".+");
  return new RegExp(`^${pattern}$`);
}

function parseStart(kind: SddcKindName, line: string): Start {
  const [start = "", folder] = line.split(" -> ");
  const [method = "", path = ""] = start.split(" ");
  return { kind, method, path: expressionOf(path), folder };
}

const starts: readonly Start[] = (Object.entries(sddcKinds) as [SddcKindName, SddcKind][]).flatMap(
  ([kind, row]) => row.starts.map((line) => parseStart(kind, line)),
);

/** The path alone, without the query and the slash at the end. */
export function barePath(path: string): string {
  return (path.split("?")[0] ?? "").replace(/\/+$/, "");
}

function startOf({ method, path }: StartLine): Start | undefined {
  const bare = barePath(path);
  return starts.find(
    (start) =>
      (start.method === method || (start.method === "*" && method !== "GET")) && start.path.test(bare),
  );
}

/** The kind of work that a request starts, where its method and path say so for certain. */
export function sddcKindOf(request: StartLine): SddcKindName | undefined {
  return startOf(request)?.kind;
}

/** A kind's row of the table; a name that the table lacks is taken for a task, for arguments were checked before. */
export function kindNamed(name: string): SddcKind {
  return Object.hasOwn(sddcKinds, name) ? sddcKinds[name as SddcKindName] : sddcKinds.task;
}

/** The folder where what a request has started is looked for; `undefined` when the server keeps it nowhere. */
export function folderOf(kind: string, request: StartLine): string | undefined {
  const { place } = kindNamed(kind);
  if (place !== undefined) return place;
  const bare = barePath(request.path);
  const start = startOf(request);
  if (start?.kind !== kind || start.folder === undefined) return bare;
  if (start.folder === "none") return undefined;
  const parts = start.path.exec(bare)?.groups ?? {};
  return start.folder.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? "");
}

/**
 * The id of a task in our references: the server's own where all of the kind are in one place, else the whole path,
 * such as `/v1/clusters/a/validations/b`.
 */
export function idBelow(kind: string, folder: string, id: string): string {
  return kindNamed(kind).place === folder ? id : `${folder}/${encodeURIComponent(id)}`;
}

/** The path of a task; `undefined` for an id that is no path, of a kind that is in many places. */
export function pathOf(kind: string, id: string): string | undefined {
  if (id.startsWith("/")) return id;
  const { place } = kindNamed(kind);
  return place === undefined ? undefined : `${place}/${encodeURIComponent(id)}`;
}
