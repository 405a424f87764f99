import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { rawBytes, serialize } from "./serialize.ts"

const TO_IPC = "__TAURI_TO_IPC_KEY__"

function count<Key>(counts: Map<Key, number>, key: Key): string {
  counts.set(key, (counts.get(key) ?? 0) + 1)
  return `time ${counts.get(key)}`
}

class Channel {
  __TAURI_TO_IPC_KEY__(): string {
    return "__CHANNEL__:7"
  }
}
class Point {
  x = 1
}

describe("serialize", () => {
  for (const [name, value, expected] of [
    ["undefined", undefined, "null"],
    ["a function", () => 1, "null"],
    ["a symbol", Symbol("s"), "null"],
    ["null", null, "null"],
    ["text", 'a"\u2028', '"a\\"\u2028"'],
    ["a lone surrogate, escaped", "\ud800", '"\\ud800"'],
    ["NaN and infinities, as JSON does", [Number.NaN, Number.POSITIVE_INFINITY], "[null,null]"],
    ["undefined properties, left out", { a: undefined, b: [undefined] }, '{"b":[null]}'],
    ["functions among the properties, left out", { a: () => 1, b: 1 }, '{"b":1}'],
    ["numbers, texts and truths in boxes", [Object(1), Object("a"), Object(false)], '[1,"a",false]'],
    ["a date", { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ["a Map", new Map<string, unknown>([["a", new Map([["b", 1]])]]), '{"a":{"b":1}}'],
    ["a Map with a key __proto__, which changes no prototype", new Map([["__proto__", 1]]), '{"__proto__":1}'],
    ["a Uint8Array inside", { bytes: Uint8Array.of(1, 255) }, '{"bytes":[1,255]}'],
    ["a Node Buffer inside", { bytes: Buffer.from([1, 255]) }, '{"bytes":[1,255]}'],
    ["a Node Buffer in a list", [Buffer.from([1, 255])], "[[1,255]]"],
    [
      "a method __TAURI_TO_IPC_KEY__ that is not enumerable",
      [Object.defineProperty({ a: 1 }, "__TAURI_TO_IPC_KEY__", { value: () => 2 })],
      "[2]",
    ],
    ["what only looks like a Node Buffer", { a: { type: "Buffer", data: [1] } }, '{"a":{"type":"Buffer","data":[1]}}'],
    ["an ArrayBuffer inside", [Uint8Array.of(1, 255).buffer], "[[1,255]]"],
    ["a channel", { onEvent: new Channel() }, '{"onEvent":"__CHANNEL__:7"}'],
    ["a channel in a Map in a list", [new Map([["c", new Channel()]])], '[{"c":"__CHANNEL__:7"}]'],
    ["a class's own properties", new Point(), '{"x":1}'],
    ["an object without prototype", Object.assign(Object.create(null), { a: new Map() }), '{"a":{}}'],
    ["a toJSON of the object's own", { toJSON: () => 5 }, "5"],
    ["toJSON that is no function", { toJSON: 5 }, '{"toJSON":5}'],
    ["a property __TAURI_TO_IPC_KEY__ that is no function", { __TAURI_TO_IPC_KEY__: 1 }, '{"__TAURI_TO_IPC_KEY__":1}'],
    ["a Map deeper than eight levels", [[[[[[[[[[new Map([["a", 1]])]]]]]]]]]], '[[[[[[[[[[{"a":1}]]]]]]]]]]'],
  ] as const) {
    test(`gives ${name}: ${expected}`, () => assert.equal(serialize(value), expected))
  }

  for (const [name, make] of [
    ["of an object", (get) => get("a", "b")],
    ["inside objects and lists", (get) => ({ list: [get("a"), { inner: get("b") }] })],
    ["deeper than eight levels", (get) => [[[[[[[[[[get("a")]]]]]]]]]]],
    ["beside what has to be replaced", (get) => ({ bytes: Uint8Array.of(1), map: new Map([["m", get("a")]]) })],
    ["called type, data, toJSON and __TAURI_TO_IPC_KEY__", (get) => get("type", "data", "toJSON", TO_IPC)],
    ["of what toJSON gives", (get) => ({ toJSON: () => get("a", "toJSON", TO_IPC) })],
    ["of what __TAURI_TO_IPC_KEY__ gives", (get) => ({ [TO_IPC]: () => get("a", "toJSON", TO_IPC) })],
  ] as const satisfies [string, (get: (...names: string[]) => object) => unknown][])
    test(`asks each getter once, and sends what it gave: those ${name}`, () => {
      const asked = new Map<string, number>()
      // The second answer would be another one.
      const get = (...names: string[]): object =>
        Object.defineProperties(
          {},
          Object.fromEntries(
            names.map((name) => [name, { enumerable: true, get: () => count(asked, `${name}${names.length}`) }]),
          ),
        )
      const text = serialize(make(get))
      assert.deepEqual(new Set(asked.values()), new Set([1]))
      assert.doesNotMatch(text, /"time [^1]/)
      assert.match(text, /"time 1"/)
    })

  for (const box of [new Number(1), new String("a"), new Boolean(true)])
    test(`asks a ${box.constructor.name} in a box for its toJSON once`, () => {
      let asked = 0
      Object.defineProperty(box, "toJSON", { get: () => (asked++ === 0 ? undefined : () => "another") })
      assert.equal(serialize([box]), JSON.stringify([box.valueOf()]))
      assert.equal(asked, 1)
    })

  test("asks a proxy for each of its properties once", () => {
    const asked = new Map<PropertyKey, number>()
    const get = (target: object, name: PropertyKey): unknown => {
      count(asked, name)
      return Reflect.get(target, name)
    }
    const value = new Proxy({ a: 1, type: "Buffer", toJSON: 2, list: new Proxy(["x"], { get }) }, { get })
    assert.equal(serialize({ value }), '{"value":{"a":1,"type":"Buffer","toJSON":2,"list":["x"]}}')
    // Of both: how they want to be sent.
    assert.deepEqual([asked.get("toJSON"), asked.get(TO_IPC)], [2, 2])
    for (const name of ["a", "type", "list", "length", "0"]) assert.equal(asked.get(name), 1, name)
  })

  for (const [name, make] of [
    [
      "a cycle",
      () => {
        const a: unknown[] = []
        a.push(a)
        return a
      },
    ],
    ["a BigInt", () => ({ a: 1n })],
    [
      "a getter that throws",
      () => ({
        get a() {
          throw new Error("no")
        },
      }),
    ],
    [
      "toJSON that throws",
      () => ({
        toJSON() {
          throw new Error("no")
        },
      }),
    ],
  ] as const) {
    test(`throws for ${name}`, () => assert.throws(() => serialize(make())))
  }
})

describe("rawBytes", () => {
  const buffer = Uint8Array.of(1, 2, 3, 4).buffer
  for (const [name, value, expected] of [
    ["an ArrayBuffer", buffer, [1, 2, 3, 4]],
    ["a Uint8Array on a part", new Uint8Array(buffer, 1, 2), [2, 3]],
    ["a DataView on a part", new DataView(buffer, 2), [3, 4]],
    ["a Uint16Array, byte by byte", new Uint16Array(buffer, 2, 1), [3, 4]],
    ["an empty buffer", new ArrayBuffer(0), []],
    ["a Node Buffer", Buffer.from([9]), [9]],
  ] as const) {
    test(`gives the bytes of ${name}`, () => assert.deepEqual([...(rawBytes(value) ?? [-1])], expected))
  }

  for (const [name, value] of [
    ["a list of numbers", [1, 2]],
    ["text", "ab"],
    ["null", null],
    ["undefined", undefined],
    ["an object that looks like a view", { buffer, byteOffset: 0, byteLength: 4 }],
    ["what an ArrayBuffer leaves in JSON", {}],
  ] as const) {
    test(`takes no bytes for ${name}`, () => assert.equal(rawBytes(value), null))
  }
})
