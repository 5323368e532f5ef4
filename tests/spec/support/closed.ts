// Schemas of OpenAPI are open: any further field is valid, so a misspelled one is, too. These are the same, closed, and
// refer to each other by name alone.
import type { Schema, Shapes } from "./shapes";

const schemaOf = (reference: string): string => reference.replace("#/schemas/", "");

/** Whether a schema says which fields an object has; a free object stays free. */
function declaresFields(shapes: Shapes, { $ref, properties = {}, allOf = [], oneOf = [] }: Schema): boolean {
  const target = $ref === undefined ? undefined : shapes.schemas[schemaOf($ref)];
  return (
    Object.keys(properties).length > 0 ||
    [...allOf, ...oneOf].some((one) => declaresFields(shapes, one)) ||
    (target !== undefined && declaresFields(shapes, target))
  );
}

type Schemas = Readonly<Record<string, Schema>>;

const map = (schemas: Schemas, change: (schema: Schema) => Schema): Schemas =>
  Object.fromEntries(Object.entries(schemas).map(([name, one]) => [name, change(one)]));

/** Closes what is inside; the schema itself may be a part of another, so only where it is used it is closed. */
function closedInside(shapes: Shapes, schema: Schema): Schema {
  const use = (one: Schema): Schema => closed(shapes, one);
  const part = (one: Schema): Schema => closedInside(shapes, one);
  const { $ref, properties, items, additionalProperties: more, allOf, oneOf, anyOf } = schema;
  return {
    ...schema,
    ...($ref === undefined ? {} : { $ref: schemaOf($ref) }),
    ...(properties === undefined ? {} : { properties: map(properties, use) }),
    ...(items === undefined ? {} : { items: use(items) }),
    ...(typeof more === "object" ? { additionalProperties: use(more) } : {}),
    ...(allOf === undefined ? {} : { allOf: allOf.map(part) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(part) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(part) }),
  };
}

/** A schema, as it is used for a body or a field, that takes no field which it does not declare. */
function closed(shapes: Shapes, schema: Schema): Schema {
  const inside = closedInside(shapes, schema);
  return declaresFields(shapes, schema) ? { ...inside, unevaluatedProperties: false } : inside;
}

/** The same API with every schema closed. */
export function closedShapes(shapes: Shapes): Shapes {
  const operations = Object.entries(shapes.operations).map(([key, operation]) => {
    const { body, replies } = operation;
    const closedReplies = Object.entries(replies).map(
      ([status, reply]) => [status, reply === null ? null : closed(shapes, reply)] as const,
    );
    return [
      key,
      {
        ...operation,
        ...(body === undefined ? {} : { body: closed(shapes, body) }),
        replies: Object.fromEntries(closedReplies),
      },
    ] as const;
  });
  const schemas = map(shapes.schemas, (schema) => closedInside(shapes, schema));
  return { ...shapes, operations: Object.fromEntries(operations), schemas };
}
