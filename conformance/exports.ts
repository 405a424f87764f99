import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as api from "@tauri-apps/api"

const folder = dirname(fileURLToPath(import.meta.resolve("@tauri-apps/api/package.json")))

/** Version of the package that is installed. */
export const API_VERSION: string = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version

/** Modules in the order in which they build on each other: a function counts where it is first exported. */
const MODULES = [
  "core",
  "dpi",
  "event",
  "image",
  "path",
  "app",
  "menu",
  "tray",
  "window",
  "webview",
  "webviewWindow",
  "mocks",
] as const satisfies readonly (keyof typeof api)[]

/** Method of the Core's serialization, which no user writes by its value. */
const SERIALIZE = api.core.SERIALIZE_TO_IPC_FN

const declarations = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".d.ts"))
  .map((file) => readFileSync(join(folder, file), "utf8"))
  .join("\n")

/**
 * Every function that `@tauri-apps/api` exports, read from the package itself: `module.function`, and of each class
 * `module.Class.constructor`, its static and instance methods, and its accessors. What its types call private or protected is
 * not exported. A function that several modules export counts once, so what `WebviewWindow` has from `Window` and `Webview`
 * is theirs.
 */
export function exportedFunctions(): readonly string[] {
  const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { ...api }
  const names = Object.keys(modules)
  if (names.length !== MODULES.length) throw new Error(`@tauri-apps/api has other modules: ${names.join(", ")}`)
  const seen = new Set<unknown>()
  const found: string[] = []
  const add = (name: string, value: unknown): void => {
    if (typeof value !== "function" || seen.has(value)) return
    seen.add(value)
    found.push(name)
  }
  for (const module of MODULES)
    for (const [name, value] of Object.entries(modules[module] ?? {})) {
      if (typeof value !== "function") continue
      const isNew = !seen.has(value)
      if (!isClass(value)) add(`${module}.${name}`, value)
      else if (isNew) for (const [member, held] of membersOf(name, value)) add(`${module}.${name}.${member}`, held)
    }
  return found
}

function* membersOf(name: string, made: NewableFunction): Generator<readonly [member: string, held: unknown]> {
  if (!isHidden(name, "constructor")) yield ["constructor", made]
  for (const key of Object.getOwnPropertyNames(made))
    if (key !== "prototype") yield [key, (made as unknown as Record<string, unknown>)[key]]
  // Base classes that are not exported count with the first class that has theirs.
  for (let prototype = made.prototype; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype))
    for (const key of Reflect.ownKeys(prototype)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor
      if (key !== "constructor" && !isHidden(name, key)) yield [memberName(key), value ?? get ?? set]
    }
}

/** As a user would write it. */
function memberName(key: string | symbol): string {
  if (key === SERIALIZE) return "[SERIALIZE_TO_IPC_FN]"
  if (key === Symbol.asyncDispose) return "[Symbol.asyncDispose]"
  return typeof key === "symbol" ? `[${key.description}]` : key
}

function isHidden(className: string, key: string | symbol): boolean {
  if (typeof key === "symbol" || key === SERIALIZE) return false
  return key.startsWith("_") || new RegExp(`\\b(private|protected) ${key}\\b`).test(declarationOf(className))
}

/** The class in the package's types, with the classes that it extends. */
function declarationOf(className: string): string {
  const found = new RegExp(`declare class ${className}\\b(?: extends (\\w+))?.*?\\n\\}`, "s").exec(declarations)
  if (found === null) throw new Error(`@tauri-apps/api declares no class ${className}`)
  const [text, base] = found
  return /\bconstructor\(/.test(text) || base === undefined ? text : `${text}\n${declarationOf(base)}`
}

function isClass(value: unknown): value is NewableFunction {
  return typeof value === "function" && /^class\b/.test(String(value))
}
