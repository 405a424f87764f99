import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { layOut } from "../../core/core.fixture.ts"
import { payloadMemory } from "../../core/payload-memory.ts"
import { bare } from "../wire/own.ts"
import { withPolluted } from "../wire/polluted.fixture.ts"
import { type ReceivedPayload, readCallPayload } from "./call-payload.ts"

const LIMITS = { jsonBytes: 2000, blobBytes: 100, nesting: 8, bytesInFlight: 1e6 }
const decode = (payload: Uint8Array, limits = LIMITS): ReceivedPayload =>
  readCallPayload(
    payload,
    limits,
    payloadMemory(limits, () => true),
  )
const read = (json: unknown, blobs: readonly Uint8Array[] = [], limits = LIMITS): ReceivedPayload =>
  decode(layOut(json, blobs), limits)
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe("a payload", () => {
  test("may hold nothing, and then is nothing", () => {
    assert.deepEqual(read({}), { calls: [], members: {} })
  })

  test("gives calls as they were sent, and its other members", () => {
    const sent = { calls: [[7, "read", { path: "p" }, { "x-a": "1" }]], logs: [["warn", "text"]], blobs: [] }
    const { calls, members } = read(sent)
    const [call] = calls
    assert.deepEqual(
      { ...call, bytes: 0 },
      {
        id: 7,
        cmd: "read",
        args: { path: "p" },
        headers: bare({ "x-a": "1" }),
        bytes: 0,
        isExcess: false,
        mayHoldChannels: false,
      },
    )
    assert.deepEqual(members, sent)
  })

  test("gives a raw argument as a plain Uint8Array with memory of its own", () => {
    const frame = Buffer.from(
      layOut(
        {
          calls: [
            [1, "a", null, null, 1],
            [2, "b"],
          ],
          blobs: [1, 4],
        },
        [bytes(1), bytes(2, 3, 4, 5)],
      ),
    )
    const args = decode(frame).calls[0]?.args as Uint8Array<ArrayBuffer>
    assert.equal(args.constructor, Uint8Array)
    // A typed array on it, or a worker that it is transferred to, has these bytes and no others.
    assert.deepEqual(new Uint8Array(args.buffer), bytes(2, 3, 4, 5))
    frame.fill(0)
    assert.deepEqual(args, bytes(2, 3, 4, 5))
  })

  test("gives each call its raw argument, whatever their order", () => {
    const { calls } = read(
      {
        calls: [
          [1, "a", null, null, 1],
          [2, "b", null, null, 0],
          [3, "c", { blob: 0 }],
        ],
        blobs: [1, 2],
      },
      [bytes(1), bytes(2, 3)],
    )
    assert.deepEqual(
      calls.map(({ args }) => args),
      [bytes(2, 3), bytes(1), { blob: 0 }],
    )
  })

  test("counts what each call holds of the frame", () => {
    const { calls } = read(
      {
        calls: [
          [1, "a", null, null, 0],
          [2, "b"],
        ],
        blobs: [3],
      },
      [bytes(1, 2, 3)],
    )
    const [raw = 0, plain = 0] = calls.map((call) => call.bytes)
    assert.ok(plain > 500 && raw > plain && raw < plain + 300, `${raw} and ${plain} bytes`)
  })

  test("takes calls without arguments for calls with none", () => {
    assert.deepEqual(
      read({
        calls: [
          [0, "a"],
          [0xffff_ffff, "b", null, null, null],
        ],
      }).calls.map(({ args }) => args),
      [{}, {}],
    )
  })

  for (const args of [0, false, "", [], "text", 7]) {
    test(`leaves arguments as they are: ${JSON.stringify(args)}`, () =>
      assert.deepEqual(read({ calls: [[1, "a", args]] }).calls[0]?.args, args))
  }
})

