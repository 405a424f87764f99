import { BOTH, type Rule } from "../rule.ts"

export const dotdotOnly: Rule = {
  code: "DOTDOT_ONLY",
  severity: "warning",
  targets: BOTH,
  summary: "That a path holds no .. is the only thing that is checked of it",
  why: '"/etc/passwd", "C:\\\\Windows" and "\\\\\\\\server\\\\share" hold no .. and lead anywhere: joined to a folder, an absolute path takes its place in Rust and on Windows.',
  mend: 'Say what is allowed: a prefix as well (path.startsWith("/home/me/notes/")), or the whole shape of a name: /^[\\w-]+\\.md$/.',
  *check(app) {
    if (!app.isWhole) return
    const seen = new Set<unknown>()
    for (const { facts } of app.followed) {
      for (const [argument, guards] of facts.guards) {
        if (argument.endsWith("+") || guards.some(({ kind }) => kind !== "dotdot")) continue
        for (const { node } of guards) {
          if (seen.has(node)) continue
          seen.add(node)
          yield app.at(node, `${argument} may still be an absolute path`)
        }
      }
    }
  },
}
