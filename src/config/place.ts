import { own } from "../boundary/wire/own.ts"
import type { ConfigProblem, ConfigProblemCode } from "./config-error.ts"
import { HOMES, type KnownKeys } from "./known-keys.ts"
import { nearest } from "./nearest.ts"
import { isRecord, type JsonRecord } from "./records.ts"

/** Collects what is wrong while a configuration is read. */
export interface Report {
  readonly problems: ConfigProblem[]
  /** The file that has the last word on a place: the configuration file, or the platform file over it. */
  fileOf(keys: readonly string[]): string
}

/** Where a value stands: an absolute path, and the place in that file. */
export interface Origin {
  readonly file: string
  readonly path: string
}

/** One place of a configuration: where it is, what stands there, and how to say that it is wrong. */
export class Place {
  /** `undefined`: the file says nothing. */
  readonly value: unknown
  readonly #keys: readonly string[]
  readonly #report: Report

  constructor(value: unknown, keys: readonly string[], report: Report) {
    this.value = value
    this.#keys = keys
    this.#report = report
  }

  get path(): string {
    return formatPath(this.#keys)
  }

  get origin(): Origin {
    return { file: this.#report.fileOf(this.#keys), path: this.path }
  }

  /** The same place, where `null` says no more than saying nothing. */
  get nullable(): Place {
    return this.value === null ? new Place(undefined, this.#keys, this.#report) : this
  }

  string(expected = "a string"): string | undefined {
    if (typeof this.value === "string") return this.value
    return this.value === undefined ? undefined : this.refuse(expected)
  }

  boolean(): boolean | undefined {
    if (typeof this.value === "boolean") return this.value
    return this.value === undefined ? undefined : this.refuse("true or false")
  }

  list(expected = "a list"): readonly Place[] {
    if (Array.isArray(this.value)) return this.value.map((item: unknown, index) => this.#child(String(index), item))
    if (this.value !== undefined) this.refuse(expected)
    return []
  }

  /** The places under any name, in the file's order. */
  entries(expected = "an object"): readonly (readonly [key: string, place: Place])[] {
    if (isRecord(this.value)) {
      const keys = Object.keys(this.value).filter((key) => key !== "__proto__")
      return keys.map((key) => [key, this.#child(key, (this.value as JsonRecord)[key])])
    }
    if (this.value !== undefined) this.refuse(expected)
    return []
  }

  /**
   * The places of an object whose names are known. Accepts Tauri's kebab-case aliases (`dev-url`), and reports a name that
   * is nearly one that is read, or is one that is read elsewhere.
   */
  section(known: KnownKeys): (key: string) => Place {
    const found = new Map<string, Place>()
    for (const [written, place] of this.entries()) {
      const key = known.read.find((name) => written === name || written === kebab(name))
      if (key === undefined) place.#judgeUnknown(written, known)
      else if (found.has(key)) place.report("KEY_TWICE", `says again what "${key}" says: keep one of the two`)
      else found.set(key, place)
    }
    return (key) => found.get(key) ?? this.#child(key, undefined)
  }

  /** Reports a wrong value: what was found, what was expected, and which of `candidates` was probably meant. */
  refuse(expected: string, candidates: Iterable<string> = []): undefined {
    const meant = typeof this.value === "string" ? nearest(this.value, candidates) : null
    const code = this.value === undefined ? "VALUE_MISSING" : "VALUE_INVALID"
    this.report(code, `found ${describe(this.value)}, expected ${expected}${didYouMean(meant)}`)
  }

  report(code: ConfigProblemCode, message: string): undefined {
    this.#report.problems.push({ code, file: this.#report.fileOf(this.#keys), path: this.path, message })
  }

  /** Reports that there is no such key here. */
  refuseKey(key: string, candidates: readonly string[]): undefined {
    const meant = nearest(key, candidates)
    const choice = meant === null ? `, expected ${oneOf(candidates)}` : didYouMean(meant)
    this.report("KEY_UNKNOWN", `no such key${choice}`)
  }

  #judgeUnknown(key: string, known: KnownKeys): void {
    const others = known.others === "any" ? [] : known.others
    if (others.includes(key)) return
    const home = known.others === "any" ? undefined : HOMES.get(key)
    const meant = nearest(key, [...known.read, ...others])
    if (home !== undefined) this.report("KEY_UNKNOWN", `no such key here: it belongs at "${home}"`)
    else if (own(known, "closed") === true || (meant !== null && known.read.includes(meant)))
      this.refuseKey(key, known.read)
  }

  #child(key: string, value: unknown): Place {
    return new Place(value, [...this.#keys, key], this.#report)
  }
}

/** `"a"`, `"a" or "b"`, `"a", "b" or "c"`. */
export function oneOf(names: readonly string[]): string {
  const quoted = names.map((name) => JSON.stringify(name))
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter((part) => part !== "").join(" or ")
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const didYouMean = (meant: string | null): string => (meant === null ? "" : `; did you mean ${JSON.stringify(meant)}?`)

function formatPath(keys: readonly string[]): string {
  let path = ""
  for (const key of keys) {
    if (/^\d+$/.test(key)) path += `[${key}]`
    else if (/^[\w$-]+$/.test(key)) path += path === "" ? key : `.${key}`
    else path += `[${clip(JSON.stringify(key))}]`
  }
  return path === "" ? "the whole file" : path
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing"
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`
  if (isRecord(value)) return "an object"
  return clip(typeof value === "string" ? JSON.stringify(value) : String(value))
}

const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
