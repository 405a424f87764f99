import assert from "node:assert/strict"
import * as fc from "fast-check"
import { readRange } from "../../src/server/byte-range.ts"
import { property, type Target } from "../property.ts"

const number = fc.oneof(fc.nat(20), fc.bigInt({ min: 0n, max: 10n ** 400n })).map(String)
const header = fc.oneof(
  fc
    .tuple(fc.option(number, { nil: "" }), fc.option(number, { nil: "" }))
    .map(([first, last]) => `bytes=${first}-${last}`),
  fc.string().map((text) => `bytes=${text}`),
  fc.constantFrom("bytes=0-1,2-3", "bytes= 0-1", "items=0-1", "bytes=-", "", "bytes=0-1\n", "bytes=٣-"),
  fc.string({ unit: "binary" }),
)
const size = fc.oneof(fc.nat(20), fc.maxSafeNat())

/** RFC 9110, 14.1.2, in exact numbers: the bytes that are asked for and are there; `null` for all of them. */
export function rangeOf(
  header: string,
  size: bigint,
): { readonly start: bigint; readonly end: bigint } | "unsatisfiable" | null {
  const match = /^bytes=([0-9]*)-([0-9]*)$/.exec(header)
  if (match === null || header.endsWith("\n") || header === "bytes=-") return null
  const [first, last] = [match[1] as string, match[2] as string]
  if (first === "") {
    const count = BigInt(last) > size ? size : BigInt(last)
    return count === 0n ? "unsatisfiable" : { start: size - count, end: size - 1n }
  }
  if (last !== "" && BigInt(last) < BigInt(first)) return null
  if (BigInt(first) >= size) return "unsatisfiable"
  return { start: BigInt(first), end: last === "" || BigInt(last) >= size ? size - 1n : BigInt(last) }
}

export const byteRange: Target = {
  name: "byte-range",
  properties: [
    property(
      "any header is the range that the standard says, and never one beyond the file",
      fc.tuple(header, size),
      ([header, size]) => {
        const range = readRange(header, size)
        const exact =
          typeof range === "object" && range !== null ? { start: BigInt(range.start), end: BigInt(range.end) } : range
        // Numbers that no file reaches need not be told apart: any range may be ignored (RFC 9110, 14.2).
        const isReachable = !(header.match(/\d+/g) ?? []).every((digits) => BigInt(digits) > Number.MAX_SAFE_INTEGER)
        if (isReachable || exact instanceof Object) assert.deepEqual(exact, rangeOf(header, BigInt(size)))
        else assert.ok(exact === null || exact === "unsatisfiable")
      },
    ),
  ],
}
