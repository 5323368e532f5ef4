import { loadTool } from "./tool";

interface Figures {
  growth: (few: number, many: number, factor: number) => string;
  quantile: (values: number[], share: number) => number | undefined;
  summary: (values: number[], digits?: number) => string;
}

interface Markdown {
  toMarkdown: (figures: object[]) => string;
}

interface AtOnce {
  runAtOnce: <T>(jobs: { weight: number; run: () => Promise<T> }[], most: number) => Promise<T[]>;
}

interface Page {
  replaced: (text: string, program: string, content: string) => string;
}

test.each([
  [100, 110, "constant"],
  [100, 40, "less"],
  [100, 500, "less than linear"],
  [100, 1_000, "linear"],
  [100, 2_000, "worse than linear"],
  [0, 5, "–"],
])("with ten times the tasks, from %d to %d is %s", async (few, many, word) => {
  const { growth } = await loadTool<Figures>("figures.mjs");
  expect(growth(few, many, 10)).toBe(word);
});

test("runs are told as minimum, median and maximum", async () => {
  const { quantile, summary } = await loadTool<Figures>("figures.mjs");
  expect(summary([3, 1, 10, 2, 5], 0)).toBe("1 / 3 / 10");
  expect(quantile([3, 1, 10, 2, 5], 0.95)).toBe(10);
});

test("values stand in one table, and tables behind it with their titles", async () => {
  const { toMarkdown } = await loadTool<Markdown>("bench/report/markdown.mjs");
  const figures = [
    { what: "a", value: 1, unit: "s" },
    { title: "Others", columns: ["x", "y"], rows: [[1, 2]] },
  ];
  expect(toMarkdown(figures)).toBe(
    "| Measured | Value |\n| --- | --- |\n| a | 1 s |\n\nOthers\n\n| x | y |\n| --- | --- |\n| 1 | 2 |",
  );
});

test("the figures of one program are replaced, and all else stays", async () => {
  const { replaced } = await loadTool<Page>("bench/report/page.mjs");
  const page =
    "before\n<!-- bench a -->\nold\n<!-- /bench a -->\n<!-- bench b -->\nkept\n<!-- /bench b -->\n";
  expect(replaced(page, "a", "new")).toBe(
    "before\n<!-- bench a -->\n\nnew\n\n<!-- /bench a -->\n<!-- bench b -->\nkept\n<!-- /bench b -->\n",
  );
  expect(() => replaced(page, "c", "new")).toThrow("has no place for c");
});

test("jobs run in their order, together as far as their weights allow, and a heavy one alone", async () => {
  const { runAtOnce } = await loadTool<AtOnce>("bench/live/at-once.mjs");
  const running = new Set<string>();
  const seen: string[] = [];
  const job = (name: string, weight: number): { weight: number; run: () => Promise<string> } => ({
    weight,
    async run() {
      running.add(name);
      seen.push([...running].join("+"));
      await new Promise((done) => setTimeout(done, 5));
      running.delete(name);
      return name;
    },
  });
  const results = await runAtOnce([job("a", 1), job("b", 1), job("heavy", 9), job("c", 2)], 2);
  expect(results).toEqual(["a", "b", "heavy", "c"]);
  expect(seen).toEqual(["a", "a+b", "heavy", "c"]);
});
