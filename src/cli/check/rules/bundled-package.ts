import { BOTH, type Rule } from "../rule.ts"

/** What bundlers leave behind, and the CommonJS and AMD that packages are written in. */
const TRACES: readonly RegExp[] = [
  /(?:^|[/\\"'\s])node_modules[/\\](?:\.pnpm[/\\])?[@\w][^"'\s]*/,
  /__webpack_(?:require|modules)__|webpackBootstrap|webpackChunk/,
  /\bparcelRequire\b|\b__(?:commonJS|toESM|toCommonJS|esModule)\b/,
  /\btypeof define\s*===?\s*["']function["']\s*&&\s*define\.amd\b/,
  /\bmodule\.exports\s*=|\brequire\(\s*["'][^"']+["']\s*\)/,
  /! For license information please see/,
  /\/\*[!*][^*]*@license\b/,
]

export const bundledPackage: Rule = {
  code: "BUNDLED_PACKAGE",
  severity: "warning",
  targets: BOTH,
  summary: "A script of the isolation app was made by a bundler, or holds a package",
  why: "The pattern is there because packages cannot be trusted. One that is bundled into the isolation app is inside of the guard, and nobody reads it.",
  mend: "Write the hook by hand, in classic scripts that index.html names one after the other: sallyport build joins them.",
  *check(app) {
    for (const { file, written, start } of app.parts.scripts) {
      const found = TRACES.flatMap((trace) => trace.exec(written) ?? []).map((text) => ({
        text,
        at: written.indexOf(text),
      }))
      const [first] = found.sort((a, b) => a.at - b.at)
      if (first === undefined) continue
      const before = written.slice(0, first.at).split("\n")
      const column = (before.at(-1)?.length ?? 0) + (before.length === 1 ? start.column : 1)
      const position = { line: start.line + before.length - 1, column }
      yield { file, position, length: first.text.length, what: "this was bundled, or is a package's code" }
    }
  },
}
