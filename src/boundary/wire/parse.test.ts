import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { Rejection } from "./errors.ts"
import { HOSTILE_TEXTS } from "./hostile-texts.fixture.ts"
import { exceedsNesting, parseUntrusted } from "./parse.ts"

const NESTING = 256
const ZEROS = { a: [0, 0, 0, { b: 0 }], c: 0, d: -0.5 }
const codeOf = (text: string, nesting: number = NESTING): string | null => {
  try {
    parseUntrusted(text, nesting)
    return null
  } catch (error) {
    assert.ok(error instanceof Rejection, String(error))
    return error.code
  }
}

describe("parseUntrusted", () => {
  for (const [name, text, expected] of [
    ["plain JSON", '{"a":[1,"b",null,true]}', { a: [1, "b", null, true] }],
    ["escapes", '"\\u00e9\\n\\ud83d\\ude00"', "é\n😀"],
    ["a lone surrogate, which JSON.stringify escapes again", '"\\ud800"', "\ud800"],
    ["the largest double", "1.7976931348623157e308", Number.MAX_VALUE],
    ["a number that underflows to zero", "1e-999", 0],
    ["two hundred digits", "9".repeat(200), Number("9".repeat(200))],
    ["brackets in strings", `["${"[{".repeat(1000)}"]`, ["[{".repeat(1000)]],
    [
      "constructor and prototype keys, which are names like any",
      '{"constructor":{"prototype":1}}',
      { constructor: { prototype: 1 } },
    ],
    ["__proto__ as a value", '["__proto__","\\u005f_proto__"]', ["__proto__", "__proto__"]],
    ["a number that underflows to zero from below", "[-1e-999]", [0]],
    ["-0 as 0, which is what JSON carries further", '{"a":[-0,-0.0,-0e5,{"b":-0}],"c":-0,"d":-0.5}', ZEROS],
    ["-0 by itself", "-0", 0],
    ["nulls in lists that are read with care", '[null,"\\u0041"]', [null, "A"]],
  ] as const) {
    test(`reads ${name}`, () => assert.deepEqual<unknown>(parseUntrusted(text, NESTING), expected))
  }

  for (const [name, text, code] of [
    ["1e999", "1e999", "NUMBER_OUT_OF_RANGE"],
    ["-1e999 deep inside", '{"a":[{"b":-1e999}]}', "NUMBER_OUT_OF_RANGE"],
    ["1E+400", "[1E+400]", "NUMBER_OUT_OF_RANGE"],
    ["1.5e309", "1.5e309", "NUMBER_OUT_OF_RANGE"],
    ["an exponent with leading zeros", "1e0000400", "NUMBER_OUT_OF_RANGE"],
    ["a digit run that overflows", "9".repeat(400), "NUMBER_OUT_OF_RANGE"],
    ["a digit run that overflows with a short exponent", `${"9".repeat(250)}e99`, "NUMBER_OUT_OF_RANGE"],
    [
      "a fraction's digits before a short exponent that overflow together",
      `${"9".repeat(250)}.5e60`,
      "NUMBER_OUT_OF_RANGE",
    ],
    ["nothing", "", "NOT_JSON"],
    ["a trailing comma", "[1,]", "NOT_JSON"],
    ["two values", "1 2", "NOT_JSON"],
    ["NaN", "NaN", "NOT_JSON"],
    ["a byte order mark", "\ufeff1", "NOT_JSON"],
    ["a string without end", '"abc', "NOT_JSON"],
    ["a bare control character", '"\u0001"', "NOT_JSON"],
    ["brackets without end, within the limit", "[[[[", "NOT_JSON"],
  ] as const) {
    test(`refuses ${name}: ${code}`, () => assert.equal(codeOf(text), code))
  }

  test("lets no zero through that is negative", () => {
    for (const text of [
      "-0",
      "-0.0",
      "-0E+2",
      "-1e-400",
      "-1E-0400",
      `-0.${"0".repeat(400)}1`,
      `-${"1".repeat(150)}e-999`,
    ])
      for (const [open, close] of [
        ["[", "]"],
        ['{"a":', "}"],
        ['{"a":[{"b":[', "]}]}"],
      ] as const) {
        let value = parseUntrusted(open + text + close, NESTING)
        while (typeof value === "object" && value !== null) [value] = Object.values(value)
        assert.ok(Object.is(value, 0), text)
      }
  })

  test("walks what is nested a hundred thousand levels deep where the limit allows it", () => {
    const text = `${"[".repeat(100_000)}"\\u0041"${"]".repeat(100_000)}`
    assert.ok(Array.isArray(parseUntrusted(text, 100_001)))
  })

  // The regular expression that decides whether to look closely must not be outwitted: every number near the edge.
  test("lets no number through that is not finite", () => {
    for (let digits = 1; digits <= 320; digits++) {
      for (const exponent of ["", "e9", "e99", "E+99", "e100", "e+0309", "e308"]) {
        const text = `${"9".repeat(digits)}${exponent}`
        assert.equal(codeOf(`{"a":${text}}`), Number.isFinite(Number(text)) ? null : "NUMBER_OUT_OF_RANGE", text)
      }
    }
  })

  test("finds what overflows wherever it stands", () => {
    for (let before = 0; before <= 420; before++)
      for (const number of [`${"9".repeat(250)}e99`, "9".repeat(310), "1e309"])
        assert.equal(codeOf(`["${"x".repeat(before)}",${number}]`), "NUMBER_OUT_OF_RANGE", `${before} before ${number}`)
  })

  describe("drops __proto__ keys", () => {
    for (const spelling of ["__proto__", "\\u005f_proto__", "__pr\\u006fto__", "__proto_\\u005F"]) {
      for (const depth of [0, 1, 2, 10, 100]) {
        test(`spelt ${spelling}, ${depth} levels down`, () => {
          const text = `${'{"a":['.repeat(depth)}{"${spelling}":{"polluted":1},"kept":2}${"]}".repeat(depth)}`
          let value = parseUntrusted(text, NESTING)
          for (let level = 0; level < depth; level++) value = (value as { a: unknown[] }).a[0]
          assert.deepEqual(Object.getOwnPropertyNames(value), ["kept"])
          assert.equal((value as { polluted?: unknown }).polluted, undefined)
          assert.equal(Object.getPrototypeOf(value), Object.prototype)
        })
      }
    }

    test("also one with another inside, and two of them", () => {
      assert.deepEqual(parseUntrusted('{"__proto__":{"__proto__":1},"__proto__":2,"a":{"__proto__":null}}', NESTING), {
        a: {},
      })
    })

    test("and changes no prototype", () => {
      parseUntrusted('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}', NESTING)
      assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    })
  })
})