describe("a polluted prototype", () => {
  const call = [1, "wipe_disk", {}]
  for (const [name, value] of [
    ["calls", [call]],
    ["blobs", [1]],
  ] as const)
    test(`adds no ${name} to a payload without them`, () => {
      const payload = withPolluted({ [name]: value }, () => read({}))
      assert.deepEqual(payload, { calls: [], members: {} })
    })

  for (const [where, prototype] of [
    ["Object", Object.prototype],
    ["Array", Array.prototype],
  ] as const) {
    test(`adds nothing to a call that ends early, by an index of ${where}.prototype`, () => {
      const calls = [
        [1, "a", {}],
        [2, "b", null, null, 0],
      ]
      const payload = withPolluted(
        { 2: { admin: true }, 3: { "x-admin": "1" }, 4: 0 },
        () => read({ calls: [[3, "c"], ...calls], blobs: [1] }, [bytes(7)]),
        prototype,
      )
      assert.deepEqual(
        payload.calls.map(({ args, headers }) => [args, headers]),
        [
          [{}, null],
          [{}, null],
          [bytes(7), null],
        ],
      )
    })

    test(`is no blob that a call names, by an index of ${where}.prototype`, () => {
      assert.throws(
        () =>
          withPolluted(
            { 1: bytes(9) },
            () => read({ calls: [[1, "a", null, null, 1]], blobs: [1] }, [bytes(7)]),
            prototype,
          ),
        /a blob that does not exist/,
      )
    })
  }

  test("changes neither the size of a call nor its headers", () => {
    const calls = [[1, "a", { b: {} }, { "x-a": "1" }]]
    const expected = read({ calls })
    const endless: Record<string, unknown> = {}
    endless.itself = endless
    assert.deepEqual(
      withPolluted({ "x-b": "2", text: "long", endless }, () => read({ calls })),
      expected,
    )
    assert.equal(Object.getPrototypeOf(expected.calls[0]?.headers), null)
  })
})

describe("what no sandbox sends is refused:", () => {
  for (const [name, json, blobs] of [
    ["no JSON", "{", []],
    ["null", "null", []],
    ["a list", "[]", []],
    ["text", '"{}"', []],
    ["an infinite number", '{"calls":[[1,"a",{"n":1e999}]]}', []],
    ["calls that are no list", { calls: {} }, []],
    ["calls that are null", { calls: null }, []],
    ["calls that are text", { calls: "[]" }, []],
    ["a call that is no list", { calls: [{}] }, []],
    ["a call that is null", { calls: [null] }, []],
    ["an empty call", { calls: [[]] }, []],
    ["an id that is text", { calls: [["1", "a"]] }, []],
    ["an id below zero", { calls: [[-1, "a"]] }, []],
    ["an id that is no integer", { calls: [[1.5, "a"]] }, []],
    ["an id of 33 bits", { calls: [[2 ** 32, "a"]] }, []],
    ["an id that is null", { calls: [[null, "a"]] }, []],
    ["a command that is no text", { calls: [[1, 2]] }, []],
    ["a command that is missing", { calls: [[1]] }, []],
    ["headers that are text", { calls: [[1, "a", {}, "x: 1"]] }, []],
    ["headers that are a list", { calls: [[1, "a", {}, ["x"]]] }, []],
    ["a header that is a number", { calls: [[1, "a", {}, { x: 1 }]] }, []],
    ["a header that is an object", { calls: [[1, "a", {}, { x: {} }]] }, []],
    ["a blob that is not there", { calls: [[1, "a", null, null, 0]] }, []],
    ["a blob past the last", { calls: [[1, "a", null, null, 1]], blobs: [1] }, [bytes(1)]],
    ["a blob before the first", { calls: [[1, "a", null, null, -1]], blobs: [1] }, [bytes(1)]],
    ["a blob between two", { calls: [[1, "a", null, null, 0.5]], blobs: [1] }, [bytes(1)]],
    ["a blob by a number as text", { calls: [[1, "a", null, null, "0"]], blobs: [1] }, [bytes(1)]],
    ["a blob named length", { calls: [[1, "a", null, null, "length"]], blobs: [1] }, [bytes(1)]],
    ["a blob named constructor", { calls: [[1, "a", null, null, "constructor"]] }, []],
    ["a blob named by a list", { calls: [[1, "a", null, null, [0]]], blobs: [1] }, [bytes(1)]],
    ["a blob that is true", { calls: [[1, "a", null, null, true]], blobs: [1] }, [bytes(1)]],
    ["more blobs than calls", { calls: [[1, "a", null, null, 0]], blobs: [1, 0] }, [bytes(1)]],
    ["blobs without a call", { blobs: [0] }, []],
    ["blobs that are not in the table", {}, [bytes(1)]],
    ["a table that is an object", { blobs: {} }, []],
    [
      "a table with a negative length",
      {
        calls: [
          [1, "a", null, null, 1],
          [2, "b"],
        ],
        blobs: [-1, 1],
      },
      [],
    ],
  ] as const) {
    test(name, () => assert.throws(() => read(json, blobs)))
  }

  for (const cut of [0, 1, 2, 3, 4, 5, 20]) {
    test(`${cut} bytes of a payload`, () => {
      const whole = layOut({ calls: [[1, "a", {}]] })
      assert.throws(() => decode(whole.subarray(0, cut)))
    })
  }
})

