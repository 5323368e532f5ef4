// Swagger 2.0 and OpenAPI 3.0 in one form: operations by method and path, and the schemas that they need.

const methods = ["get", "put", "post", "patch", "delete"];

/** The words of a schema that say what is valid; the others are for people. */
const plainWords = ["type", "format", "enum", "required", "nullable", "uniqueItems"];

/**
 * @param {{ file: string, document: object }[]} documents
 * @param {{ prefix?: string, keeps: RegExp, starts: Set<string> }} rules
 */
export function reduce(documents, { prefix = "", keeps, starts }) {
  const operations = {};
  const schemas = {};
  for (const { document } of documents) {
    const found = operationsOf(document, prefix).filter(([key]) => keeps.test(key) || starts.has(key));
    for (const [key, operation] of found) operations[key] = reducedOperation(document, operation);
    addNeeded(schemas, document, Object.values(operations));
  }
  return {
    source: documents.map(({ file, document }) => `${file} ${document.info.version}`).join(", "),
    operations: sorted(operations),
    schemas: sorted(schemas),
  };
}

function operationsOf({ paths }, prefix) {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method] !== undefined)
      .map((method) => [`${method.toUpperCase()} ${prefix}${path}`, item[method]]),
  );
}

function reducedOperation(document, { parameters = [], requestBody, responses }) {
  const flat = parameters.flatMap((parameter) => flattened(document, parameter));
  const query = flat.filter((parameter) => parameter.in === "query");
  const path = flat.filter((parameter) => parameter.in === "path");
  const needed = query.filter(({ required }) => required === true).map(({ name }) => name);
  const body = requestBody ?? parameters.find((parameter) => parameter.in === "body");
  const bodySchema = body?.schema ?? jsonOf(body)?.schema;
  return defined({
    path: typed(path),
    query: typed(query),
    requiredQuery: needed.length > 0 ? needed : undefined,
    body: bodySchema && shapeOf(bodySchema),
    bodyRequired: body?.required === true ? true : undefined,
    // An upload of a file has no shape.
    bodyIsFile: body !== undefined && bodySchema === undefined ? true : undefined,
    replies: Object.fromEntries(
      Object.entries(responses).map(([status, reply]) => {
        const schema = reply.schema ?? jsonOf(reply)?.schema;
        return [status, schema === undefined ? null : shapeOf(schema)];
      }),
    ),
  });
}

const jsonOf = (holder) => holder?.content?.["application/json"];

/** An object in the query, exploded, is one parameter for each of its properties. */
function flattened(document, parameter) {
  const schema = parameter.schema;
  const name = schema?.$ref && nameOf(schema.$ref);
  const target = name === undefined ? undefined : schemasOf(document)[name];
  if (parameter.in !== "query" || target?.properties === undefined) return [parameter];
  return Object.entries(target.properties).map(([property, of]) => ({
    in: "query",
    name: property,
    schema: of,
    required: parameter.required === true && target.required?.includes(property) === true,
  }));
}

function typed(parameters) {
  if (parameters.length === 0) return undefined;
  return Object.fromEntries(
    parameters.map(({ name, schema, ...own }) => [name, shapeOf(schema ?? withoutPlace(own))]),
  );
}

/** Parameters of Swagger 2.0 are schemas themselves, and their `required` is no list. */
const withoutPlace = ({ required: _, ...own }) => own;

/** What of a schema can be checked. */
export function shapeOf(schema) {
  const shape = {};
  for (const word of plainWords) if (schema[word] !== undefined) shape[word] = schema[word];
  if (schema.$ref !== undefined) shape.$ref = `#/schemas/${nameOf(schema.$ref)}`;
  if (schema.items !== undefined) shape.items = shapeOf(schema.items);
  if (schema.properties !== undefined) {
    shape.properties = mapped(schema.properties);
  }
  const more = schema.additionalProperties;
  if (more !== undefined) shape.additionalProperties = typeof more === "object" ? shapeOf(more) : more;
  for (const word of ["allOf", "anyOf", "oneOf"]) {
    if (schema[word] !== undefined) shape[word] = schema[word].map(shapeOf);
  }
  return shape;
}

const mapped = (schemas) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, shapeOf(schema)]));

// A pointer cannot hold these as they are.
const nameOf = (reference) => decodeURIComponent(reference.split("/").at(-1)).replaceAll(/[^\w.-]/g, "_");

function schemasOf(document) {
  const found = document.definitions ?? document.components?.schemas ?? {};
  return Object.fromEntries(Object.entries(found).map(([name, schema]) => [nameOf(name), schema]));
}

/** Adds the schemas that operations refer to, directly or not. */
function addNeeded(schemas, document, roots) {
  const known = schemasOf(document);
  const open = [...referencesIn(roots)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name in schemas || known[name] === undefined) continue;
    schemas[name] = shapeOf(known[name]);
    open.push(...referencesIn(schemas[name]));
  }
}

function* referencesIn(value) {
  if (typeof value !== "object" || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (key === "$ref" && typeof one === "string") yield one.split("/").at(-1);
    else yield* referencesIn(one);
  }
}

const sorted = (record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
const defined = (record) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** One line for each operation and schema, so that a new version of a file is a difference one can read. */
export function printed({ source, operations, schemas }) {
  const lines = (record) =>
    Object.entries(record)
      .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(",\n");
  return [
    "{",
    ` "source": ${JSON.stringify(source)},`,
    ` "operations": {\n${lines(operations)}\n },`,
    ` "schemas": {\n${lines(schemas)}\n }`,
    "}\n",
  ].join("\n");
}
