import type { Headers as HeaderRecord } from "../protocol/messages.ts"

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

/**
 * A call as the hook sees it: the arguments flat (`payload.path`, enumerable) and as Tauri v2 has them
 * (`payload.payload.path`, not enumerable, so that spreading gives one style). Both are one set of data: the view's own
 * properties hold it, and `payload` is a proxy on them that is only made when a hook asks for it.
 */
export class CallView {
  cmd: string
  callback: number
  error: number;
  [name: string]: unknown
  /** Arguments whose names are reserved. */
  #shadowed: Arguments = {}
  #arguments: Arguments | undefined
  #options: CallOptions | undefined

  constructor(id: number, cmd: string, args: Arguments, options: CallOptions | undefined) {
    this.cmd = cmd
    this.callback = id
    this.error = id
    this.#options = options
    this.#assign(args)
  }

  get payload(): unknown {
    this.#arguments ??= this.#nested()
    return this.#arguments
  }

  set payload(value: unknown) {
    for (const name of Object.keys(this)) if (!RESERVED.has(name)) delete this[name]
    this.#shadowed = {}
    this.#arguments = undefined
    if (isRecord(value)) this.#assign(value)
    else Object.defineProperty(this, "payload", { value, configurable: true, enumerable: true, writable: true })
  }

  get options(): CallOptions | undefined {
    return this.#options
  }

  set options(value: CallOptions | undefined) {
    this.#options = value
  }

  #assign(args: Arguments): void {
    for (const name of Object.keys(args)) {
      if (RESERVED.has(name)) this.#shadowed[name] = args[name]
      else this[name] = args[name]
    }
  }

  #nested(): Arguments {
    const home = (name: PropertyKey): object => (RESERVED.has(name) ? this.#shadowed : this)
    return new Proxy(this.#shadowed, {
      get: (_, name) => Reflect.get(home(name), name),
      set: (_, name, value) => Reflect.set(home(name), name, value),
      has: (_, name) => Reflect.has(home(name), name),
      deleteProperty: (_, name) => Reflect.deleteProperty(home(name), name),
      defineProperty: (_, name, descriptor) => Reflect.defineProperty(home(name), name, descriptor),
      getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(home(name), name),
      ownKeys: () => [
        ...Reflect.ownKeys(this).filter((name) => !RESERVED.has(name)),
        ...Reflect.ownKeys(this.#shadowed),
      ],
      // A proxy may only be frozen where its target holds all that it shows; this one's does not.
      preventExtensions: () => false,
    })
  }

  /** What a call came to, when the hook returned the very view it was given; `null` for any other object. */
  static read(value: object): HookedCall | null {
    if (!(#shadowed in value)) return null
    const args = Object.hasOwn(value, "payload") ? value.payload : { ...withoutReserved(value), ...value.#shadowed }
    return { cmd: value.cmd, args, headers: value.#options?.headers }
  }
}

/** Own enumerable properties beyond the five, each read once. */
export function withoutReserved(value: object): Arguments {
  const args: Arguments = {}
  for (const name of Object.keys(value)) if (!RESERVED.has(name)) args[name] = (value as Arguments)[name]
  return args
}

/** Arguments that have names: everything but bytes, arrays and bare values. */
export function isRecord(value: unknown): value is Arguments {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ArrayBuffer) &&
    !ArrayBuffer.isView(value)
  )
}
