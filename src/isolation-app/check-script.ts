import { parse } from "acorn"
import { parseFragment } from "parse5"
import { IsolationAppError, type Position } from "./isolation-app-error.ts"
import { toScript } from "./to-script.ts"

/**
 * Refuses a script that would not run as it stands when it is inlined as a classic script.
 *
 * @param start where in `file` the script begins
 * @throws IsolationAppError SCRIPT_BREAKS_HTML, SCRIPT_IS_MODULE, SCRIPT_IS_TYPESCRIPT, SCRIPT_SYNTAX
 */
export function checkScript(text: string, file: string, start: Position = { line: 1, column: 1 }): void {
  if (!survivesHtml(text)) {
    const at = positionAt(text, Math.max(0, text.search(/<\/script|<!--|\0/i)), start)
    throw new IsolationAppError(
      "SCRIPT_BREAKS_HTML",
      file,
      "the HTML parser would not end this script where it ends",
      at,
    )
  }
  try {
    parse(text, { ecmaVersion: "latest", sourceType: "script" })
  } catch (error) {
    const { pos, message } = error as SyntaxError & { pos: number }
    const at = positionAt(text, pos, start)
    if (isModule(text)) throw new IsolationAppError("SCRIPT_IS_MODULE", file, "this is a module", at)
    if (isTypeScript(text, file)) throw new IsolationAppError("SCRIPT_IS_TYPESCRIPT", file, "this is TypeScript", at)
    throw new IsolationAppError("SCRIPT_SYNTAX", file, message.replace(/ \(\d+:\d+\)$/, ""), at)
  }
}

/**
 * Whether the HTML parser gives a script back as it went in. `</script` ends it, `<!--` and `<script` in one keep the
 * true end from being seen, a NUL is replaced. Asking the parser is exact, and leaves every harmless script alone.
 */
export function survivesHtml(text: string): boolean {
  const [script] = parseFragment(`<script>${text}</script>`).childNodes
  if (script === undefined || !("childNodes" in script)) return false
  return script.childNodes.map((node) => ("value" in node ? node.value : "")).join("") === text
}

function isModule(text: string): boolean {
  try {
    parse(text, { ecmaVersion: "latest", sourceType: "module" })
    return true
  } catch {
    return false
  }
}

/** Whether a script that does not parse would without its types. */
function isTypeScript(text: string, file: string): boolean {
  try {
    return toScript(text, file) !== text
  } catch {
    return false
  }
}

/** Where the character at `offset` of a text stands in a file, of which the text begins at `start`. */
export function positionAt(text: string, offset: number, start: Position): Position {
  const before = text.slice(0, offset).split("\n")
  const column = (before.at(-1)?.length ?? 0) + 1
  return before.length === 1
    ? { line: start.line, column: start.column + column - 1 }
    : { line: start.line + before.length - 1, column }
}
