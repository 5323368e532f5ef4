// JSON that a server should not send: bodies that are nearly right, and wholly odd ones.
import fc from "fast-check";

/** Words that a status can be: known ones in any spelling, others that only look like them. */
export const statusWord: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...["SUCCEEDED", "Successful", "success", "COMPLETED", "Completed with warning", "SYNCED", "SKIPPED"],
    ...["FAILED", "error", "COMPLETED_WITH_FAILURE", "TIMEDOUT", "CANCELLED", "canceled"],
    ...["RUNNING", "In Progress", "IN_PROGRESS", "PENDING", "queued", "BLOCKED", "EXECUTING"],
  ),
  fc.constantFrom(
    ...["UNSUCCESSFUL", "NOT_SUCCEEDED", "SUCCEEDED?", "SUCCESS/FAILED", "COMPLETED_SOMEHOW", "DONE", "OK"],
    ...["constructor", "__proto__", "toString", "ＳＵＣＣＥＥＤＥＤ", "succеeded", "", " ", "\u0000"],
  ),
  fc.string({ maxLength: 12 }),
);

const depth = (levels: number): unknown => {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { errors: value };
  return value;
};

/** As a parser leaves it: own properties, whatever their names. */
const withOddNames: unknown = JSON.parse(
  '{"__proto__":{"status":"SUCCEEDED","isOdd":true},"constructor":{"prototype":{}},"toString":1,"length":-1}',
);

/** A value in the place of another one. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  statusWord,
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, -1e308, JSON.parse("1e999"), 5e-324, 2 ** 53),
  fc.constantFrom<unknown>("1970-01-01T00:00:00Z", "-271821-04-20T00:00:00Z", "9999-99-99", "soon", "\ud800"),
  fc.constantFrom<unknown>([], {}, [null], [[]], [{}], withOddNames, depth(60), "{0} {host} {__proto__}"),
  fc.constantFrom<unknown>(
    "<html><body>502</body></html>",
    "x".repeat(20_000),
    "a\nb\r\nc\u2028d ".repeat(40),
  ),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as unknown),
);

/** A copy of its own, so that a later change does not reach into the next example. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, copy(inner as unknown)]),
  ) as T;
}

type Holder = Record<string | number, unknown>;

function holdersIn(value: unknown): { holder: Holder; key: string | number }[] {
  if (typeof value !== "object" || value === null) return [];
  const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => [{ holder: value as Holder, key }, ...holdersIn((value as Holder)[key])]);
}

const changes = ["replace", "remove", "wrap", "add", "double"] as const;

/** Changes one field of a body. */
function change(body: unknown, [at, what, odd]: readonly [number, (typeof changes)[number], unknown]): void {
  const all = holdersIn(body);
  const place = all[at % all.length];
  if (place === undefined) return;
  const { holder, key } = place;
  const old = holder[key];
  const own = copy(odd);
  if (what === "replace") holder[key] = own;
  else if (what === "wrap") holder[key] = [old];
  else if (what === "double") holder[key] = [old, copy(old)];
  else if (what === "add" && typeof old === "object" && old !== null) Object.assign(old, { odd: own });
  else if (what === "remove") Reflect.deleteProperty(holder, key);
}

/** A body of a true shape with some of its fields changed, seldom none; `put` is handed a status word for it, mostly. */
export function nearly<T>(body: T, put: (body: T, word: string) => void): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      fc.option(statusWord, { freq: 3 }),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...changes), oddValue), { maxLength: 5 }),
    )
    .map(([word, all]) => {
      const own = copy(body);
      if (word !== null) put(own, word);
      for (const one of all) change(own, one);
      return own;
    });
}

/** Any JSON at all. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(oddValue, fc.jsonValue());
