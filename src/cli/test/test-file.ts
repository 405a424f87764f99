import { readFile, stat } from "node:fs/promises"
import { extname } from "node:path"
import { pathToFileURL } from "node:url"
import JSON5 from "json5"
import { nearest } from "../../config/nearest.ts"
import { CommandError } from "../run-command.ts"
import { FUZZ_CLASSES, type FuzzClass } from "./fuzz-classes.ts"
import type { TestCall } from "./hook-under-test.ts"

/** What a case expects of the hook. */
export type Expectation =
  | "pass"
  | "refuse"
  /** It passes, and these are the arguments that reach the Core. */
  | { readonly payload: unknown }
  /** It is refused, and the message holds this text. */
  | { readonly refuse: string }

const ACCEPTABLE = ["any", ...FUZZ_CLASSES] as const

/** One case of `isolation.test.json` or `isolation.test.ts`. */
export interface TestCase {
  readonly name: string
  readonly call: TestCall
  /** Label of the window that calls. Cases of one window share the hook's state, in their order. */
  readonly window: string
  readonly expect: Expectation
}

/** What a test file holds. */
export interface TestFile {
  readonly file: string
  readonly cases: readonly TestCase[]
  /** Classes of hostile arguments that the hook lets through on purpose, by `command` or `command.place`. */
  readonly accepted: ReadonlyMap<string, readonly (FuzzClass | "any")[]>
}

/**
 * Reads a test file: a list of cases, or `{ cases, fuzz: { accept: { <command>: [<class>], <command>.<argument>: [<class>] } } }`. JSON (comments are fine),
 * or the default export of a module.
 *
 * @throws CommandError that names the place, for a file that cannot be read and a case that is none
 */
export async function readTestFile(file: string): Promise<TestFile> {
  const value = await load(file)
  const top = Array.isArray(value) ? { cases: value as unknown } : record(value, file, "", ["cases", "fuzz"])
  if (!Array.isArray(top.cases)) throw wrong(file, "cases", "expected a list of cases")
  const cases = top.cases.map((entry, index) => readCase(entry, file, `cases[${index}]`))
  return { file, cases, accepted: readAccepted((top as { fuzz?: unknown }).fuzz, file) }
}

async function load(file: string): Promise<unknown> {
  try {
    if (extname(file) === ".json") return JSON5.parse(await readFile(file, "utf8"))
    // A module is loaded once for each address: watching needs another when it has changed.
    const { mtimeMs } = await stat(file)
    const { default: value } = (await import(`${pathToFileURL(file)}?${mtimeMs}`)) as { default?: unknown }
    if (value === undefined) throw new Error("it has no default export: export default [{ name, call, expect }, …]")
    return value
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : error}`)
  }
}

function readCase(value: unknown, file: string, place: string): TestCase {
  const { name, call, window = "main", expect } = record(value, file, place, ["name", "call", "window", "expect"])
  if (typeof name !== "string" || name === "")
    throw wrong(file, `${place}.name`, "expected a text that says what is tried")
  const where = `${place} ("${name}")`
  if (typeof window !== "string") throw wrong(file, `${where}.window`, "expected a window's label")
  const { cmd, payload = {}, headers = null } = record(call, file, `${where}.call`, ["cmd", "payload", "headers"])
  if (typeof cmd !== "string") throw wrong(file, `${where}.call.cmd`, "expected the command's name")
  if (
    headers !== null &&
    !Object.values(record(headers, file, `${where}.call.headers`)).every((text) => typeof text === "string")
  )
    throw wrong(file, `${where}.call.headers`, "expected an object of texts")
  return {
    name,
    call: { cmd, payload, headers: headers as TestCall["headers"] },
    window,
    expect: readExpectation(expect, file, `${where}.expect`),
  }
}

function readExpectation(value: unknown, file: string, place: string): Expectation {
  if (value === "pass" || value === "refuse") return value
  if (typeof value !== "object" || value === null)
    throw wrong(file, place, 'expected "pass", "refuse", { "payload": … } or { "refuse": "part of the message" }')
  const { payload, refuse } = record(value, file, place, ["payload", "refuse"])
  if (payload !== undefined && refuse === undefined) return { payload }
  if (typeof refuse === "string" && payload === undefined) return { refuse }
  throw wrong(file, place, 'expected one of { "payload": … } and { "refuse": "part of the message" }')
}

function readAccepted(value: unknown, file: string): TestFile["accepted"] {
  if (value === undefined) return new Map()
  const { accept = {} } = record(value, file, "fuzz", ["accept"])
  return new Map(
    Object.entries(record(accept, file, "fuzz.accept")).map(([command, classes]) => {
      const place = `fuzz.accept["${command}"]`
      if (!Array.isArray(classes)) throw wrong(file, place, `expected a list of ${ACCEPTABLE.join(", ")}`)
      return [
        command,
        classes.map((name) => {
          const known = ACCEPTABLE.find((known) => known === name)
          if (known === undefined) throw wrong(file, place, `"${name}" is none of ${ACCEPTABLE.join(", ")}`)
          return known
        }),
      ]
    }),
  )
}

function record(value: unknown, file: string, place: string, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(file, place, `expected an object${known === undefined ? "" : ` with ${known.join(", ")}`}`)
  for (const key of known === undefined ? [] : Object.keys(value)) {
    if (known?.includes(key)) continue
    const meant = nearest(key, known ?? [])
    throw wrong(file, `${place}.${key}`, `there is no such key${meant === null ? "" : `; did you mean ${meant}?`}`)
  }
  return value as Record<string, unknown>
}

function wrong(file: string, place: string, what: string): CommandError {
  return new CommandError(`${file}: ${place === "" ? "" : `${place}: `}${what}`)
}
