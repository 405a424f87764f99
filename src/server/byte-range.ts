/** Offsets of the first and the last byte. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a `Range` header for `size` bytes (RFC 9110, 14.1.2). `null`, the whole, for what is not understood, as it says
 * there, and for several ranges.
 */
export function readRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? []
  if (first === "" && last === "") return null
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1)
  return start <= end ? { start, end } : "unsatisfiable"
}
