import { relative, sep } from "node:path"
import type { ProjectCommands } from "../project/find-commands.ts"

/** The page of a new isolation app. */
export function pageTemplate(script: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Isolation</title>
    <script src="${script}"></script>
  </head>
  <body></body>
</html>
`
}

/**
 * A hook that refuses everything, with the app's commands as lines to take the comment from. It reads the arguments where
 * Tauri and Sallyport both have them: in `payload.payload`.
 *
 * @param root the project's folder: places are shown relative to it
 */
export function hookTemplate(commands: ProjectCommands, root: string, language: "js" | "ts"): string {
  const [args, value, table, types] =
    language === "ts"
      ? [": Arguments", ": unknown", ": Readonly<Record<string, (args: Arguments) => unknown>>", TYPES]
      : ["", "", "", ""]
  return `// The guard of this app: every invoke() passes it before it reaches the Core, and what it throws is the caller's answer.
// What is not listed here is refused. Say for each command what its arguments must be.

${types}function requireText(value${value}, longest = 1000) {
  if (typeof value !== "string" || value.length > longest) throw new Error(\`expected a text of at most \${longest} characters\`)
}

/** Each command that the page may call, and what its arguments must be. */
const ALLOWED${table} = {
${listed(commands, root, args).join("\n")}
}

window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (!Object.hasOwn(ALLOWED, payload.cmd)) throw new Error(\`\${payload.cmd} is not allowed\`)
  ALLOWED[payload.cmd]${language === "ts" ? "?." : ""}(payload.payload)
  return payload // what is not returned is not forwarded
}
`
}

/** A script, no module: its interface adds to the global one. */
const TYPES = `type Arguments = Readonly<Record<string, unknown>>

interface Call {
  readonly cmd: string
  readonly payload: Arguments
}

interface Window {
  __TAURI_ISOLATION_HOOK__: (payload: Call) => Call
}

`

/** A line for each command, the ones that the frontend calls first: those must pass for the app to work. */
function listed({ called, offered }: ProjectCommands, root: string, argument: string): string[] {
  const place = ({ file, line }: { file: string; line: number }): string =>
    `${relative(root, file).split(sep).join("/")}:${line}`
  const lines = new Map<string, string>()
  for (const command of called) if (!lines.has(command.name)) lines.set(command.name, `called in ${place(command)}`)
  for (const command of offered)
    if (!lines.has(command.name)) lines.set(command.name, `offered in ${place(command)}, and never called`)
  if (lines.size === 0) return ["  // No command was found. One would be: greet: ({ name }) => requireText(name),"]
  return [...lines].map(([name, where]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
    return `  // ${key}: (args${argument}) => {}, // ${where}`
  })
}
