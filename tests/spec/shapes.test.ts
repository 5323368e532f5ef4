import { corrections, moreReplies } from "./exceptions";
import { apis, hasShapes, officialShapes, startingOperations } from "./support/shapes";

test.each(apis)(
  "the shapes of %s refer to schemas that are there, and hold none that nobody needs",
  (api) => {
    const shapes = officialShapes(api);
    const text = JSON.stringify(shapes);
    const needed = new Set([...text.matchAll(/"#\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect([...needed].sort()).toEqual(Object.keys(shapes.schemas).sort());
    expect(text).not.toMatch(/"(description|example|title|summary|x-[^"]*)":"/);
  },
);

test("every exception is still needed", () => {
  const needless = [
    ...corrections.filter(({ api, schemas, properties }) => {
      const known = officialShapes(api).schemas;
      return schemas.some((name) =>
        Object.entries(properties).every(
          ([property, schema]) =>
            JSON.stringify(known[name]?.properties?.[property]) === JSON.stringify(schema),
        ),
      );
    }),
    ...moreReplies.filter(({ api, operations, statuses }) => {
      const matching = Object.entries(officialShapes(api).operations).filter(([key]) => operations.test(key));
      return statuses.some((status) => matching.every(([, { replies }]) => status in replies));
    }),
  ];
  expect(needless).toEqual([]);
});

test("every exception is about a schema that is there", () => {
  const lost = corrections.flatMap(({ api, schemas }) =>
    schemas.filter((name) => !(name in officialShapes(api).schemas)),
  );
  expect(lost).toEqual([]);
});

describe("operations.tsv", () => {
  const operations = startingOperations();

  test("names each operation once", () => {
    const keys = operations.map(({ api, method, path }) => `${api} ${method} ${path}`);
    // Cloud Director and vSphere DR have sites of their own at the same path.
    const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
    expect(twice).toEqual(["vcda POST /sites"]);
    expect(keys).toHaveLength(392);
  });

  test("agrees with the official file of the version that the file describes", () => {
    const versionOf: Readonly<Record<string, string>> = { vcenter: "7.0.3", snapservice: "9.1" };
    const wrong = operations.flatMap(({ api, method, path, versions, replies }) => {
      if (!hasShapes(api) || api === "vcda" || !versions.includes(versionOf[api] ?? "9.1.0")) return [];
      const known = officialShapes(api).operations[`${method} ${path}`];
      // The files of vCenter at hand are two of four.
      if (known === undefined)
        return /^\/(api|rest)\/(vcenter|appliance)\//.test(path) ? [] : [`${method} ${path}`];
      const documented = Object.entries(known.replies).flatMap(([status, reply]) =>
        Number(status) < 300 ? [`${status} ${reply?.$ref?.split("/").at(-1) ?? reply?.type ?? "empty"}`] : [],
      );
      // Older versions answered otherwise; both are in the list.
      const listed = replies.flatMap((reply) => {
        const [status = "", words = ""] = reply.split(" ");
        return words.split("/").map((word) => `${status} ${word}`);
      });
      return documented.every((one) => listed.includes(one))
        ? []
        : [`${method} ${path}: ${documented.join()}`];
    });
    expect(wrong).toEqual([]);
  });
});
