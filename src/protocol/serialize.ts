/** Method by which a value says how it wants to be sent: Tauri's `SERIALIZE_TO_IPC_FN`. Channels have one. */
const TO_IPC = "__TAURI_TO_IPC_KEY__"

/**
 * Arguments as JSON, the way Tauri does it: a `Map` becomes an object, bytes inside JSON become arrays of numbers, and
 * `__TAURI_TO_IPC_KEY__` methods are asked. `undefined` at the top is `null`. Throws what `JSON.stringify` throws (a
 * cycle, a BigInt) and whatever a getter or `toJSON` throws.
 */
export function serialize(value: unknown): string {
  return (isPlain(value, 8) ? JSON.stringify(value) : JSON.stringify(value, replace)) ?? "null"
}

/**
 * A call without headers and raw bytes, `[id, cmd, args]`. Where nothing is to be replaced, the engine writes all of it at once: a text
 * that is put together from others is no text yet in any of them, and costs as much again when it is sent.
 */
export function serializeCall(id: number, cmd: string, args: unknown): string {
  return isPlain(args, 8) ? JSON.stringify([id, cmd, args]) : `[${id},${JSON.stringify(cmd)},${serialize(args)}]`
}

/** Whether there is nothing for `replace` to do, `depth` levels down. Most calls are so, and it takes most of their time. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== "object") return typeof value !== "function"
  if (value === null) return true
  if (depth === 0 || (Object.getPrototypeOf(value) !== Object.prototype && !Array.isArray(value))) return false
  // It may be one that `for` does not see.
  if (TO_IPC in value) return false
  return Object.keys(value).every((key) => isPlain((value as Record<string, unknown>)[key], depth - 1))
}

function replace(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value
  // Node's `Buffer` has a `toJSON`, which was asked before this: only its holder still has the bytes.
  if ((value as { type?: unknown }).type === "Buffer" && this[key] instanceof Uint8Array) return Array.from(this[key])
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Uint8Array) return Array.from(value)
  if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value))
  const toIpc = (value as Record<string, unknown>)[TO_IPC]
  return typeof toIpc === "function" ? toIpc.call(value) : value
}

/** The bytes of a raw argument or result (an `ArrayBuffer` or any view of one), or `null` when it is something else. */
export function rawBytes(value: unknown): Uint8Array | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return null
}
