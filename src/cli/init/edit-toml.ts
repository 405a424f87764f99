/**
 * Sets one value in a table of a TOML text and leaves every other line as it is. The value must be new, or stand in a line
 * of its own.
 *
 * @param table the table's name, as a header has it: `app.security`
 * @param value in TOML
 */
export function setInToml(text: string, table: string, key: string, value: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n"
  const lines = text.split(/\r?\n/)
  const header = lines.findIndex((line) =>
    new RegExp(`^\\s*\\[\\s*${table.split(".").join("\\s*\\.\\s*")}\\s*\\]\\s*(?:#.*)?$`).test(line),
  )
  const entry = `${key} = ${value}`
  if (header === -1) {
    const before = text === "" || text.endsWith("\n") ? text : `${text}${end}`
    return `${before}${before === "" ? "" : end}[${table}]${end}${entry}${end}`
  }
  const next = lines.findIndex((line, index) => index > header && /^\s*\[/.test(line))
  const own = lines.findIndex(
    (line, index) => index > header && (next === -1 || index < next) && new RegExp(`^\\s*"?${key}"?\\s*=`).test(line),
  )
  if (own === -1) lines.splice(header + 1, 0, entry)
  else lines[own] = entry
  return lines.join(end)
}
