import type { AnyNode } from "acorn"
import type { Run } from "./run.ts"
import { constant, originOf, type Regex, unknown, type Value } from "./values.ts"

/** A method of a value from outside is called: notes what is asked. */
export function askUnknown(run: Run, self: Value, method: string, args: readonly Value[], node: AnyNode): Value {
  const [first] = args
  const text = first?.kind === "constant" && typeof first.value === "string" ? first.value : null
  if (method === "startsWith" || method === "indexOf" || method === "includes") {
    if (text !== null && /^\.\.[\\/]?$|^[\\/]\.\.[\\/]?$/.test(text)) run.guard(self, "dotdot", node, text)
    else if (method === "startsWith") run.guard(self, "prefix", node, text)
    else if (method === "indexOf") {
      // Only when it is compared with 0 does it ask for the beginning.
      const index = unknown(originOf(self))
      run.indexes.set(index, () => run.guard(self, "prefix", node, text))
      return index
    } else if (first !== undefined && originOf(first) !== null) run.guard(first, "exact", node)
    return unknown(originOf(self))
  }
  if (first?.kind === "regex" && (method === "match" || method === "search")) return testUnknown(run, first, self, node)
  return unknown(originOf(self))
}

/** A regular expression is asked about a value from outside. */
export function testUnknown(run: Run, regex: Regex, value: Value, node: AnyNode): Value {
  const { source } = regex
  const looksForDots = /\\\.\\\.|\\\.\{2|\[\.\]\[\.\]|\[\.\]\{2/.test(source)
  if (looksForDots && !source.includes("(?")) run.guard(value, "dotdot", node, source)
  else if (source.startsWith("^") && !source.endsWith("$")) run.guard(value, "prefix", node, source)
  else run.guard(value, "exact", node, source)
  return unknown(originOf(value))
}

/** A regular expression is asked about the command's name, or another text that is known. */
export function testKnown(run: Run, { source, flags }: Regex, text: string, value: Value): Value {
  const isAboutCommand = originOf(value) === "cmd" || originOf(value) === "part of cmd"
  // One that may take for ever is not tried: quantifiers in quantifiers.
  if (text.length > 200 || /[+*}]\)*[+*{]|\([^)]*[+*][^)]*\)[+*{]/.test(source)) return unknown(originOf(value))
  const beginning = /^\^((?:[\w:-]|\\\|)+)(?![*+?{])/.exec(source)?.[1]
  if (isAboutCommand && beginning !== undefined) run.facts.prefixes.add(beginning.replaceAll("\\|", "|"))
  const result = new RegExp(source, flags.replace(/[gy]/g, "")).test(text)
  if (result && isAboutCommand) run.facts.matched = true
  return constant(result)
}
