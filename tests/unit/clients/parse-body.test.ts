import { parseBody } from "../../../provider/clients/http/parse-body";

const nested = (levels: number): string => '{"a":['.repeat(levels) + "1" + "]}".repeat(levels);

test.each([
  ["", undefined, false],
  [" \n", undefined, false],
  ["null", null, false],
  ['"id"', "id", false],
  ["<html>", undefined, true],
  ['{"a":1', undefined, true],
])("the body %j is %p, and malformed: %p", (text, body, isMalformed) => {
  expect(parseBody(text)).toEqual({ body, isMalformed, ...(isMalformed ? { text } : {}) });
});

test("a body that nests deeply is read, one that nests without end is malformed", () => {
  expect(parseBody(nested(90)).body).toEqual(JSON.parse(nested(90)));
  for (const levels of [200, 20_000, 200_000])
    expect(parseBody(nested(levels))).toMatchObject({ body: undefined, isMalformed: true });
});
