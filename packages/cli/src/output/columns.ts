/** Blanks between two columns. */
const GAP = '   ';

/** Lines of a table whose columns line up; the first row is the head. */
export function alignColumns(rows: readonly (readonly string[])[], gap = GAP): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}
