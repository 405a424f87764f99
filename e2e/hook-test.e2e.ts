/** `sallyport test`, as its users start it: the program itself, in browsers that it finds itself. */
import assert from "node:assert/strict"
import { spawn, spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { waitFor } from "./drivers/wait-for.ts"

const program = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url))
const example = fileURLToPath(new URL("../examples/notes/", import.meta.url))
const project = mkdtempSync(join(tmpdir(), "sallyport-hook-test-"))
for (const name of ["isolation", "isolation.test.json", "src-tauri"])
  cpSync(join(example, name), join(project, name), { recursive: true })
after(() => rmSync(project, { recursive: true, force: true }))

interface Report {
  readonly passed: number
  readonly failed: number
  readonly cases: readonly { readonly name: string; readonly answer: object; readonly problem: string | null }[]
  readonly fuzz?: readonly { readonly commands: Readonly<Record<string, object>> }[]
}

function run(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, "test", ...flags], { cwd: project, encoding: "utf8" })
}

for (const where of [["--node"], ["--browser", "chromium"], ["--browser", "firefox"]])
  test(`the example's cases pass: ${where.join(" ")}`, () => {
    const { status, stdout, stderr } = run(...where, "--json")
    const report = JSON.parse(stdout) as Report
    assert.deepEqual([status, report.failed], [0, 0], stderr)
    assert.equal(report.passed, 8)
    assert.deepEqual(report.cases[3]?.answer, {
      passed: true,
      cmd: "write_note",
      payload: { path: "a.md", text: "# A" },
    })
  })

test("a browser's frame and Node's realm judge every hostile call alike", () => {
  const [inNode, inBrowser] = [["--node"], []].map((where) => {
    const { status, stdout } = run(...where, "--fuzz", "--json")
    assert.equal(status, 0)
    return (JSON.parse(stdout) as Report).fuzz
  })
  assert.ok(Object.keys(inNode?.[0]?.commands ?? {}).length >= 3)
  assert.deepEqual(inBrowser, inNode)
})

test("a case that fails is explained, and the exit status says so", () => {
  const file = join(project, "failing.json")
  writeFileSync(
    file,
    `[{ "name": "reads a key", "call": { "cmd": "read_note", "payload": { "path": "/key" } }, "expect": "pass" }]`,
  )
  const { status, stdout } = run("--node", file)
  assert.equal(status, 1)
  assert.match(
    stdout,
    /✗ reads a key\n {4}expected it to pass, but it was refused with HOOK_REFUSED: "\/key" is no note/,
  )
  assert.match(stdout, /0 passed, 1 failed/)
})

test("wrong use and wrong files end with 2 and say what to do", () => {
  const rows = [
    [["--brwoser", "firefox"], /did you mean --browser\?/],
    [["--only", "nothing like it", "--node"], /no case has "nothing like it" in its name/],
    [["--node", "none.json"], /none\.json: ENOENT/],
    [
      ["--node", "-c", join(project, "src-tauri/tauri.brownfield.conf.json")],
      /so there is no hook to test: sallyport init adds one/,
    ],
  ] as const
  for (const [flags, message] of rows) {
    const { status, stderr } = run(...flags)
    assert.equal(status, 2)
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, /\n {4}at /)
  }
})

test("--watch runs again when the hook changes, and after a mistake goes on", async () => {
  const watching = spawn(process.execPath, [program, "test", "--node", "--watch"], { cwd: project })
  let output = ""
  for (const stream of [watching.stdout, watching.stderr])
    stream.on("data", (chunk) => {
      output += chunk
    })
  const hook = join(project, "isolation", "index.js")
  try {
    const printed = (text: RegExp): Promise<void> =>
      waitFor(`${text} in what it prints`, async () => text.test(output), 30_000)
    await printed(/8 passed.*Waiting for changes/s)
    output = ""
    writeFileSync(hook, "window.__TAURI_ISOLATION_HOOK__ = (")
    await printed(/Isolation app: .*Waiting for changes/s)
    output = ""
    writeFileSync(hook, "window.__TAURI_ISOLATION_HOOK__ = () => { throw new Error('closed') }")
    await printed(/failed.*Waiting for changes/s)
  } finally {
    watching.kill("SIGINT")
  }
})
