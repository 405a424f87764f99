/** What a `Refresh` header says. */
export interface Refresh {
  /** In seconds, as digits. */
  readonly time: string
  /** Empty for the document itself. */
  readonly url: string
}

/**
 * Reads a `Refresh` header as browsers do (HTML, 4.2.5.3, "shared declarative refresh steps"): `5`, `0; url=/x`, `0,'/x'`, `0 /x`.
 *
 * @returns `null` for one that browsers ignore
 */
export function readRefresh(header: string): Refresh | null {
  const [, digits = "", dot, separated, rest = ""] =
    /^[\t\n\f\r ]*(\d*)(\.[\d.]*)?([\t\n\f\r ]*[;,]|[\t\n\f\r ])?(.*)$/s.exec(header) ?? []
  if (digits === "" && dot === undefined) return null
  if (separated === undefined && rest !== "") return null
  const time = digits === "" ? "0" : digits
  const [, quote, text = ""] = /^[\t\n\f\r ]*(?:url[\t\n\f\r ]*=[\t\n\f\r ]*)?(["'])?(.*)$/is.exec(rest) ?? []
  const url = quote === undefined ? text : (text.split(quote, 1)[0] ?? "")
  return { time, url: url.trim() }
}
