import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { bare } from "../boundary/wire/own.ts"
import { withPolluted } from "../boundary/wire/polluted.fixture.ts"
import { readCallPayload } from "./call-payload.ts"
import { layOut } from "./core.fixture.ts"

const LIMITS = { jsonBytes: 2000, blobBytes: 100, nesting: 8, bytesInFlight: 1e6 }
const read = (json: unknown, blobs: readonly Uint8Array[] = [], limits = LIMITS): ReturnType<typeof readCallPayload> =>
  readCallPayload(layOut(json, blobs), limits)
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe("a payload", () => {
  test("may hold nothing, and then is nothing", () => {
    assert.deepEqual(read({}), { hook: null, calls: [], refused: [], logs: [] })
  })

  test("gives calls, refusals, lines and the hook's state as they were sent", () => {
    const { hook, calls, refused, logs } = read({
      hook: "function",
      calls: [[7, "read", { path: "p" }, { "x-a": "1" }]],
      refused: [[8, "delete", "HOOK_REFUSED", "no"]],
      logs: [["warn", "text"]],
      blobs: [],
    })
    assert.equal(hook, "function")
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
    assert.deepEqual(refused, [[8, "delete", "HOOK_REFUSED", "no"]])
    assert.deepEqual(logs, [["warn", "text"]])
  })

  test("takes a refusal of what had no id: a line that the sandbox could not read", () => {
    assert.deepEqual(read({ refused: [[null, "", "NOT_JSON", ""]] }).refused, [[null, "", "NOT_JSON", ""]])
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
    const args = readCallPayload(frame, LIMITS).calls[0]?.args as Uint8Array<ArrayBuffer>
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
    ["hook", "null"],
    ["refused", [[1, "rm", "HOOK_REFUSED", ""]]],
    ["logs", [["warn", "text"]]],
    ["blobs", [1]],
  ] as const)
    test(`adds no ${name} to a payload without them`, () => {
      const payload = withPolluted({ [name]: value }, () => read({}))
      assert.deepEqual(payload, { hook: null, calls: [], refused: [], logs: [] })
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
        /a blob that is not there/,
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
    ["a refusal that is no list", { refused: ["a"] }, []],
    ["a refusal with nothing in it", { refused: [[]] }, []],
    ["a refusal that ends too early", { refused: [[1, "rm", "HOOK_REFUSED"]] }, []],
    ["a refusal with an id that is text", { refused: [["1", "rm", "HOOK_REFUSED", ""]] }, []],
    ["a refusal with a command that is no text", { refused: [[1, 2, "HOOK_REFUSED", ""]] }, []],
    ["a line with a level that is no text", { logs: [[1, "text"]] }, []],
    ["a line with nothing in it", { logs: [[]] }, []],
    ["a line without its text", { logs: [["log"]] }, []],
    ["a line with a level that there is not", { logs: [["fatal", "text"]] }, []],
    ["a state of the hook that there is not", { hook: "safe" }, []],
    ["a state of the hook that is a list", { hook: ["function"] }, []],
    ["a state of the hook that every object has", { hook: "constructor" }, []],
    ["a line that is no text", { logs: [["log", {}]] }, []],
    ["lines that are no list", { logs: "text" }, []],
  ] as const) {
    test(name, () => assert.throws(() => read(json, blobs)))
  }

  for (const cut of [0, 1, 2, 3, 4, 5, 20]) {
    test(`${cut} bytes of a payload`, () => {
      const whole = layOut({ calls: [[1, "a", {}]] })
      assert.throws(() => readCallPayload(whole.subarray(0, cut), LIMITS))
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
    assert.throws(() => read(call(9)), /NESTING_TOO_DEEP/)
    assert.ok(read(call(9), [], { ...LIMITS, nesting: 9 }))
  })
})

test("-0 is 0, as the hook has seen it", () => {
  for (const text of ["-0", "-0.0", "-0e1", "-1e-999"]) {
    const [call] = read(`{"calls":[[1,"a",{"b":[${text}]}]]}`).calls
    assert.ok(Object.is((call?.args as { b: unknown[] } | undefined)?.b[0], 0), text)
  }
})

describe("a call that its window has no memory for", () => {
  const LARGE = "x".repeat(500)
  const take = (json: unknown, blobs: readonly Uint8Array[], memory: number): ReturnType<typeof readCallPayload> => {
    let left = memory
    return readCallPayload(layOut(json, blobs), LIMITS, (bytes) => {
      if (bytes > left) return false
      left -= bytes
      return true
    })
  }
  const shown = ({ calls }: ReturnType<typeof readCallPayload>): unknown[] =>
    calls.map(({ id, cmd, args, bytes, isExcess }) => [id, cmd, args, isExcess ? bytes : bytes > 0])

  test("has its id and its command, and no arguments; those around it have theirs", () => {
    const calls = [
      [1, "a", { b: 1 }],
      [2, 'c"[\\', LARGE],
      [3, "d", [2]],
    ]
    assert.deepEqual(shown(take({ calls, refused: [[4, "e", "NOT_JSON", ""]] }, [], 1976)), [
      [1, "a", { b: 1 }, true],
      [2, 'c"[\\', null, 0],
      [3, "d", [2], true],
    ])
  })

  test("is counted before it is parsed", () => {
    // What follows the command is no JSON, and nothing looks at it.
    const { calls } = take(`{"calls":[[ 1 , "a" ,nonsense "${LARGE}"],[2,"b"]]}`, [], 1188)
    assert.deepEqual(shown({ calls } as never), [
      [1, "a", null, 0],
      [2, "b", {}, true],
    ])
  })

  test("may have one for its JSON and none for its raw argument: then it gives back what it holds", () => {
    const calls = [[1, "a", null, null, 0]]
    const [call] = take({ calls, blobs: [100] }, [new Uint8Array(100)], 738).calls
    assert.deepEqual([call?.args, call?.isExcess], [null, true])
    assert.ok((call?.bytes ?? 0) > 500)
    assert.equal(take({ calls, blobs: [100] }, [new Uint8Array(100)], 1088).calls[0]?.isExcess, false)
  })

  test("counts a raw argument for each call that names it", () => {
    const calls = Array.from({ length: 5 }, (_, id) => [id, "a", null, null, 0])
    const taken = take({ calls, blobs: [100] }, [new Uint8Array(100)], 1e6).calls
    assert.equal(new Set(taken.map(({ args }) => (args as Uint8Array).buffer)).size, 5)
    for (const { bytes } of taken) assert.ok(bytes > 600)
  })

  test("is refused with its payload when it does not begin as calls do", () => {
    for (const tuple of [`{"0":1,"1":"${LARGE}"}`, `["${LARGE}"]`, `[1,["${LARGE}"]]`, `"${LARGE}"`])
      assert.throws(() => take(`{"calls":[${tuple}]}`, [], 100), TypeError)
  })
})

test("counts texts that may become channels, in a payload that names one", () => {
  const bytesOf = (args: unknown): number => read({ calls: [[1, "a", args]] }).calls[0]?.bytes ?? 0
  const channels = Array.from({ length: 20 }, (_, id) => `__CHANNEL__:${id}`)
  assert.ok(bytesOf(channels) > 20_000)
  assert.ok(bytesOf(channels.map((text) => text.replace("C", "c"))) < 5000)
})

test("refuses a payload that has more besides its calls than the window may hold", () => {
  const refused = Array.from({ length: 20 }, () => [1, "a", "NOT_JSON", ""])
  assert.ok(read({ refused }))
  assert.throws(() => read({ refused }, [], { ...LIMITS, bytesInFlight: 1000 }), /1000 bytes/)
})

describe("__proto__ keys", () => {
  test("a name of the payload's own that is written with an escape is refused, because it hides which list has the calls", () => {
    for (const json of ['{"\\u005f_proto__":{"polluted":1}}', '{"\\u0063alls":[]}'])
      assert.throws(() => read(json), /without escapes/)
  })

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