describe("nesting", () => {
  const nested = (levels: number, [open, close]: readonly [string, string]): string =>
    open.repeat(levels) + (open === "[" ? "" : "1") + close.repeat(levels)
  for (const [name, pair] of [
    ["lists", ["[", "]"]],
    ["objects", ['{"a":', "}"]],
  ] as const) {
    test(`of ${name}: reads the limit, refuses one more, and 100,000`, () => {
      assert.equal(codeOf(nested(NESTING, pair)), null)
      assert.equal(codeOf(nested(NESTING + 1, pair)), "NESTING_TOO_DEEP")
      assert.equal(codeOf(nested(100_000, pair)), "NESTING_TOO_DEEP")
      assert.equal(codeOf(nested(3, pair), 3), null)
      assert.equal(codeOf(nested(4, pair), 3), "NESTING_TOO_DEEP")
    })
  }

  for (const [name, text, expected] of [
    ["wide but flat", `[${"[],".repeat(1000)}[]]`, false],
    ["brackets in a string", `["${"[".repeat(1000)}"]`, false],
    ["brackets in a string behind an escaped quote", `["\\"${"[".repeat(1000)}"]`, false],
    ["brackets behind a string that ends in a backslash", `["\\\\",${"[".repeat(10)}${"]".repeat(10)}]`, true],
    [
      "brackets behind a string that ends in three backslashes and a quote",
      `["\\\\\\"",${"[".repeat(10)}${"]".repeat(10)}]`,
      true,
    ],
    ["brackets that close more than they open", `]]]]]]]]]]]]${"[".repeat(14)}`, false],
    ["a text too short", "[[[[", false],
  ] as const) {
    test(`${name}: ${expected ? "too deep" : "not too deep"}`, () => assert.equal(exceedsNesting(text, 4), expected))
  }

  test("is never underrated for what JSON.parse would take", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0
    let seed = 1
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * below)
    }
    const pieces = ["[", "]", "{", "}", '"', "\\", ":", ",", "1", '"a":', '"\\""', '"\\\\"', "[[", "]]", " ", "\u0002"]
    let parsed = 0
    for (let round = 0; round < 200_000; round++) {
      let text = "["
      for (let length = random(14); length > 0; length--) text += pieces[random(pieces.length)]
      text += "]"
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch {
        continue
      }
      parsed++
      for (const limit of [1, 2, 3]) assert.equal(exceedsNesting(text, limit), depthOf(value) > limit, text)
    }
    assert.ok(parsed > 1000, `only ${parsed} texts were JSON`)
  })

  test("is counted in as many steps as the text has characters, or a few times as many, however hostile", (context) => {
    const { charCodeAt, indexOf } = String.prototype
    let steps = 0
    context.mock.method(String.prototype, "charCodeAt", function (this: string, at: number) {
      steps++
      return charCodeAt.call(this, at)
    })
    context.mock.method(String.prototype, "indexOf", function (this: string, part: string, from = 0) {
      const found = indexOf.call(this, part, from)
      steps += (found === -1 ? this.length : found) - from + 1
      return found
    })
    for (const hostile of HOSTILE_TEXTS) {
      const text = hostile.slice(0, 50_000)
      steps = 0
      exceedsNesting(text, NESTING)
      assert.ok(steps >= text.length && steps <= 4 * text.length, `${steps} steps: ${text.slice(0, 10)}…`)
    }
  })
})
