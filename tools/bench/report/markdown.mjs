// What programs measured, as Markdown: single values in one table, then each table with its title.

function row(cells) {
  return `| ${cells.join(" | ")} |`;
}

function markdownTable(columns, rows) {
  return [row(columns), row(columns.map(() => "---")), ...rows.map(row)].join("\n");
}

/** @param {object[]} figures - as tools/figures.mjs prints them */
export function toMarkdown(figures) {
  const values = figures.filter(({ what }) => what !== undefined);
  const tables = figures.filter(({ title }) => title !== undefined);
  return [
    ...(values.length === 0
      ? []
      : [
          markdownTable(
            ["Measured", "Value"],
            values.map(({ what, value, unit }) => [what, `${value} ${unit}`.trim()]),
          ),
        ]),
    ...tables.map(({ title, columns, rows }) => `${title}\n\n${markdownTable(columns, rows)}`),
  ].join("\n\n");
}
