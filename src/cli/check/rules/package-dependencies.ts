import { BOTH, type Rule } from "../rule.ts"

export const packageDependencies: Rule = {
  code: "PACKAGE_DEPENDENCIES",
  severity: "warning",
  targets: BOTH,
  summary: "The isolation app's package.json has dependencies",
  why: "The pattern is there because packages cannot be trusted. One in the isolation app is inside of the guard: it sees every call, and can let through what it likes.",
  mend: "Write by hand what they are used for, and remove them. What only helps to write (types, a linter) goes under devDependencies.",
  *check(app) {
    for (const { file, text } of app.parts.packages) {
      const names = dependenciesIn(text)
      if (names.length === 0) continue
      const before = text.slice(0, text.indexOf('"dependencies"')).split("\n")
      const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
      yield { file, position, length: 14, what: `the isolation app depends on ${names.slice(0, 5).join(", ")}` }
    }
  },
}

function dependenciesIn(text: string): readonly string[] {
  try {
    const { dependencies } = JSON.parse(text) as { dependencies?: unknown }
    return typeof dependencies === "object" && dependencies !== null ? Object.keys(dependencies) : []
  } catch {
    return []
  }
}
