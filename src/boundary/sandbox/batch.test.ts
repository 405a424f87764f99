import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { bare } from "../wire/own.ts"
import { withPolluted } from "../wire/polluted.fixture.ts"
import { type CallRequest, readBatch } from "./batch.ts"

const buffer = (...bytes: number[]): ArrayBuffer => Uint8Array.from(bytes).buffer
/** What became of a batch: calls, and refusals as `[id, cmd, code]`. */
function read(batch: unknown, blobs: ArrayBuffer[] = [], nesting = 8): { calls: CallRequest[]; refused: unknown[] } {
  const refused: unknown[] = []
  const text =
    typeof batch === "string" ? batch : `[${(batch as unknown[]).map((call) => JSON.stringify(call)).join(",\n")}]`
  return { calls: readBatch(text, blobs, nesting, ({ id, cmd }, { code }) => refused.push([id, cmd, code])), refused }
}

describe("a batch", () => {
  test("gives its calls, headers in lower case, each with its raw argument", () => {
    const blobs = [buffer(1), buffer(2)]
    const { calls, refused } = read(
      [
        [1, "a", { b: 1 }, { "X-C": "d" }],
        [2, "e", null, null, 1],
        [3, "f", null, null, 0],
        [4, "g"],
      ],
      blobs,
    )
    assert.deepEqual(calls, [
      { id: 1, cmd: "a", args: { b: 1 }, headers: bare({ "x-c": "d" }) },
      { id: 2, cmd: "e", args: buffer(2), headers: null },
      { id: 3, cmd: "f", args: buffer(1), headers: null },
      { id: 4, cmd: "g", args: {}, headers: null },
    ])
    assert.deepEqual(refused, [])
  })

  test("gives a raw argument to one call alone: what one hook writes into it must not change what another has passed", () => {
    const [bytes] = [buffer(1)]
    const { calls } = read(
      [
        [1, "a", null, null, 0],
        [2, "b", null, null, 0],
      ],
      [bytes as ArrayBuffer],
    )
    assert.deepEqual(calls, [
      { id: 1, cmd: "a", args: bytes, headers: null },
      { id: 2, cmd: "b", args: {}, headers: null },
    ])
  })

  test("reads each line by itself, wherever it ends: one that is no call takes no other along", () => {
    const { calls, refused } = read('[[1,"a",\n{"b":1}],[2,"c",{}],\n[3,"d",{}],\n[4,"e",{"f":[1,\n2]}]]')
    assert.deepEqual([calls.map(({ id }) => id), refused.length], [[3], 4])
  })

  test("drops __proto__ keys before the hook can see them", () => {
    const { calls } = read('[[1,"a",{"__proto__":{"admin":true},"b":[{"\\u005f_proto__":1}]},{"__proto__":"c"}]]')
    assert.deepEqual(Object.getOwnPropertyNames(calls[0]?.args), ["b"])
    assert.equal(Object.getPrototypeOf(calls[0]?.args), Object.prototype)
    assert.ok(!JSON.stringify(calls).includes("proto"))
  })
})

describe("a polluted prototype", () => {
  for (const prototype of [Object.prototype, Array.prototype])
    test(`adds nothing to a batch, by an index: ${prototype.constructor.name}`, () => {
      const calls = withPolluted(
        { 2: { admin: true }, 3: { "x-admin": "1" }, 4: 0 },
        () => read('[[1,"a"],\n[2,"b",null,null,2]]', [buffer(1)]).calls,
        prototype,
      )
      assert.deepEqual(
        calls.map(({ args, headers }) => [args, headers]),
        [
          [{}, null],
          [{}, null],
        ],
      )
    })
})

describe("-0, which JSON carries no further,", () => {
  for (const text of ["-0", "-0.0", "-0e1", "-1e-999"])
    test(`is 0 to the hook, and in what is sealed: ${text}`, () => {
      const [call] = read(`[[1,"a",{"b":[${text}]}]]`).calls
      assert.ok(Object.is((call?.args as { b: unknown[] } | undefined)?.b[0], 0))
    })
})

describe("what is no call is left out:", () => {
  for (const [name, tuple] of [
    ["null", null],
    ["an object", { id: 1 }],
    ["nothing in it", []],
    ["an id that is text", ["1", "a"]],
    ["an id that is null", [null, "a"]],
    ["an id below zero", [-1, "a"]],
    ["an id that is no integer", [0.5, "a"]],
    ["an id of 33 bits", [2 ** 32, "a"]],
    ["a command that is a number", [1, 2]],
    ["no command", [1]],
  ] as const) {
    test(name, () => {
      assert.deepEqual(
        read([tuple, [7, "good"]]).calls.map(({ id }) => id),
        [7],
      )
    })
  }
  for (const text of ["null", "{}", '"text"', "7", "true"])
    test(`a batch that is ${text}`, () => assert.deepEqual(read(text), { calls: [], refused: [] }))
})

describe("a raw argument is named by its index alone", () => {
  for (const blob of ["length", "__proto__", "constructor", "map", "0", [0], true, -1, 0.5, 1, 1e300, {}]) {
    test(`not by ${JSON.stringify(blob)}`, () => {
      const { calls } = read([[1, "a", { b: 1 }, null, blob]], [buffer(1)])
      assert.deepEqual(
        calls.map(({ args }) => args),
        [{ b: 1 }],
      )
    })
  }
})

describe("a call that cannot be taken is refused by itself", () => {
  const lines = (...calls: string[]): string => `[${calls.join(",\n")}]`
  for (const [name, line, code] of [
    ["an infinite number", '[5,"a",{"n":1e999}]', "NUMBER_OUT_OF_RANGE"],
    ["deep nesting", `[5,"a",${"[".repeat(9)}${"]".repeat(9)}]`, "NESTING_TOO_DEEP"],
    ["no JSON", '[5,"a",{]', "NOT_JSON"],
  ] as const) {
    test(`${name}: ${code}`, () => {
      const { calls, refused } = read(lines('[1,"first",{"text":"a,\\nb"}]', line, '[2,"last",{}]'))
      assert.deepEqual(
        calls.map(({ id }) => id),
        [1, 2],
      )
      assert.deepEqual(refused, [[5, "", code]])
    })
  }

  test("headers that are none: HEADERS_INVALID, before the hook sees them", () => {
    const { calls, refused } = read([
      [1, "a", {}, { "a b": "c" }],
      [2, "b", {}, "text"],
      // JSON drops it from a record, so that the Core would not get what the hook has seen.
      [4, "d", {}, [["__proto__", "e"]]],
      [3, "c"],
    ])
    assert.deepEqual(
      calls.map(({ id }) => id),
      [3],
    )
    assert.deepEqual(refused, [
      [1, "a", "HEADERS_INVALID"],
      [2, "b", "HEADERS_INVALID"],
      [4, "d", "HEADERS_INVALID"],
    ])
  })

  test("nesting: as deep as the limit passes", () => {
    assert.equal(read(`[[1,"a",${"[".repeat(8)}${"]".repeat(8)}]]`).calls.length, 1)
  })

  test("noise is never an exception", () => {
    for (const text of ["", "[", "]", "[[", "\u0000", "[,\n,\n]", `[${"[".repeat(100_000)}`, "[[1,\n2],\n[3"])
      read(text)
  })
})
