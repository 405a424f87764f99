/** A command's name, and where it stands in its text. */
export interface NamedAt {
  readonly name: string
  readonly offset: number
}

/**
 * The commands in `generate_handler![…]` of Rust sources (and in `collect_commands![…]`, which tauri-specta has in its place):
 * the last part of each path.
 */
export function rustCommands(text: string): readonly NamedAt[] {
  const code = rustCodeOnly(text)
  const found: NamedAt[] = []
  for (const macro of code.matchAll(/\b(?:generate_handler|collect_commands)!\s*([[({])/g)) {
    const start = macro.index + macro[0].length
    const list = code.slice(start, closing(code, start))
    // Attributes, and the type arguments of a generic command.
    const plain = list
      .replaceAll(/#\s*\[[^\]]*\]/g, (attribute) => " ".repeat(attribute.length))
      .replaceAll(/::\s*<[^>]*>/g, (generics) => " ".repeat(generics.length))
    for (const item of plain.matchAll(/(?:[\w#]+\s*::\s*)*(?:r#)?([A-Za-z_]\w*)\s*(?=,|$)/g)) {
      const name = item[1] ?? ""
      found.push({ name, offset: start + item.index + item[0].lastIndexOf(name) })
    }
  }
  return found
}

function closing(code: string, start: number): number {
  let depth = 1
  for (let at = start; at < code.length; at++) {
    if (/[[({]/.test(code[at] ?? "")) depth++
    else if (/[\])}]/.test(code[at] ?? "") && --depth === 0) return at
  }
  return code.length
}

/** Comments (which nest in Rust) and strings as spaces. */
function rustCodeOnly(text: string): string {
  let code = ""
  let at = 0
  while (at < text.length) {
    const end = skipped(text, at)
    if (end > at) code += text.slice(at, end).replaceAll(/[^\n]/g, " ")
    else code += text[at]
    at = Math.max(end, at + 1)
  }
  return code
}

/** After the comment or string that begins here; `start` when none does. */
function skipped(text: string, start: number): number {
  const rest = text.slice(start, start + 2)
  if (rest === "//") return before(text.indexOf("\n", start), text)
  if (rest === "/*") {
    let depth = 0
    for (let at = start; at < text.length; at++) {
      const two = text.slice(at, at + 2)
      if (two === "/*") depth++
      if (two === "*/") depth--
      if (two === "/*" || two === "*/") at++
      if (depth === 0) return at + 1
    }
    return text.length
  }
  const isWord = /\w/.test(text[start - 1] ?? "")
  const raw = isWord ? null : /^b?r(#*)"/.exec(text.slice(start, start + 20))
  if (raw !== null) {
    const ending = `"${raw[1]}`
    const end = text.indexOf(ending, start + raw[0].length)
    return end < 0 ? text.length : end + ending.length
  }
  const character = /^'(?:\\.[^']{0,8}|[^\\'])'/.exec(text.slice(start, start + 12))
  if (character !== null) return start + character[0].length
  if (text[start] !== '"') return start
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === '"') return at + 1
  }
  return text.length
}

const before = (index: number, text: string): number => (index < 0 ? text.length : index)
