import assert from "node:assert/strict"
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { test } from "node:test"
import { folderWith } from "../../isolation-app/folder.fixture.ts"
import { checkIsolationApp } from "./check.ts"
import { UNKNOWN_COMMANDS } from "./checked-app.ts"
import { HOOKS } from "./fixtures.fixture.ts"
import { readApp } from "./read-app.ts"

/** A copy of one of the correct hooks, changed. */
function changed(name: string, from: string, to: string): { dir: string; stage: "source" | "built" } {
  const hook = HOOKS.find((path) => basename(path).startsWith(name)) ?? assert.fail(name)
  const isFolder = statSync(hook).isDirectory()
  const script = isFolder ? "hook.js" : hook.endsWith(".ts") ? "index.ts" : "index.js"
  const dir = folderWith({ "index.html": `<script src="${script}"></script>` })
  cpSync(hook, isFolder ? dir : join(dir, script), { recursive: true })
  const file =
    existsSync(join(dir, "commands.js")) && !readFileSync(join(dir, script), "utf8").includes(from)
      ? "lib/paths.js"
      : script
  const text = readFileSync(join(dir, file), "utf8")
  assert.ok(text.includes(from), `${name} has ${from}`)
  writeFileSync(
    join(dir, file),
    text.replace(from, () => to),
  )
  return { dir, stage: script.endsWith(".ts") ? "source" : "built" }
}

/** That nothing is found in them must not mean that nothing is understood. */
const understood: readonly [hook: string, commands: readonly string[]][] = [
  ["switch", ["greet", "add", "version", "plugin:app|name"]],
  ["table-of-validators", ["set_theme", "search", "quit"]],
  ["class", ["list_notes", "read_note", "write_note"]],
  ["async", ["attach", "rename", "ping"]],
  ["early-throw", ["read_file", "write_file", "plugin:dialog|open"]],
  ["map-of-handlers", ["greet", "save_settings", "log"]],
  ["typescript", ["get_task", "list_tasks", "add_task"]],
  ["several-files", ["open_file", "copy_file", "list_files"]],
  ["closures", ["read_file", "send_feedback"]],
  ["allow-list", ["greet", "read_note", "delete_note", "plugin:event|listen", "plugin:event|unlisten"]],
  ["nested-ifs", ["get_settings", "get_user"]],
]

for (const [name, commands] of understood) {
  test(`the hook "${name}" is understood: what it names passes, what it does not is refused for certain`, async () => {
    const { dir, stage } = changed(name, "", "")
    const app = await readApp(dir, { stage, target: "tauri", project: null, commands: null })
    const named = new Set(app.followed.flatMap(({ facts }) => [...facts.names.keys()]))
    for (const command of commands) {
      assert.ok(named.has(command), command)
      const { endings, isCut } = app.follow(command)
      assert.ok(
        endings.some(({ type }) => type === "return"),
        `${command} passes`,
      )
      assert.equal(isCut, false, `${command} is followed to the end`)
    }
    for (const command of UNKNOWN_COMMANDS) {
      const { endings } = app.follow(command)
      assert.ok(endings.length > 0 && endings.every(({ type, isSure }) => type === "throw" && isSure), command)
    }
  })
}

/** One mistake in each of them. */
const broken: readonly [hook: string, from: string, to: string, code: string, line: number][] = [
  ["switch", "throw new Error(`\u0024{payload.cmd} is not allowed`)", "return payload", "UNKNOWN_COMMAND_PASSES", 17],
  ["switch", "throw new Error(`\u0024{payload.cmd} is not allowed`)", "break", "HOOK_RETURNS_NOTHING", 19],
  ["table-of-validators", "return `unknown command \u0024{cmd}`", "return null", "UNKNOWN_COMMAND_PASSES", 32],
  ["table-of-validators", "throw new Error(problem)", "return new Error(problem)", "HOOK_RETURNS_ERROR", 30],
  ["class", 'throw new Refusal(call.cmd, "not allowed")', "return call", "UNKNOWN_COMMAND_PASSES", 20],
  ["class", "    return call\n", "", "HOOK_RETURNS_NOTHING", 24],
  ["async", "  await check(payload)", "  check(payload)", "PROMISE_NOT_AWAITED", 19],
  [
    "async",
    "return Promise.reject(new Error(`\u0024{payload.cmd} is not allowed`))",
    "return undefined",
    "HOOK_RETURNS_NOTHING",
    18,
  ],
  [
    "early-throw",
    'if (normalized.split("/").indexOf("..") !== -1) refuse(path + " leads outside")',
    "",
    "PATH_PREFIX",
    13,
  ],
  ["early-throw", "if (normalized.indexOf(ROOT) !== 0) refuse", "if (false) refuse", "DOTDOT_ONLY", 14],
  ["early-throw", "checkPath(payload.payload.path)", "checkPath(payload.args.path)", "PAYLOAD_ARGS", 20],
  ["map-of-handlers", "?? deny)", "?? ((call) => call))", "UNKNOWN_COMMAND_PASSES", 19],
  ["map-of-handlers", "return call\n", "", "HOOK_RETURNS_NOTHING", 11],
  [
    "typescript",
    "throw new Error(`\u0024{payload.cmd} is not allowed`)",
    "return payload",
    "UNKNOWN_COMMAND_PASSES",
    33,
  ],
  ["typescript", "checks[payload.cmd](payload.payload)", "checks[payload.cmd](payload as any)", "FLAT_ARGUMENT", 16],
  ["several-files", 'refuse(cmd, "not allowed")', "[]", "UNKNOWN_COMMAND_PASSES", 7],
  ["several-files", "rules.forEach(([name, check])", "rules.forEach(async ([name, check])", "PROMISE_NOT_AWAITED", 4],
  [
    "closures",
    'const climbs = path.split(/[\\\\/]+/).some((part) => part === "..")',
    "const climbs = false",
    "PATH_PREFIX",
    16,
  ],
  ["allow-list", "throw error", "return undefined", "HOOK_RETURNS_NOTHING", 18],
  ["allow-list", '["plugin:window|", "plugin:store|"]', '["plugin:"]', "UNKNOWN_COMMAND_PASSES", 15],
  ["regex-router", "/^(get|list)_[a-z]{1,20}$/", "/^[a-z_]+$/", "UNKNOWN_COMMAND_PASSES", 9],
  ["nested-ifs", '  throw new Error("not allowed")', "  return payload", "UNKNOWN_COMMAND_PASSES", 15],
]

for (const [name, from, to, code, line] of broken) {
  test(`one mistake in the hook "${name}" is found: ${code} at line ${line}`, async () => {
    const { dir, stage } = changed(name, from, to)
    const { findings } = await checkIsolationApp({ dir, stage, target: "tauri", project: null })
    const found = findings
      .filter(({ rule }) => rule.severity !== "note")
      .map(({ rule, position }) => `${rule.code}:${position?.line}`)
    assert.ok(found.includes(`${code}:${line}`), found.join(", "))
  })
}
