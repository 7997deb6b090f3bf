/** Rows below a heading, each column as wide as its longest cell; the last one is cut where the terminal ends. */
export function renderTable(rows: readonly (readonly string[])[], columns: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => {
    const line = row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
    return line.length > columns ? `${line.slice(0, Math.max(1, columns - 1))}…` : line.trimEnd();
  });
}
