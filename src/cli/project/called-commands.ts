import { codeOnly } from "./code-only.ts"
import type { NamedAt } from "./rust-commands.ts"

/** What a source of the frontend calls. */
export interface Calls {
  readonly called: readonly NamedAt[]
  /** Offsets of calls whose command is computed: what they call is not known. */
  readonly computed: readonly number[]
}

/** What one source says that others need to be read. */
export interface Exports {
  /** Functions that hand their first parameter to `invoke`: calls of them are calls of commands. */
  readonly wrappers: ReadonlySet<string>
  /** Clients of `createClient()`, and what their commands' names begin with. */
  readonly clients: ReadonlyMap<string, string>
}

/** A source with what is no code blanked out, at the same offsets. */
export interface Source {
  readonly text: string
  readonly code: string
}

const MARKUP = /\.(html?|vue|svelte|astro)$/i

/** Sources may be JavaScript, TypeScript, JSX, TSX, HTML, Vue, Svelte and Astro: `path` says which. */
export function readSource(text: string, path: string): Source {
  if (!MARKUP.test(path)) return { text, code: codeOnly(text) }
  // Outside of its scripts a page has code in attributes: only comments are left out there.
  const code = text
    .replaceAll(/<!--[\s\S]*?-->/g, blank)
    .replaceAll(/(<script\b[^>]*>)([\s\S]*?)(<\/script)/gi, (_, start: string, script: string, end: string) => {
      return `${start}${codeOnly(script)}${end}`
    })
  return { text, code }
}

const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ")

/** What may have `invoke` as a property: `window.__TAURI__.core`, `__TAURI_INTERNALS__`, an object that was given it. */
const HOLDERS = new Set(["this", "core", "tauri", "primitives", "__TAURI__", "__TAURI_INTERNALS__"])

