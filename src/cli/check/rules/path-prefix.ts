import { BOTH, type Rule } from "../rule.ts"

export const pathPrefix: Rule = {
  code: "PATH_PREFIX",
  severity: "warning",
  targets: BOTH,
  summary: "A path is checked only by how it begins",
  why: '"/safe/../etc/passwd" begins with "/safe/". Whoever opens that path resolves the .. and is outside.',
  mend: 'Refuse paths with a part that is .. as well (path.split(/[\\\\/]/).includes("..")), or allow names instead of paths: /^[\\w-]+\\.md$/.',
  *check(app) {
    if (!app.isWhole) return
    const seen = new Set<unknown>()
    for (const { facts } of app.followed) {
      for (const [argument, guards] of facts.guards) {
        if (guards.some(({ kind }) => kind !== "prefix")) continue
        for (const { node, text } of guards) {
          if (seen.has(node) || !looksLikePath(argument, text)) continue
          seen.add(node)
          yield app.at(node, `${argument.replace(/\+$/, "")} begins so, and may go on with ../`)
        }
      }
    }
  },
}

/** A prefix of something else, such as an id or a URL, says nothing about folders. */
function looksLikePath(argument: string, text: string | null): boolean {
  if (text !== null && /^\^?[a-z][a-z\d+.-]*:\\?\/\\?\//i.test(text)) return false
  if (text !== null && /[\\/]/.test(text.replaceAll(/\\[^/\\]/g, ""))) return true
  return /path|file|dir|folder|src|dest|source|target|from|to$|location|root/i.test(argument.split(".").at(-1) ?? "")
}