describe("limits", () => {
  test("jsonBytes: reads the limit, refuses one byte more, and counts bytes of UTF-8", () => {
    const text = (size: number): string => `{"calls":[]${" ".repeat(size - 12)}}`
    assert.ok(read(text(2000)))
    assert.throws(() => read(text(2001)), /2000 bytes/)
    assert.throws(() => read(`{"a":"${"é".repeat(1000)}"}`), /2000 bytes/)
    assert.ok(read(text(2001), [], { ...LIMITS, jsonBytes: 2001 }))
  })

  test("blobBytes: reads the limit, refuses one byte more, counts all blobs together", () => {
    const calls = [
      [1, "a", null, null, 0],
      [2, "a", null, null, 1],
    ]
    assert.ok(read({ calls, blobs: [60, 40] }, [new Uint8Array(60), new Uint8Array(40)]))
    assert.throws(() => read({ calls, blobs: [60, 41] }, [new Uint8Array(60), new Uint8Array(41)]), /100 bytes/)
    assert.ok(read({ calls, blobs: [0, 101] }, [new Uint8Array(101)], { ...LIMITS, blobBytes: 101 }))
  })

  test("nesting: arguments as deep as the limit pass, one level more does not", () => {
    const call = (levels: number): string => `{"calls":[[1,"a",${"[".repeat(levels)}${"]".repeat(levels)}]]}`
    assert.ok(read(call(8)))
    assert.throws(() => read(call(9)), { code: "NESTING_TOO_DEEP" })
    assert.ok(read(call(9), [], { ...LIMITS, nesting: 9 }))
  })
})

test("-0 is 0, as the hook has seen it", () => {
  for (const text of ["-0", "-0.0", "-0e1", "-1e-999"]) {
    const [call] = read(`{"calls":[[1,"a",{"b":[${text}]}]]}`).calls
    assert.ok(Object.is((call?.args as { b: unknown[] } | undefined)?.b[0], 0), text)
  }
})

describe("__proto__ keys", () => {
  for (const key of ["__proto__", "\\u005f_proto__"]) {
    for (const [place, json] of [
      ["in the payload", `{"__proto__":{"polluted":1},"calls":[[1,"a",{"b":1}]]}`],
      ["in the arguments", `{"calls":[[1,"a",{"${key}":{"polluted":1},"b":1}]]}`],
      ["deep in the arguments", `{"calls":[[1,"a",{"b":[{"${key}":{"polluted":1}}]}]]}`],
      ["in the headers", `{"calls":[[1,"a",{"b":1},{"${key}":"polluted"}]]}`],
    ] as const) {
      test(`${key} ${place} are gone`, () => {
        const payload = read(json)
        assert.ok(!JSON.stringify(payload).includes("polluted"))
        assert.equal((payload.calls[0] as unknown as { polluted?: unknown }).polluted, undefined)
        assert.equal(Object.getPrototypeOf(payload.calls[0]?.args), Object.prototype)
      })
    }
  }
})
