import { type Program, parse } from "acorn"
import { survivesHtml } from "./check-script.ts"

/** A script, and the name that people know it by. */
export interface NamedScript {
  readonly name: string
  readonly text: string
}

/**
 * Joins scripts that run one after the other into as few as say the same. Those stay apart that would mean something else as
 * one: a strict one beside one that is not (the directive counts at a script's beginning only), one that mentions what the next
 * declares. Each begins with its name, and keeps its lines and columns. One thing is other than before: when one throws, those that
 * are joined to it do not run.
 *
 * @param scripts that parse
 */
export function joinScripts(scripts: readonly NamedScript[]): readonly string[] {
  const joined: { text: string; program: Program }[] = []
  for (const { name, text } of scripts) {
    // A hashbang is a comment in a script's first line only.
    const lines = text.replace(/^#!/, "//")
    const named = `// ${name}\n${lines.endsWith("\n") ? lines : `${lines}\n`}`
    const script = { text: named, program: parseScript(named) }
    const last = joined.at(-1)
    const whole = last === undefined ? null : join(last, script)
    if (whole === null) joined.push(script)
    else joined.splice(-1, 1, whole)
  }
  return joined.map(({ text }) => text)
}

interface Parsed {
  readonly text: string
  readonly program: Program
}

function join(first: Parsed, second: Parsed): Parsed | null {
  if (isStrict(first.program) !== isStrict(second.program)) return null
  const mentioned = identifiersIn(first.program.body)
  // What a script declares is there from its beginning: what comes before it would find it too soon, or find it twice.
  if (declared(second.program).some((name) => mentioned.has(name))) return null
  const statements = first.program.body.length + second.program.body.length
  // Without a semicolon a bracket on the next line would go on with the last statement.
  for (const between of ["", ";\n"]) {
    const text = `${first.text}${between}${second.text}`
    // A harmless "<!--" of the one and a harmless "<script" of the other are not harmless together.
    if (!survivesHtml(text)) return null
    const program = attempt(text)
    if (program?.body.length === statements) return { text, program }
  }
  return null
}

/** Without empty statements: a semicolon between two scripts is one, and is none of theirs. */
function parseScript(text: string): Program {
  const program = parse(text, { ecmaVersion: "latest", sourceType: "script" })
  return { ...program, body: program.body.filter(({ type }) => type !== "EmptyStatement") }
}

function attempt(text: string): Program | null {
  try {
    return parseScript(text)
  } catch {
    return null
  }
}

/** ECMAScript, "directive prologue": the strings that a script begins with. */
function isStrict({ body }: Program): boolean {
  for (const statement of body) {
    if (statement.type !== "ExpressionStatement" || statement.directive === undefined || statement.directive === null)
      break
    if (statement.directive === "use strict") return true
  }
  return false
}

/** The names that a script declares for all that follow. */
function declared({ body }: Program): readonly string[] {
  return body.flatMap((statement) => {
    if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") return [statement.id.name]
    if (statement.type !== "VariableDeclaration") return []
    return statement.declarations.flatMap(({ id }) => [...identifiersIn(id)])
  })
}

/** Every name in a part of a script, also of properties: one too many keeps two scripts apart, and does no harm. */
function identifiersIn(part: unknown): ReadonlySet<string> {
  const names = new Set<string>()
  const waiting = [part]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== "object" || value === null) continue
    if ("type" in value && value.type === "Identifier" && "name" in value) names.add(String(value.name))
    for (const inner of Object.values(value)) waiting.push(inner)
  }
  return names
}
