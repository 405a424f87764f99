import type { Headers as HeaderRecord } from "../protocol/messages.ts"
import { rawBytes } from "../protocol/serialize.ts"

/** Names that a hook finds beside the arguments; arguments of these names appear under `payload.payload` only. */
const RESERVED: ReadonlySet<PropertyKey> = new Set(["cmd", "callback", "error", "payload", "options"])

type Arguments = Record<PropertyKey, unknown>

/** What Tauri calls the invoke's options: only the headers travel. */
export interface CallOptions {
  headers?: HeaderRecord | undefined
}

/** What a hook's return value comes to: still to be serialized, once. */
export interface HookedCall {
  readonly cmd: unknown
  readonly args: unknown
  readonly headers: unknown
}

interface State {
  /** Arguments whose names are reserved. */
  shadowed: Arguments
  nested: Arguments | undefined
  options: CallOptions | undefined
}

/** A symbol and no private name, so that a hook may wrap the view in a proxy. */
const STATE = Symbol()

/**
 * A call as the hook sees it: the arguments flat (`payload.path`, enumerable) and as Tauri v2 has them
 * (`payload.payload.path`, not enumerable, so that spreading gives one style). Both are one set of data: the view's own
 * properties hold it, and `payload` is a proxy on them that is only made when a hook asks for it.
 */
export class CallView {
  declare cmd: string
  declare callback: number
  declare error: number;
  [name: PropertyKey]: unknown

  constructor(id: number, cmd: string, args: Arguments, options: CallOptions | undefined) {
    this.cmd = cmd
    this.callback = id
    this.error = id
    this[STATE] = { shadowed: {}, nested: undefined, options } satisfies State
    assign(this, args)
  }

  get payload(): unknown {
    const state = stateOf(this)
    state.nested ??= nested(this, state)
    return state.nested
  }

  set payload(value: unknown) {
    for (const name of Object.keys(this)) if (!RESERVED.has(name)) delete this[name]
    const state = stateOf(this)
    state.shadowed = {}
    state.nested = undefined
    if (isRecord(value)) assign(this, value)
    else Object.defineProperty(this, "payload", { value, configurable: true, enumerable: true, writable: true })
  }

  get options(): CallOptions | undefined {
    return stateOf(this).options
  }

  set options(value: CallOptions | undefined) {
    stateOf(this).options = value
  }
}

/** What a call came to, when the hook returned the very view it was given; `null` for any other object. */
export function readView(value: object): HookedCall | null {
  if (!(value instanceof CallView && Object.hasOwn(value, STATE))) return null
  const { shadowed, options } = stateOf(value)
  const args = Object.hasOwn(value, "payload") ? value.payload : Object.assign(withoutReserved(value), shadowed)
  return { cmd: value.cmd, args, headers: options?.headers }
}

function stateOf(view: CallView): State {
  return view[STATE] as State
}

function assign(view: CallView, args: Arguments): void {
  for (const name of Object.keys(args)) {
    if (RESERVED.has(name)) stateOf(view).shadowed[name] = args[name]
    else view[name] = args[name]
  }
}

const proxies = new WeakSet<object>()

function nested(view: CallView, { shadowed }: State): Arguments {
  const home = (name: PropertyKey): object => (RESERVED.has(name) ? shadowed : view)
  const isMine = (name: PropertyKey): boolean => typeof name === "string" && !RESERVED.has(name)
  const proxy = new Proxy(shadowed, {
    get: (_, name) => Reflect.get(home(name), name),
    set: (_, name, value) => Reflect.set(home(name), name, value),
    has: (_, name) => Reflect.has(home(name), name),
    deleteProperty: (_, name) => Reflect.deleteProperty(home(name), name),
    defineProperty: (_, name, descriptor) => Reflect.defineProperty(home(name), name, descriptor),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(home(name), name),
    ownKeys: () => [...Reflect.ownKeys(view).filter(isMine), ...Reflect.ownKeys(shadowed)],
    // A proxy may only be frozen where its target holds all that it shows; this one's does not.
    preventExtensions: () => false,
  })
  proxies.add(proxy)
  return proxy
}

/** `structuredClone` knows no proxies, and `structuredClone(payload.payload)` is what a careful hook may well do. */
export function makeCloneable(): void {
  const clone = structuredClone
  window.structuredClone = (value, options) => clone(proxies.has(value as object) ? { ...value } : value, options)
}

/** Own enumerable properties beyond the five, each read once. */
export function withoutReserved(value: object): Arguments {
  const args: Arguments = {}
  for (const name of Object.keys(value)) if (!RESERVED.has(name)) args[name] = (value as Arguments)[name]
  return args
}

/** Arguments that have names: everything but bytes, arrays and bare values. */
export function isRecord(value: unknown): value is Arguments {
  return typeof value === "object" && value !== null && !Array.isArray(value) && rawBytes(value) === null
}
