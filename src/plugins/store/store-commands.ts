import { type CallContext, type Command, type Commands, command } from "../../core/command.ts"
import type { Resource, Resources } from "../../core/resources.ts"
import { type Arguments, describe, inTauriWords, readText, record, required } from "../arguments.ts"
import { inSystemWords } from "../system-error.ts"
import type { OpenStore, StoreOptions } from "./open-store.ts"
import type { Stores } from "./stores.ts"

const DEFAULT_AUTO_SAVE_MS = 100
const MAX_AUTO_SAVE_MS = 2 ** 31 - 1

/** A store as a page holds it. A page that is gone leaves it to the others; one that closes it closes it for all. */
class StoreHandle implements Resource {
  readonly store: OpenStore
  readonly #stores: Stores

  constructor(store: OpenStore, stores: Stores) {
    this.store = store
    this.#stores = stores
  }

  close(): Promise<void> {
    return this.#stores.close(this.store)
  }

  left(): void {}
}

export function storeCommands(stores: Stores): Commands {
  const hold = (store: OpenStore, { resources }: CallContext): number => {
    const handle = new StoreHandle(store, stores)
    if (store.rid === 0) store.rid = resources.add(handle)
    else if (!isHeld(store, resources)) resources.share(store.rid, handle)
    return store.rid
  }
  return {
    load: command(async (given, context) => {
      const args = record(given)
      return hold(await stores.load(readText(args, "path", "load"), readLoadOptions(args.options)), context)
    }),
    get_store: command(async (given, context) => {
      const store = await stores.find(readText(record(given), "path", "get_store"))
      return store === null ? null : hold(store, context)
    }),
    get: withStore((store, args) => {
      const key = readText(args, "key", "get")
      return [store.entries.get(key) ?? null, store.entries.has(key)]
    }),
    set: withStore((store, args) => {
      store.set(readText(args, "key", "set"), required(args, "value", "set"))
      return null
    }),
    has: withStore((store, args) => store.entries.has(readText(args, "key", "has"))),
    delete: withStore((store, args) => store.delete(readText(args, "key", "delete"))),
    keys: withStore((store) => [...store.entries.keys()]),
    values: withStore((store) => [...store.entries.values()]),
    entries: withStore((store) => [...store.entries]),
    length: withStore((store) => store.entries.size),
    clear: withStore((store) => {
      store.clear()
      return null
    }),
    reset: withStore((store) => {
      store.reset()
      return null
    }),
    save: withStore(async (store) => {
      await saying("saved", store, () => store.save())
      return null
    }),
    reload: withStore(async (store, { ignoreDefaults }) => {
      await saying("reloaded", store, () => store.reload(ignoreDefaults === true))
      return null
    }),
  }
}

function withStore(run: (store: OpenStore, args: Arguments) => unknown): Command {
  return command((given: unknown, { resources }) => {
    const args = record(given)
    const { store } = resources.get(args.rid, StoreHandle)
    if (store.isClosed) throw new Error(`The resource id ${store.rid} is invalid.`)
    return run(store, args)
  })
}

function isHeld(store: OpenStore, resources: Resources): boolean {
  return resources.has(store.rid) && resources.get(store.rid, StoreHandle).store === store
}

async function saying(what: string, { path }: OpenStore, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    throw new Error(`the store ${path.lexical} cannot be ${what}: ${inSystemWords(error)}`)
  }
}

function readLoadOptions(given: unknown): StoreOptions {
  return inTauriWords("options", "load", () => {
    if (given !== undefined && given !== null && (typeof given !== "object" || Array.isArray(given)))
      throw new Error(`invalid type: ${describe(given)}, expected a map`)
    const options = record(given)
    for (const name of ["serializeFnName", "deserializeFnName"])
      if (typeof options[name] === "string")
        throw new Error(`there is no function of the name ${describe(options[name])}: stores are JSON here`)
    return {
      defaults: readDefaults(options.defaults),
      autoSaveMs: readAutoSave(options.autoSave),
      createNew: readFlag(options, "createNew"),
      overrideDefaults: readFlag(options, "overrideDefaults"),
    }
  })
}

function readDefaults(value: unknown): ReadonlyMap<string, unknown> | null {
  if (value === undefined || value === null) return null
  if (typeof value === "object" && !Array.isArray(value)) return new Map(Object.entries(value))
  throw new Error(`defaults: invalid type: ${describe(value)}, expected a map`)
}

function readAutoSave(value: unknown): number | null {
  if (value === undefined || value === null || value === true) return DEFAULT_AUTO_SAVE_MS
  if (value === false) return null
  if (Number.isInteger(value) && (value as number) >= 0) return Math.min(value as number, MAX_AUTO_SAVE_MS)
  throw new Error(`autoSave: invalid type: ${describe(value)}, expected a boolean or a number of milliseconds`)
}

function readFlag(options: Arguments, name: string): boolean {
  const value = options[name]
  if (value === undefined || value === null) return false
  if (typeof value === "boolean") return value
  throw new Error(`${name}: invalid type: ${describe(value)}, expected a boolean`)
}
