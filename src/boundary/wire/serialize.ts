/** Method by which a value says how it wants to be sent: Tauri's `SERIALIZE_TO_IPC_FN`. Channels have one. */
const TO_IPC = "__TAURI_TO_IPC_KEY__"

/** Says that a property has not been read yet. */
const UNREAD = Symbol("unread")

/**
 * Arguments as JSON, the way Tauri does it: a `Map` becomes an object, bytes inside JSON become arrays of numbers, and
 * `__TAURI_TO_IPC_KEY__` methods are asked. `undefined` at the top is `null`. Throws what `JSON.stringify` throws (a
 * cycle, a BigInt) and whatever a getter or `toJSON` throws. Reads each property once, see `copyOf`.
 */
export function serialize(value: unknown): string {
  return JSON.stringify(copyOf(value, "", [])) ?? "null"
}

/** A call without headers and raw bytes, `[id, cmd, args]`, written at once: a text put together from others is copied once more when it is sent. */
export function serializeCall(id: number, cmd: string, args: unknown): string {
  return JSON.stringify([id, cmd, copyOf(args, "", [])])
}

/** Holds copied properties. Inherits nothing, so that `__proto__` is a name like any other. */
class Copy {
  [name: string]: unknown
}
Object.setPrototypeOf(Copy.prototype, null)

/**
 * Copies a value into what JSON can hold, and reads each property once on the way. `JSON.stringify` with a replacer cannot do that: the
 * replacer looks at what is read again afterwards, and a getter or a proxy may then give something else than what was judged.
 *
 * @param holders the objects around it, to find cycles
 */
function copyOf(value: unknown, name: string | number, holders: object[]): unknown {
  if (value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "bigint"))
    return value
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON !== "function") return copyReplaced(value, toJSON, holders)
  const json: unknown = toJSON.call(value, `${name}`)
  const copy = copyReplaced(json, json === value ? toJSON : UNREAD, holders)
  // Node's `Buffer` has a `toJSON` of its own.
  return value instanceof Uint8Array && copy instanceof Copy && copy.type === "Buffer" ? Array.from(value) : copy
}

/** The same for what `toJSON` gave. */
function copyReplaced(value: unknown, toJSON: unknown, holders: object[]): unknown {
  if (value === null || typeof value !== "object") return typeof value === "function" ? undefined : value
  if (value instanceof Map) return copyInside(Object.fromEntries(value), UNREAD, UNREAD, holders)
  if (value instanceof Uint8Array) return Array.from(value)
  if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value))
  const toIpc = (value as Readonly<Record<string, unknown>>)[TO_IPC]
  const sent: unknown = typeof toIpc === "function" ? toIpc.call(value) : value
  if (sent === value) return copyInside(value, toJSON, toIpc, holders)
  if (sent === null || typeof sent !== "object") return typeof sent === "function" ? undefined : sent
  return copyInside(sent, UNREAD, UNREAD, holders)
}

/** The same for an object, of which `toJSON` and `toIpc` have been read already, or are `UNREAD`. */
function copyInside(value: object, toJSON: unknown, toIpc: unknown, holders: object[]): unknown {
  if (value instanceof Number) return Number(value)
  if (value instanceof String) return String(value)
  if (value instanceof Boolean) return Boolean.prototype.valueOf.call(value)
  if (holders.includes(value)) throw new TypeError("an object is inside itself")
  holders.push(value)
  const copy = Array.isArray(value) ? copyList(value, holders) : copyNames(value, toJSON, toIpc, holders)
  holders.pop()
  return copy
}

function copyList(list: readonly unknown[], holders: object[]): unknown[] {
  const copy: unknown[] = []
  const { length } = list
  for (let index = 0; index < length; index++) copy.push(copyOf(list[index], index, holders))
  return copy
}

function copyNames(object: object, toJSON: unknown, toIpc: unknown, holders: object[]): Copy {
  const copy = new Copy()
  for (const name of Object.keys(object)) {
    let inner: unknown
    if (name === "toJSON" && toJSON !== UNREAD) inner = toJSON
    else if (name === TO_IPC && toIpc !== UNREAD) inner = toIpc
    else inner = (object as Readonly<Record<string, unknown>>)[name]
    const value = copyOf(inner, name, holders)
    // Assigned, a name such as "999" would have room made for the 999 before it, in each of ten thousand objects.
    if (/^\d/.test(name))
      Object.defineProperty(copy, name, { __proto__: null, value, enumerable: true } as PropertyDescriptor)
    else copy[name] = value
  }
  return copy
}

/** The bytes of a raw argument or result (an `ArrayBuffer` or any view of one), or `null` when it is something else. */
export function rawBytes(value: unknown): Uint8Array | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return null
}