/** What a source defines that others may call. */
export function exportsOf({ text, code }: Source): Exports {
  const clients = new Map<string, string>()
  for (const made of code.matchAll(/\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*createClient\b/g)) {
    const options = code.indexOf("(", made.index + made[0].length)
    const written = text.slice(options, options + 200)
    const plugin = /^\(\s*\{\s*plugin:\s*["'`]([^"'`]+)["'`]/.exec(written)?.[1]
    clients.set(made[1] ?? "", plugin === undefined ? "" : `plugin:${plugin}|`)
  }
  const wrappers = new Set<string>()
  for (const { argument } of invocations({ text, code }, namesOfInvoke({ text, code }))) {
    const wrapper = wrapperAround(code, argument)
    if (wrapper !== null) wrappers.add(wrapper)
  }
  return { wrappers, clients }
}

/** What a source calls: `known` is what this and other sources define. */
export function calledCommands(source: Source, known: Exports): Calls {
  const { code } = source
  const called: NamedAt[] = []
  const computed: number[] = []
  const invoking = namesOfInvoke(source)
  for (const { name, offset, argument } of invocations(source, new Set([...invoking, ...known.wrappers]))) {
    const command = literalAt(source, argument)
    if (command !== null) called.push({ name: command, offset: argument })
    // A wrapper's own call names nothing: its callers do.
    else if (invoking.has(name) && wrapperAround(code, argument) === null) computed.push(offset)
  }
  for (const [client, prefix] of known.clients) {
    if (!code.includes(client)) continue
    const calls = new RegExp(`(?<![\\w$.])${escaped(client)}\\s*(?:\\.\\s*([\\w$]+)(?=\\s*\\()|\\[\\s*(?=["'\`]))`, "g")
    for (const call of code.matchAll(calls)) {
      const name = call[1] ?? literalAt(source, call.index + call[0].length)
      if (name !== null) called.push({ name: `${prefix}${name}`, offset: call.index })
    }
  }
  return { called: called.sort((a, b) => a.offset - b.offset), computed }
}

/** The text that a call is given first: written there, or in a constant of this source. `null`: it is computed. */
function literalAt({ text, code }: Source, offset: number): string | null {
  const quote = text[offset] ?? ""
  if (/["'`]/.test(quote)) {
    const end = text.indexOf(quote, offset + 1)
    const written = text.slice(offset + 1, end)
    return end < 0 || written === "" || /[\n\\]|\$\{/.test(written) ? null : written
  }
  const constant = /^[\w$]+/.exec(code.slice(offset))?.[0]
  if (constant === undefined) return null
  const definition = new RegExp(`\\bconst\\s+${escaped(constant)}\\s*(?::[^=]+)?=\\s*(?=["'\`])`).exec(code)
  return definition === null ? null : literalAt({ text, code: "" }, definition.index + definition[0].length)
}

interface Invocation {
  readonly name: string
  /** Where the call begins, and where its first argument does. */
  readonly offset: number
  readonly argument: number
}

function* invocations({ text, code }: Source, names: ReadonlySet<string>): Generator<Invocation> {
  const calls = new RegExp(`(?<![\\w$])#?(${[...names].map(escaped).join("|")})\\s*(?:\\?\\.)?\\s*(?=[(<])`, "g")
  const holders = new Set([...HOLDERS, ...namespacesOfTauri(text)])
  for (const call of code.matchAll(calls)) {
    const name = call[1] ?? ""
    const before = code.slice(Math.max(0, call.index - 200), call.index)
    if (/\bfunction\s*\*?\s*$/.test(before)) continue
    const holder = /([\w$]+)\s*\??\.\s*$/.exec(before)?.[1]
    if (/\.\s*$/.test(before) && !(name === "invoke" && holder !== undefined && holders.has(holder))) continue
    const open = afterTypeArguments(code, call.index + call[0].length)
    if (code[open] !== "(") continue
    const argument = open + 1 + spaces(code, open + 1)
    const isMethod =
      !/["'`]/.test(code[argument] ?? "") && /^\s*(?::[^;{]+)?\{/.test(code.slice(closingAt(code, open) + 1))
    // `invoke()` without arguments is somebody else's.
    if (code[argument] === ")" || isMethod) continue
    yield { name, offset: call.index, argument }
  }
}

/** `import * as api from "@tauri-apps/api/core"` */
function namespacesOfTauri(text: string): readonly string[] {
  return [...text.matchAll(/\bimport\s*\*\s*as\s+([\w$]+)\s+from\s*["']@tauri-apps\/api/g)].map(([, name = ""]) => name)
}

/** `invoke`, and what a source calls it: `import { invoke as call }`, `const { invoke: call } = window.__TAURI__.core`. */
function namesOfInvoke({ code }: Source): ReadonlySet<string> {
  const names = new Set(["invoke"])
  for (const [, name = ""] of code.matchAll(/[{,]\s*invoke\s+as\s+([\w$]+)/g)) names.add(name)
  for (const [, name = ""] of code.matchAll(/[{,]\s*invoke\s*:\s*([\w$]+)[^;=]*\}\s*=[^;\n]*__TAURI/g)) names.add(name)
  for (const [, name = ""] of code.matchAll(
    /\b([\w$]+)\s*=\s*[^;\n(]*__TAURI\w*__\s*\??\.\s*(?:core\s*\??\.\s*)?invoke\b(?!\s*[(<])/g,
  ))
    names.add(name)
  return names
}

/** The function whose first parameter stands at `argument`, when that is what is invoked. */
function wrapperAround(code: string, argument: number): string | null {
  const parameter = /^[\w$]+(?=\s*[,)])/.exec(code.slice(argument, argument + 100))?.[0]
  if (parameter === undefined) return null
  const functions =
    /(?:\bfunction\s+([\w$]+)|\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b\s*[\w$]*)?)\s*(?:<[^()]*>)?\s*\(\s*([\w$]+)/g
  let wrapper: string | null = null
  for (const found of code.slice(0, argument).matchAll(functions)) {
    wrapper = found[3] === parameter ? (found[1] ?? found[2] ?? null) : null
  }
  return wrapper
}

function afterTypeArguments(code: string, start: number): number {
  if (code[start] !== "<") return start
  let depth = 0
  for (let at = start; at < code.length && at < start + 1000; at++) {
    if (code[at] === "<") depth++
    else if (code[at] === ">" && code[at - 1] !== "=" && --depth === 0) return at + 1 + spaces(code, at + 1)
  }
  return start
}

function closingAt(code: string, open: number): number {
  let depth = 0
  for (let at = open; at < code.length; at++) {
    if (code[at] === "(") depth++
    else if (code[at] === ")" && --depth === 0) return at
  }
  return code.length
}

function spaces(code: string, start: number): number {
  let at = start
  while (/\s/.test(code[at] ?? "")) at++
  return at - start
}

const escaped = (name: string): string => name.replaceAll("$", "\\$")
