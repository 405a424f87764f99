/**
 * Makes the hook's first argument, the hook payload, which shows a call in two forms over one set of data. It is not the payload of a record.
 *
 * Promises that both forms always show the same arguments. Stops P30: arguments named like a call's own members (`cmd`, `payload`,
 * `options`) that a hook checks in one form while those of the other form are sealed.
 */
import { bare } from "../wire/own.ts"
import { rawBytes } from "../wire/serialize.ts"
import type { CallRequest } from "./batch.ts"

/** Names that a hook finds beside the arguments. Arguments of these names appear under `payload.payload` only. */
const RESERVED: ReadonlySet<PropertyKey> = new Set(["cmd", "callback", "error", "payload", "options"])

type Arguments = Record<PropertyKey, unknown>

/** A call in Tauri's words: `cmd`, `callback`, `error`, `payload` and `options`, of which only the headers travel. */
type TauriCall = Arguments

/** The call behind each payload that a hook was given. An object derived from a payload, or a proxy of one, is none. */
export const calls: WeakMap<object, TauriCall> = new WeakMap()

/**
 * Returns a call as the hook sees it: with the arguments in Tauri's form (`payload.payload.path`, not enumerable, so that spreading
 * gives one form) and flat (`payload.path`, enumerable). `payload.payload` is an ordinary object, and the flat form reads and writes
 * through to it.
 */
export function createHookPayload({ id, cmd, args, headers }: CallRequest): object {
  const options = headers === null ? undefined : { headers }
  // Bytes, lists and bare values have no names to flatten: `payload` then is a property like others.
  if (!isRecord(args)) return { cmd, callback: id, error: id, payload: args, options }
  // A copy, because `readHookResult` compares the result with the arguments from before the hook.
  const call: TauriCall = { cmd, callback: id, error: id, payload: { ...args }, options }
  const payload = new Proxy(call, TRAPS)
  calls.set(payload, call)
  return payload
}

/** Whether the arguments of a call are its `payload`. Not if it was frozen or sealed, or the hook has set `payload` to a list, bytes or a getter. */
export function isLive(call: TauriCall): call is TauriCall & { payload: Arguments } {
  return isRecord(Object.getOwnPropertyDescriptor(call, "payload")?.value) && Object.isExtensible(call)
}

/** Returns the object that has a property: the arguments or the call. */
function home(call: TauriCall, name: PropertyKey): object {
  return isFlat(name) && isLive(call) ? call.payload : call
}

/** Properties that spreading leaves out. */
const HIDDEN: PropertyDescriptorMap = { payload: bare({ enumerable: false }), options: bare({ enumerable: false }) }

/** Without a prototype: a proxy asks for traps by name, and those that are not here must not come from `Object.prototype`. */
const TRAPS: ProxyHandler<TauriCall> = bare({
  get: (call, name, payload) => Reflect.get(home(call, name), name, payload),

  // With the payload as receiver, the write comes back as `defineProperty`; with what inherits from it, it stays there.
  set: (call, name, value, payload) => Reflect.set(home(call, name), name, value, payload),

  has: (call, name) => Reflect.has(home(call, name), name),

  deleteProperty: (call, name) => Reflect.deleteProperty(home(call, name), name),

  // Bare: what the descriptor leaves out must not come from `Object.prototype`, such as a `value`.
  defineProperty: (call, name, descriptor) => Reflect.defineProperty(home(call, name), name, bare(descriptor)),

  getOwnPropertyDescriptor(call, name) {
    const descriptor = Reflect.getOwnPropertyDescriptor(home(call, name), name)
    if (descriptor !== undefined && Object.isExtensible(call)) {
      // A proxy must not report a property as fixed that its own target does not have.
      descriptor.configurable = true
      if (Object.hasOwn(HIDDEN, name) && isLive(call)) descriptor.enumerable = false
    }
    return descriptor && bare(descriptor)
  },

  ownKeys: (call) => [...new Set([...Reflect.ownKeys(call), ...Object.keys(home(call, "")).filter(isFlat)])],

  // From here on it is an ordinary object with what it shows now: only that can keep a proxy's promises when it is frozen.
  preventExtensions(call) {
    if (isLive(call)) {
      Object.assign(call, withoutReserved(call.payload))
      Object.defineProperties(call, HIDDEN)
    }
    return Reflect.preventExtensions(call)
  },
})

/** Makes `structuredClone(payload)` work, which a careful hook may call: it does not accept proxies. */
export function makeCloneable(): void {
  const clone = structuredClone
  window.structuredClone = (value, options) =>
    clone(isObject(value) && calls.has(value) ? { ...value } : value, options)
}

/** Returns the own enumerable properties beyond the five reserved ones. Reads each once. */
export function withoutReserved(value: object): Arguments {
  const args: Arguments = bare({})
  for (const name of Object.keys(value)) if (isFlat(name)) args[name] = (value as Arguments)[name]
  return args
}

function isFlat(name: PropertyKey): boolean {
  return typeof name === "string" && !RESERVED.has(name)
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null
}

/** Whether arguments have names: all but bytes, lists and bare values. */
export function isRecord(value: unknown): value is Arguments {
  return isObject(value) && !Array.isArray(value) && rawBytes(value) === null
}
