/** An object of a configuration file: anything between braces. Its keys are the author's: ask for own ones only. */
export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** The own value under `key`; never one that `Object.prototype` lends. */
export function own(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** The own value at `keys`, from the top; `undefined` where there is none. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce((inner, key) => (isRecord(inner) ? own(inner, key) : undefined), value)
}
