/** ToolsUtils#prettyPrintTable: every cell, the last one too, is padded to its column's width and followed by a tab. */
export function prettyTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  return [head, ...rows].map((row) => row.map((cell, i) => `${cell.padEnd(widths[i]!)}\t`).join(''))
}
