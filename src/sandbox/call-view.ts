import type { Headers as HeaderRecord } from "../protocol/messages.ts"
import { rawBytes } from "../protocol/serialize.ts"

/** Names that a hook finds beside the arguments; arguments of these names appear under `payload.payload` only. */
const RESERVED: ReadonlySet<PropertyKey> = new Set(["cmd", "callback", "error", "payload", "options"])

type Arguments = Record<PropertyKey, unknown>

/** What Tauri calls the invoke's options: only the headers travel. */
export interface CallOptions {
  headers?: HeaderRecord | undefined
}

/** A call in the hook's words. */
export interface Call extends Arguments {
  cmd: string
  callback: number
  error: number
  payload: unknown
  options: CallOptions | undefined
}

/** What stands behind each view, to know views again and to read them without a detour. */
const calls = new WeakMap<object, Call>()

/**
 * A call as the hook sees it: the arguments as Tauri v2 has them (`payload.payload.path`, not enumerable, so that
 * spreading gives one style) and flat (`payload.path`, enumerable). There is one set of data: `payload.payload` is the
 * arguments themselves, an ordinary object, and the view looks through to whatever stands there.
 */
export function viewCall(id: number, cmd: string, payload: unknown, options: CallOptions | undefined): object {
  const call: Call = { cmd, callback: id, error: id, payload, options }
  // Bytes, lists and bare values have no names to flatten: `payload` then is a property like others.
  if (!isRecord(payload)) return call
  const view = new Proxy(call, LOOK_THROUGH)
  calls.set(view, call)
  return view
}

/** A call whose view looks through to its arguments. */
export type LiveCall = Call & { payload: Arguments }

/** Not when it is frozen or sealed, and not when the hook has put a list, bytes or nothing in the arguments' place. */
function isLive(call: Call): call is LiveCall {
  return isRecord(call.payload) && Object.isExtensible(call)
}

/** Where a view has a property. */
function home(call: Call, name: PropertyKey): object {
  return isFlat(name) && isLive(call) ? call.payload : call
}

/** What spreading a view leaves out. */
const HIDDEN: PropertyDescriptorMap = { payload: { enumerable: false }, options: { enumerable: false } }

const LOOK_THROUGH: ProxyHandler<Call> = {
  get: (call, name, view) => Reflect.get(home(call, name), name, view),
  // With the view as receiver, the write comes back as `defineProperty`; with what inherits from it, it stays there.
  set: (call, name, value, view) => Reflect.set(home(call, name), name, value, view),
  has: (call, name) => Reflect.has(home(call, name), name),
  deleteProperty: (call, name) => Reflect.deleteProperty(home(call, name), name),
  defineProperty: (call, name, descriptor) => Reflect.defineProperty(home(call, name), name, descriptor),
  getOwnPropertyDescriptor: (call, name) => {
    const descriptor = Reflect.getOwnPropertyDescriptor(home(call, name), name)
    if (descriptor !== undefined && Object.isExtensible(call)) {
      // A proxy must not call fixed what its own target has not got.
      descriptor.configurable = true
      if (Object.hasOwn(HIDDEN, name) && isLive(call)) descriptor.enumerable = false
    }
    return descriptor
  },
  ownKeys: (call) => [...new Set([...Reflect.ownKeys(call), ...Object.keys(home(call, "")).filter(isFlat)])],
  // From here on it is an ordinary object with what it shows now, which alone keeps a proxy's promises when it is frozen.
  preventExtensions: (call) => {
    if (isLive(call)) {
      Object.assign(call, withoutReserved(call.payload))
      Object.defineProperties(call, HIDDEN)
    }
    return Reflect.preventExtensions(call)
  },
}

/** The call behind the very view that the hook was given, while both views are one; `null` for any other object. */
export function behindView(value: object): LiveCall | null {
  const call = calls.get(value)
  return call !== undefined && isLive(call) ? call : null
}

/** `structuredClone` knows no proxies, and `structuredClone(payload)` is what a careful hook may well do. */
export function makeCloneable(): void {
  const clone = structuredClone
  window.structuredClone = (value, options) => clone(calls.has(value as object) ? { ...value } : value, options)
}

/** Own enumerable properties beyond the five, each read once. */
export function withoutReserved(value: object): Arguments {
  const args: Arguments = {}
  for (const name of Object.keys(value)) if (isFlat(name)) args[name] = (value as Arguments)[name]
  return args
}

function isFlat(name: PropertyKey): boolean {
  return typeof name === "string" && !RESERVED.has(name)
}

/** Arguments that have names: everything but bytes, arrays and bare values. */
export function isRecord(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value) && rawBytes(value) === null
}
