import type { Headers as HeaderRecord } from "../wire/messages.ts"
import { bare } from "../wire/own.ts"
import { rawBytes } from "../wire/serialize.ts"

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

/** A call as the hook sees it. */
export interface CallView {
  /** The very object that the hook is given. */
  readonly view: object
  /**
   * Whether the view is for certain the call that it was at first, of the command `cmd` and without headers. Of objects inside it
   * cannot tell: the hook may have changed them. Asks no getter: each is asked once, when it is serialized.
   */
  isStill(cmd: string): boolean
}

/** Asks a view for its handler; no script of the isolation app has it. */
const HANDLER = Symbol("handler")

/**
 * A call as the hook sees it: the arguments as Tauri v2 has them (`payload.payload.path`, not enumerable, so that
 * spreading gives one style) and flat (`payload.path`, enumerable). There is one set of data: `payload.payload` is the
 * arguments themselves, an ordinary object, and the view looks through to whatever stands there.
 */
export function createHookPayload(
  id: number,
  cmd: string,
  payload: unknown,
  options: CallOptions | undefined,
): CallView {
  const call: Call = { cmd, callback: id, error: id, payload, options }
  // Bytes, lists and bare values have no names to flatten: `payload` then is a property like others.
  return isRecord(payload) ? new LookThrough(call, payload) : { view: call, isStill: () => false }
}

/** A call whose view looks through to its arguments. */
type LiveCall = Call & { payload: Arguments }

/** Not when it is frozen or sealed, and not when the hook has put a list, bytes, a getter or nothing in the arguments' place. */
export function isLive(call: Call): call is LiveCall {
  return isRecord(valueIn(call, "payload")) && Object.isExtensible(call)
}

/** Where a view has a property. */
function home(call: Call, name: PropertyKey): object {
  return isFlat(name) && isLive(call) ? call.payload : call
}

/** What spreading a view leaves out. */
const HIDDEN: PropertyDescriptorMap = { payload: bare({ enumerable: false }), options: bare({ enumerable: false }) }

/**
 * What is behind a view. The hook works on a copy of the arguments, made as soon as it is handed an object or writes: a hook
 * that reads a text or two, as most do, costs no copy, and its call is known to be as it was.
 */
class LookThrough implements ProxyHandler<Call>, CallView {
  readonly call: Call
  readonly view: object
  readonly #original: Arguments
  #copied: Arguments | null = null

  constructor(call: Call, original: Arguments) {
    this.call = call
    this.#original = original
    this.view = new Proxy(call, this)
  }

  #copy(): void {
    if (this.#copied !== null) return
    this.#copied = { ...this.#original }
    this.call.payload = this.#copied
  }

  isStill(cmd: string): boolean {
    const [given, now] = [this.#original, this.#copied]
    if (now === null) return true
    const names = Object.keys(now)
    return (
      Object.isExtensible(this.call) &&
      valueIn(this.call, "cmd") === cmd &&
      valueIn(this.call, "options") === undefined &&
      valueIn(this.call, "payload") === now &&
      Object.getPrototypeOf(now) === Object.prototype &&
      names.length === Object.keys(given).length &&
      names.every((name) => !isObject(given[name]) && Object.is(valueIn(now, name), given[name]))
    )
  }

  get(call: Call, name: PropertyKey, view: unknown): unknown {
    if (name === HANDLER) return this
    if (this.#copied === null) {
      const value = (isFlat(name) ? this.#original : (call as Arguments))[name]
      if (!isObject(value)) return value
      this.#copy()
    }
    return Reflect.get(home(call, name), name, view)
  }

  // With the view as receiver, the write comes back as `defineProperty`; with what inherits from it, it stays there.
  set(call: Call, name: PropertyKey, value: unknown, view: unknown): boolean {
    return Reflect.set(home(call, name), name, value, view)
  }

  has(call: Call, name: PropertyKey): boolean {
    return Reflect.has(home(call, name), name)
  }

  deleteProperty(call: Call, name: PropertyKey): boolean {
    this.#copy()
    return Reflect.deleteProperty(home(call, name), name)
  }

  defineProperty(call: Call, name: PropertyKey, descriptor: PropertyDescriptor): boolean {
    this.#copy()
    // Bare: what the descriptor leaves out must not come from `Object.prototype`, such as a `value`.
    return Reflect.defineProperty(home(call, name), name, bare(descriptor))
  }

  getOwnPropertyDescriptor(call: Call, name: PropertyKey): PropertyDescriptor | undefined {
    this.#copy()
    const descriptor = Reflect.getOwnPropertyDescriptor(home(call, name), name)
    if (descriptor !== undefined && Object.isExtensible(call)) {
      // A proxy must not call fixed what its own target has not got.
      descriptor.configurable = true
      if (Object.hasOwn(HIDDEN, name) && isLive(call)) descriptor.enumerable = false
    }
    return descriptor && bare(descriptor)
  }

  ownKeys(call: Call): (string | symbol)[] {
    return [...new Set([...Reflect.ownKeys(call), ...Object.keys(home(call, "")).filter(isFlat)])]
  }

  // From here on it is an ordinary object with what it shows now, which alone keeps a proxy's promises when it is frozen.
  preventExtensions(call: Call): boolean {
    this.#copy()
    if (isLive(call)) {
      Object.assign(call, withoutReserved(call.payload))
      Object.defineProperties(call, HIDDEN)
    }
    return Reflect.preventExtensions(call)
  }
}

// A proxy asks its handler for traps by name: those that the class has not must not come from `Object.prototype`.
Object.setPrototypeOf(LookThrough.prototype, null)

function handlerOf(value: unknown): LookThrough | undefined {
  const handler = isObject(value) ? (value as { [HANDLER]?: LookThrough })[HANDLER] : undefined
  // What is derived from a view, or in front of it, answers for it: only the view itself is meant.
  return handler?.view === value ? handler : undefined
}

/** The call behind the very view that the hook was given; `null` for any other object. */
export function behindView(value: object): Call | null {
  return handlerOf(value)?.call ?? null
}

/** `structuredClone` knows no proxies, and `structuredClone(payload)` is what a careful hook may well do. */
export function makeCloneable(): void {
  const clone = structuredClone
  window.structuredClone = (value, options) => clone(handlerOf(value) === undefined ? value : { ...value }, options)
}

/** Own enumerable properties beyond the five, each read once. */
export function withoutReserved(value: object): Arguments {
  const args: Arguments = bare({})
  for (const name of Object.keys(value)) if (isFlat(name)) args[name] = (value as Arguments)[name]
  return args
}

function isFlat(name: PropertyKey): boolean {
  return typeof name === "string" && !RESERVED.has(name)
}

/** `undefined` for a getter, too. */
function valueIn(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null
}

/** Arguments that have names: everything but bytes, arrays and bare values. */
export function isRecord(value: unknown): value is Arguments {
  return isObject(value) && !Array.isArray(value) && rawBytes(value) === null
}
