// The shapes of the official API files (tests/spec/shapes), with the exceptions that we know of.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { corrections, moreReplies } from "../exceptions";

/** The APIs that have shapes; one product may have several. */
export const apis = [
  "vcenter",
  "snapservice",
  "sddc-manager",
  "vcf-installer",
  "sddc-lcm",
  "fleet-lcm",
  "vcda",
] as const;

/** The name of an API, which is that of its file. */
export type Api = (typeof apis)[number];

/** A schema of JSON Schema's, as far as the API files go. */
export interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly [word: string]: unknown;
}

/** One operation: its parameters, body and replies. */
export interface Operation {
  readonly path?: Readonly<Record<string, Schema>>;
  readonly query?: Readonly<Record<string, Schema>>;
  readonly requiredQuery?: readonly string[];
  readonly body?: Schema;
  readonly bodyRequired?: boolean;
  readonly bodyIsFile?: boolean;
  /** By status; `null` for a reply without a body. */
  readonly replies: Readonly<Record<string, Schema | null>>;
}

/** One API: operations by method and path with the query that is part of it, such as `POST /a/{id}?action=b`. */
export interface Shapes {
  readonly source: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const folder = join(__dirname, "../shapes");

/** What the official file says. */
export function officialShapes(api: Api): Shapes {
  return JSON.parse(readFileSync(join(folder, `${api}.json`), "utf8")) as Shapes;
}

/** The same with the documented exceptions. */
export function shapesOf(api: Api): Shapes {
  const official = officialShapes(api);
  const schemas = { ...official.schemas };
  for (const { schemas: names, properties } of corrections.filter((one) => one.api === api)) {
    for (const name of names) {
      const known = schemas[name];
      schemas[name] = { ...known, properties: { ...known?.properties, ...properties } };
    }
  }
  const operations = Object.entries(official.operations).map(([key, operation]) => {
    const more = moreReplies.filter((one) => one.api === api && one.operations.test(key));
    const replies = more.flatMap(({ statuses, body }) => statuses.map((status) => [status, body] as const));
    return [
      key,
      { ...operation, replies: { ...Object.fromEntries(replies), ...operation.replies } },
    ] as const;
  });
  return { ...official, schemas, operations: Object.fromEntries(operations) };
}

/** One line of operations.tsv: an operation that starts a task. */
export interface StartingOperation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly api: string;
  readonly versions: readonly string[];
  /** Such as `202 Task`. */
  readonly replies: readonly string[];
}

/** Every operation that is known to start a task. */
export function startingOperations(): StartingOperation[] {
  const [, ...lines] = readFileSync(join(folder, "operations.tsv"), "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const [method = "", path = "", api = "", versions = "", replies = ""] = line.split("\t");
    return {
      method: method as StartingOperation["method"],
      path,
      api,
      versions: versions.split(","),
      replies: replies.split(" | "),
    };
  });
}

/** Whether there is a file of shapes for an API of operations.tsv. */
export const hasShapes = (api: string): api is Api => existsSync(join(folder, `${api}.json`));
