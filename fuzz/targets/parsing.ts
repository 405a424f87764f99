import assert from "node:assert/strict"
import * as fc from "fast-check"
import { Rejection } from "../../src/boundary/wire/errors.ts"
import { exceedsNesting, parseUntrusted } from "../../src/boundary/wire/parse.ts"
import { measureJson } from "../../src/core/json-size.ts"
import { property, type Target } from "../property.ts"
import { jsonValue } from "../values.ts"

/** Text that is nearly JSON: pieces that mean something to a parser, in any order. */
const nearlyJson = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'[]{},:"\\ \n\t\u0002\u000b',
        "null",
        "true",
        "1",
        "-0",
        "1e308",
        "1e309",
        "-1e400",
        "1E+0999",
        "9".repeat(200),
        `${"9".repeat(320)}.5`,
        '"__proto__"',
        '"__pr\\u006fto__":1',
        '"\\u005f_proto__"',
        '\\"',
        '"a":',
        "\\u0022",
        "\ud800",
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(""))

/** JSON with a number that overflows and a key that is left out where there may be one, and white space. */
const tricky = fc
  .tuple(
    jsonValue,
    fc.constantFrom("1e309", "-1e309", "9".repeat(310), "1", "1e30", `1${"0".repeat(199)}e109`),
    fc.constantFrom("__proto__", "\\u005f_proto__", "a"),
    fc.constantFrom(undefined, 1, " \n"),
  )
  .map(([value, number, key, space]) => `[${JSON.stringify(value, null, space)},{"${key}":${number}}]`)

const text = fc.oneof(
  nearlyJson,
  tricky,
  jsonValue.map((value) => JSON.stringify(value)),
  fc.string({ unit: "binary" }),
)
const limit = fc.nat(6)

/** What `parseUntrusted` promises, told as simply as can be: a value, or the code of a `Rejection`. */
function reference(text: string, nesting: number): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return "NOT_JSON"
  }
  if (depthOf(value) > nesting) return "NESTING_TOO_DEEP"
  return hasInfinity(value) ? "NUMBER_OUT_OF_RANGE" : { value: withoutProto(value) }
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

function hasInfinity(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value)
  return typeof value === "object" && value !== null && Object.values(value).some(hasInfinity)
}

function withoutProto(value: unknown): unknown {
  // Both zeros are equal, and JSON carries one.
  if (value === 0) return 0
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(withoutProto)
  const entries = Object.entries(value).filter(([key]) => key !== "__proto__")
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutProto(inner)]))
}

export const parsing: Target = {
  name: "parsing",
  properties: [
    property(
      "any text is a value without __proto__ and infinity, or has the code of what is wrong with it",
      fc.tuple(text, limit),
      ([text, nesting]) => {
        const expected = reference(text, nesting)
        let result: unknown
        try {
          result = { value: parseUntrusted(text, nesting) }
        } catch (error) {
          assert.ok(error instanceof Rejection)
          result = error.code
        }
        // Of two things that are wrong, either may be told: brackets are counted before anything is parsed.
        if (typeof expected === "string" && expected !== "NESTING_TOO_DEEP") assert.ok(typeof result === "string")
        else assert.deepEqual(result, expected)
        if (expected !== "NOT_JSON") assert.deepEqual(result, expected)
      },
    ),
    property(
      "JSON exceeds a nesting exactly when its value is nested deeper",
      fc.tuple(text, limit),
      ([text, nesting]) => {
        let value: unknown
        try {
          value = JSON.parse(text)
        } catch {
          return void exceedsNesting(text, nesting)
        }
        assert.equal(exceedsNesting(text, nesting), depthOf(value) > nesting)
        assert.equal(measureJson(new TextEncoder().encode(text), nesting) === null, depthOf(value) > nesting)
      },
    ),
  ],
}
