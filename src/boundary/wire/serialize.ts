/**
 * Turns arguments into JSON as Tauri does: a `Map` becomes an object, bytes inside JSON become lists of numbers, and methods
 * `__TAURI_TO_IPC_KEY__` are called.
 *
 * Promises to read each property once. Stops P15: a getter or a proxy that gives one value to a check and another to the text.
 */
import { bare } from "./own.ts"

/** Method by which a value says how it wants to be sent: Tauri's `SERIALIZE_TO_IPC_FN`. Channels have one. */
const TO_IPC = "__TAURI_TO_IPC_KEY__"

type Members = Record<string, unknown>

/**
 * Returns arguments as JSON; `undefined` at the top is `null`. Throws what `JSON.stringify` throws (a cycle, a BigInt) and whatever a
 * getter or `toJSON` throws.
 *
 * Copies first, because `JSON.stringify` with a replacer reads twice: the replacer looks at what is read again afterwards.
 */
export function serialize(value: unknown): string {
  return JSON.stringify(copyOf(value, "", [])) ?? "null"
}

/**
 * Copies a value as it wants to be sent.
 *
 * @param holders the objects around it, to find cycles
 */
function copyOf(value: unknown, name: string, holders: object[]): unknown {
  if (value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "bigint"))
    return value
  // Before `toJSON`, which Node's `Buffer` has.
  if (value instanceof Uint8Array) return Array.from(value)
  const { toJSON } = value as Members
  const json: unknown = typeof toJSON === "function" ? toJSON.call(value, name) : value
  if (json === null || typeof json !== "object") return typeof json === "function" ? undefined : json
  if (json instanceof Map) return copyInside(Object.fromEntries(json), {}, holders)
  if (json instanceof Uint8Array || json instanceof ArrayBuffer) return Array.from(new Uint8Array(json))
  const toIpc = (json as Members)[TO_IPC]
  const sent: unknown = typeof toIpc === "function" ? toIpc.call(json) : json
  if (sent === null || typeof sent !== "object") return typeof sent === "function" ? undefined : sent
  if (sent !== json) return copyInside(sent, {}, holders)
  return copyInside(sent, sent === value ? { toJSON, [TO_IPC]: toIpc } : { [TO_IPC]: toIpc }, holders)
}

/** @param known members that have been read already: a method may also be one of the object's own properties */
function copyInside(value: object, known: Members, holders: object[]): unknown {
  // Out of its box, as `JSON.stringify` takes it, which would read the `toJSON` of the box a second time.
  if (value instanceof Number) return Number(value)
  if (value instanceof String) return String(value)
  if (value instanceof Boolean) return Boolean.prototype.valueOf.call(value)
  if (holders.includes(value)) throw new TypeError("an object is inside itself")
  holders.push(value)
  const copy = Array.isArray(value)
    ? Array.from({ length: value.length }, (_, index) => copyOf(value[index], `${index}`, holders))
    : copyNames(value as Members, known, holders)
  holders.pop()
  return copy
}

function copyNames(object: Members, known: Members, holders: object[]): Members {
  // Without a prototype, so that `JSON.stringify` finds no `toJSON` there.
  const copy: Members = bare({})
  for (const name of Object.keys(object)) {
    const value = copyOf(Object.hasOwn(known, name) ? known[name] : object[name], name, holders)
    // Not assigned: `__proto__` is a name like any other, and "999" must not make room for the 999 before it.
    Object.defineProperty(copy, name, bare({ value, enumerable: true }))
  }
  return copy
}

/** Returns the bytes of a raw argument or result (an `ArrayBuffer` or any view of one), or `null` for anything else. */
export function rawBytes(value: unknown): Uint8Array | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return null
}
