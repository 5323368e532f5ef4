// What is wrong with a request or a reply, by the shapes of the official files.
import { Ajv2019, type ErrorObject } from "ajv/dist/2019";
import addFormats from "ajv-formats";

import type { Exchange } from "../../support/recording-proxy";
import { closedShapes } from "./closed";
import { matchOf, type Match } from "./match";
import { shapesOf, type Api, type Schema } from "./shapes";

/** Says what is wrong with exchanges of one API. */
export interface Inspector {
  /** The operation that an exchange is; `undefined` when the API has none such. */
  readonly operationOf: (exchange: Exchange) => string | undefined;
  /** One line for each thing that is wrong. */
  readonly problemsOf: (exchange: Exchange) => string[];
}

function explained({ instancePath, message = "", params }: ErrorObject): string {
  const field = (params as { unevaluatedProperty?: string; additionalProperty?: string }).unevaluatedProperty;
  return `${instancePath || "/"} ${field === undefined ? message : `has the field "${field}", which is not declared`}`;
}

/** A text of the query as the value that its schema wants, when it can be one. */
function coerced(schema: Schema, text: string): unknown {
  if ((schema.type === "integer" || schema.type === "number") && /^-?\d+(\.\d+)?$/.test(text))
    return Number(text);
  if (schema.type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  return text;
}

function queryValue(schema: Schema, texts: readonly string[]): unknown {
  if (schema.type === "array") return texts.map((text) => coerced(schema.items ?? {}, text));
  return texts.length === 1 ? coerced(schema, texts[0] ?? "") : texts;
}

/**
 * The query by parameter. A list of objects is numbered: `targets.1.type=a` (vSphere's documentation of `/rest`).
 */
function parametersIn(
  query: URLSearchParams,
  declared: Readonly<Record<string, Schema>>,
): Map<string, unknown> {
  const parameters = new Map<string, unknown>();
  for (const name of new Set(query.keys())) {
    const schema = declared[name];
    const [, list = "", index = "", field = ""] = /^(.+)\.(\d+)\.(\w+)$/.exec(name) ?? [];
    if (schema === undefined && declared[list]?.items?.properties !== undefined) {
      const objects = (parameters.get(list) ?? []) as Record<string, unknown>[];
      objects[Number(index) - 1] = { ...objects[Number(index) - 1], [field]: query.get(name) };
      parameters.set(list, objects);
    } else {
      parameters.set(name, schema === undefined ? query.get(name) : queryValue(schema, query.getAll(name)));
    }
  }
  return parameters;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Builds the inspector of one API; schemas are compiled when they are needed first. */
export function createInspector(api: Api): Inspector {
  const shapes = closedShapes(shapesOf(api));
  const ajv = new Ajv2019({ allErrors: true, strictTypes: false });
  addFormats(ajv);
  for (const [name, schema] of Object.entries(shapes.schemas)) ajv.addSchema(schema, name);

  const check = (what: string, schema: Schema, value: unknown): string[] => {
    ajv.validate(schema, value);
    return (ajv.errors ?? []).map((error) => `${what}: ${explained(error)}`);
  };

  const checkQuery = ({ operation, fixed }: Match, query: URLSearchParams): string[] => {
    const declared = operation.query ?? {};
    const rest = new URLSearchParams([...query].filter(([name]) => !fixed.has(name)));
    const given = parametersIn(rest, declared);
    const missing = (operation.requiredQuery ?? []).filter((name) => !given.has(name));
    return [
      ...missing.map((name) => `query: ${name} is missing`),
      ...[...given].flatMap(([name, value]) => {
        const schema = declared[name];
        return schema === undefined
          ? [`query: ${name} is not declared`]
          : check(`query ${name}`, schema, value);
      }),
    ];
  };

  const checkPath = ({ operation, values }: Match): string[] =>
    Object.entries(operation.path ?? {}).flatMap(([name, schema]) =>
      check(`path ${name}`, schema, values[name]),
    );

  const checkBody = ({ operation }: Match, { requestText, contentType = "" }: Exchange): string[] => {
    if (operation.bodyIsFile === true) return [];
    if (requestText === "") return operation.bodyRequired === true ? ["body: it is missing"] : [];
    if (operation.body === undefined) return ["body: the operation takes none"];
    if (!contentType.startsWith("application/json")) return [`body: it is sent as "${contentType}"`];
    return check("body", operation.body, parsed(requestText));
  };

  const checkReply = ({ operation }: Match, { status, replyText }: Exchange): string[] => {
    const reply = operation.replies[status];
    if (reply === undefined) return [`reply: the status ${status} is not declared`];
    if (reply === null)
      return replyText === "" ? [] : [`reply ${status}: it has a body, which is not declared`];
    return check(`reply ${status}`, reply, parsed(replyText));
  };

  return {
    operationOf: (exchange) => matchOf(shapes, exchange)?.key,
    problemsOf(exchange) {
      const match = matchOf(shapes, exchange);
      const name = `${exchange.method} ${exchange.path}`;
      if (match === undefined) return [`${name}: the API has no such operation`];
      return [
        ...checkPath(match),
        ...checkQuery(match, exchange.query),
        ...checkBody(match, exchange),
        ...checkReply(match, exchange),
      ].map((problem) => `${name}: ${problem}`);
    },
  };
}
