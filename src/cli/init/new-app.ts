import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { CommandError } from "../run-command.ts"
import type { FileChange } from "./init-project.ts"

/**
 * Makes a new app: a Core with one command, a page that calls it, an isolation app that guards it, and the guard's tests.
 *
 * @param dir absolute path of its folder
 * @throws CommandError when the folder holds anything
 */
export async function makeApp(
  dir: string,
  dryRun: boolean,
): Promise<{ readonly dir: string; readonly changes: readonly FileChange[] }> {
  const present = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw new CommandError(`${dir}: ${error.code === "ENOTDIR" ? "this is a file: name a folder" : error.message}`)
  })
  if (present.length > 0)
    throw new CommandError(
      `${dir} is not empty: name a new folder, or add isolation to the project in it with sallyport init`,
    )
  const { version } = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8")) as {
    version: string
  }
  const name =
    basename(dir)
      .toLowerCase()
      .replaceAll(/[^a-z\d]+/g, "-")
      .replaceAll(/^-+|-+$/g, "") || "app"
  const files = filesOf(name, version)
  if (!dryRun)
    for (const [file, [text]] of Object.entries(files)) {
      await mkdir(dirname(join(dir, file)), { recursive: true })
      await writeFile(join(dir, file), text)
    }
  return {
    dir,
    changes: Object.entries(files).map(([file, [, what]]) => ({ file: join(dir, file), change: "made", what })),
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

function filesOf(name: string, version: string): Readonly<Record<string, readonly [text: string, what: string]>> {
  return {
    "package.json": [
      json({
        name,
        private: true,
        type: "module",
        scripts: { start: "sallyport build && node core.ts", test: "sallyport test --node" },
        dependencies: { sallyport: `^${version}`, valibot: "^1.5.0" },
      }),
      "npm start, npm test",
    ],
    "src-tauri/tauri.conf.json": [
      json({
        identifier: `org.example.${name}`,
        productName: name,
        build: {
          frontendDist: "../frontend",
          beforeBuildCommand: "npx sallyport build",
          beforeDevCommand: "npx sallyport build",
        },
        app: {
          windows: [{ label: "main", title: name, width: 800, height: 600 }],
          security: { pattern: { use: "isolation", options: { dir: "../dist-isolation" } } },
        },
      }),
      "the configuration, as Tauri has it",
    ],
    "src-isolation/index.html": [
      `<!doctype html>\n<script src="index.js"></script>\n`,
      "the page of the isolation app",
    ],
    "src-isolation/index.js": [HOOK, "the guard: every call passes it"],
    "isolation.test.json": [CASES, "what the guard must let through, and what not"],
    "frontend/index.html": [PAGE, "the app's page"],
    "frontend/main.js": [SCRIPT, "the page's script"],
    "core.ts": [CORE, "the Core: what the page can call"],
    ".gitignore": ["node_modules/\ndist-app/\ndist-isolation/\n", "what is made, not written"],
  }
}

const HOOK = `// The guard of this app: every invoke() passes it before it reaches the Core, and what it throws is the caller's answer.
// What is not listed here is refused.

/** Each command that the page may call, and what its arguments must be. */
const ALLOWED = {
  greet: ({ name }) => {
    if (typeof name !== "string" || name.length > 100) throw new Error("a name has at most 100 characters")
  },
}

window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (!Object.hasOwn(ALLOWED, payload.cmd)) throw new Error(\`\${payload.cmd} is not allowed\`)
  ALLOWED[payload.cmd](payload.payload)
  return payload // what is not returned is not forwarded
}
`

const CASES = `[
  { "name": "a name is greeted", "call": { "cmd": "greet", "payload": { "name": "Ada" } }, "expect": "pass" },
  { "name": "but no number", "call": { "cmd": "greet", "payload": { "name": 7 } }, "expect": { "refuse": "at most 100" } },
  { "name": "what is not listed is refused", "call": { "cmd": "remove_all" }, "expect": "refuse" }
]
`

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Hello</title>
    <script type="module" src="main.js"></script>
  </head>
  <body>
    <h1></h1>
    <p>What the guard says of a call that nobody allowed: <code></code></p>
  </body>
</html>
`

const SCRIPT = `// With a bundler: import { createClient } from "sallyport/client", for calls with types.
const { invoke } = window.__TAURI_INTERNALS__

document.querySelector("h1").textContent = await invoke("greet", { name: "Ada" })
// sallyport-ignore-next-line COMMAND_NOT_NAMED: it shows how the hook refuses
document.querySelector("code").textContent = await invoke("remove_all").catch((error) => error.message)
`

const CORE = `import { command, createApp } from "sallyport"
import * as v from "valibot"

const commands = {
  greet: command(v.object({ name: v.string() }), ({ name }) => \`Hello, \${name}!\`),
}
export type Commands = typeof commands

const app = await createApp({ config: "src-tauri/tauri.conf.json", requireIsolation: true, commands })
await app.open("main")
`
