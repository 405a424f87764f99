import { nearest } from "../../config/nearest.ts"
import type { Position } from "../../isolation-app/isolation-app.ts"
import type { Finding, Rule } from "./rule.ts"
import { ignoreUnknown, ignoreUnused, ignoreWithoutReason } from "./rules/ignore.ts"

/** `sallyport-ignore-next-line CODE, CODE: reason`, `sallyport-ignore-file CODE: reason`, in a comment of any kind. */
interface IgnoreComment {
  readonly file: string
  readonly codes: readonly string[]
  readonly reason: string
  /** `null`: the whole file. */
  readonly line: number | null
  readonly position: Position
  readonly length: number
}

const COMMENT =
  /(?:\/\/|\/\*|<!--)[ \t*]*(sallyport-ignore-(next-line|file)\b[ \t]*([^:\n]*?)[ \t]*(?::[ \t]*([^\n]*?))?)[ \t]*(?:\*\/|-->|\n|$)/g

/**
 * Leaves out the findings that comments turn off, and adds what is wrong with the comments.
 *
 * @param texts the files that findings may be in, by their paths
 * @param rules those that were asked: of others nothing can be said
 */
export function applyIgnores(
  findings: readonly Finding[],
  texts: ReadonlyMap<string, string>,
  rules: readonly Rule[],
  asked: ReadonlySet<string>,
): readonly Finding[] {
  const comments = [...texts].flatMap(([file, text]) => commentsIn(file, text))
  const used = new Set<string>()
  const left = findings.filter((finding) => {
    const { code, stopsLaunch } = finding.rule
    if (stopsLaunch === true) return true
    const comment = comments.find((one) => one.reason !== "" && one.codes.includes(code) && covers(one, finding))
    if (comment !== undefined) used.add(`${comments.indexOf(comment)} ${code}`)
    return comment === undefined
  })
  const known = new Map(rules.map((rule) => [rule.code, rule]))
  const wrong = comments.flatMap((comment, index): Finding[] => {
    const { file, position, length, codes, reason } = comment
    const at = (rule: Rule, what: string): Finding => ({ rule, file, position, length, what })
    if (codes.length === 0) return [at(ignoreUnknown, "this comment names no rule")]
    const found: Finding[] = []
    for (const code of codes) {
      const meant = nearest(code, known.keys())
      const rule = known.get(code)
      if (rule === undefined)
        found.push(at(ignoreUnknown, `there is no rule ${code}${meant === null ? "" : `; did you mean ${meant}?`}`))
      else if (rule.stopsLaunch === true)
        found.push(at(ignoreUnused, `${code} stops a launch, and cannot be turned off`))
      else if (reason !== "" && !used.has(`${index} ${code}`) && asked.has(code))
        found.push(at(ignoreUnused, `${code} finds nothing here`))
    }
    if (reason === "") found.push(at(ignoreWithoutReason, `this comment does not say why ${codes.join(", ")} is off`))
    return found
  })
  return [...left, ...wrong]
}

function covers({ file, line }: IgnoreComment, finding: Finding): boolean {
  return finding.file === file && (line === null || finding.position?.line === line)
}

function commentsIn(file: string, text: string): readonly IgnoreComment[] {
  if (!text.includes("sallyport-ignore-")) return []
  return [...text.matchAll(COMMENT)].map((match) => {
    const [whole, comment = "", kind, codes = "", reason = ""] = match
    const start = match.index + whole.indexOf(comment)
    const before = text.slice(0, start).split("\n")
    return {
      file,
      codes: codes.split(/[\s,]+/).filter((code) => code !== ""),
      reason: reason.trim(),
      line: kind === "file" ? null : before.length + 1,
      position: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
      length: comment.length,
    }
  })
}
