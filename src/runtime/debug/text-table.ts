const GAP = '   ';

/** Lines of columns, each as wide as its widest cell, as kubectl prints tables. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column])).join(GAP).trimEnd()}\n`).join('');
}
