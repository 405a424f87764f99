/** A table: its first column to the left, the others to the right. Legible as it is, too. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((cell, column) =>
    Math.max(3, ...[header, ...rows].map((row) => (row[column] ?? cell).length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? "", width, column)).join(" | ")} |`
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`))
  return [line(header), line(rule), ...rows.map(line)]
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

/**
 * A document with a section put into it, in the place of the one that a run has put there before, between two comments with its
 * name; at the end where there was none.
 */
export function withSection(document: string, name: string, lines: readonly string[]): string {
  const [start, end] = [`<!-- ${name}: made by the bench -->`, `<!-- end of ${name} -->`]
  const section = [start, "", ...lines, "", end].join("\n")
  const [from, to] = [document.indexOf(start), document.indexOf(end)]
  if (from === -1 || to < from) return `${document.trimEnd()}\n\n${section}\n`
  return document.slice(0, from) + section + document.slice(to + end.length)
}
