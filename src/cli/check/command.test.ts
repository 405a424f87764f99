import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { folderWith } from "../../isolation-app/folder.fixture.ts"
import { runCommand } from "../run-command.ts"
import { rememberingTerminal } from "../terminal.fixture.ts"
import { check } from "./command.ts"
import type { JsonReport } from "./json-report.ts"

const GOOD = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd !== "greet") throw new Error(payload.cmd)
  return payload
}
`
const INDEX = '<script src="index.js"></script>'
const config = (dir: string, pattern = "isolation"): string =>
  JSON.stringify({ identifier: "a.b.c", app: { security: { pattern: { use: pattern, options: { dir } } } } })

async function run(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const terminal = rememberingTerminal()
  const status = await runCommand(check, words, "sallyport", terminal)
  return { status, out: terminal.printed.join("\n"), err: terminal.said.join("\n") }
}

async function report(...words: string[]): Promise<JsonReport> {
  const { out, err } = await run(...words, "--json")
  assert.equal(err, "")
  return JSON.parse(out)
}

const codes = ({ findings }: JsonReport): string[] =>
  findings.map(({ code, line, column }) => `${code}:${line}:${column}`)

test("ends with 0 and says so when all is well", async () => {
  const dir = folderWith({ "index.html": INDEX, "index.js": GOOD })
  const { status, out, err } = await run(dir)
  assert.deepEqual([status, err], [0, ""])
  assert.match(out, /^All good: .*, 2 files, 0\.2 KiB, to be built for Sallyport$/)
})

test("prints findings as compilers do, why and how to mend once for each rule", async () => {
  const hook = GOOD.replace("throw new Error(payload.cmd)", "return null").replace("return payload", "\treturn null")
  const dir = folderWith({ "index.html": INDEX, "index.js": hook })
  const { status, out } = await run(dir)
  assert.equal(status, 1)
  const [first = "", second = "", summary = ""] = out.split("\n\n")
  const [head, what, line, carets, ...rest] = first.split("\n")
  assert.equal(head, `${join(dir, "index.js")}:2:32  warning HOOK_RETURNS_NOTHING`)
  assert.deepEqual(
    [what, line, carets],
    [
      "  the hook returns null for a command that it does not name",
      '     2 │   if (payload.cmd !== "greet") return null',
      "       │                                ^^^^^^^^^^^",
    ],
  )
  assert.match(
    rest.join("\n"),
    /^ {2}why {3}To refuse a call, a hook throws.*\n {2}mend {2}To refuse: throw .*\n {2}more {2}docs\/rules\/HOOK_RETURNS_NOTHING\.md$/s,
  )
  assert.deepEqual(second.split("\n").slice(1), [
    "  the hook returns null for greet",
    "     3 │   \treturn null",
    "       │   \t^^^^^^^^^^^",
  ])
  assert.match(summary, /^2 warnings in /)
})

test("what a file holds cannot write to the terminal as it likes, and long lines are cut around the place", async () => {
  const long = `"\u001b[2J\u202e${"x".repeat(300)}"; import("./a.js"); "${"y".repeat(300)}"`
  const dir = folderWith({ "index.html": INDEX, "index.js": `${GOOD}${long}` })
  const { out } = await run(dir)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it must not be there
  assert.doesNotMatch(out, /[\u001b\u202e]/)
  const [, , line = "", carets = ""] = out.split("\n")
  assert.ok(line.length <= 110, String(line.length))
  assert.equal(line.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1), 'import("./a.js")')
})

test("colors only on a terminal, and never with NO_COLOR; data on standard output", () => {
  const dir = folderWith({ "index.html": INDEX, "index.js": "window.__TAURI_ISOLATION_HOOK__ = null" })
  const main = fileURLToPath(new URL("../main.ts", import.meta.url))
  const { FORCE_COLOR: _, ...env } = process.env
  const options = { encoding: "utf8", env: { ...env, NO_COLOR: "1" } } as const
  const plain = spawnSync(process.execPath, [main, "check", dir], options)
  assert.deepEqual([plain.status, plain.stderr], [1, ""])
  assert.equal(plain.stdout.includes("\u001b"), false)
  assert.match(plain.stdout, /HOOK_CHECKS_NOTHING/)
})

test("with --json, prints one object with every finding's place and texts", async () => {
  const dir = folderWith({ "index.html": INDEX, "index.js": "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload" })
  const { findings, ...rest } = await report(dir)
  assert.deepEqual(rest, {
    ok: false,
    dir,
    stage: "source",
    target: "sallyport",
    files: 2,
    bytes: 86,
    errors: 0,
    warnings: 1,
    notes: 0,
  })
  const [{ why, mend, ...finding } = assert.fail()] = findings
  assert.ok(why.length > 20 && mend.length > 20)
  assert.deepEqual(finding, {
    code: "HOOK_CHECKS_NOTHING",
    severity: "warning",
    file: join(dir, "index.js"),
    line: 1,
    column: 35,
    what: "the hook returns every call as it came",
    docs: "docs/rules/HOOK_CHECKS_NOTHING.md",
  })
})

test("finds the isolation app of a project, its source before what is built, and tells Tauri by its Cargo.toml", async () => {
  const files = {
    "src-tauri/tauri.conf.json": config("..\\dist iso"),
    "dist iso/index.html": INDEX,
    "dist iso/index.js": GOOD,
  }
  const project = folderWith(files)
  for (const start of [
    project,
    join(project, "src-tauri"),
    join(project, "src-tauri/tauri.conf.json"),
    join(project, "dist iso"),
  ]) {
    const { dir, stage, target, ok } = await report(start)
    assert.deepEqual(
      { dir, stage, target, ok },
      { dir: join(project, "dist iso"), stage: "built", target: "sallyport", ok: true },
    )
  }
  const tauri = folderWith({
    ...files,
    "src-tauri/Cargo.toml": "",
    "src-isolation/index.html": INDEX,
    "src-isolation/index.js": GOOD,
  })
  const { dir, stage, target, notes } = await report(tauri)
  assert.deepEqual(
    { dir, stage, target, notes },
    { dir: join(tauri, "src-isolation"), stage: "source", target: "tauri", notes: 1 },
  )
  assert.equal((await report(tauri, "--target", "sallyport")).target, "sallyport")
})

const useless: readonly [promise: string, files: Readonly<Record<string, string>>, says: RegExp][] = [
  ["nothing in it", { ".git/HEAD": "" }, /found no isolation app: no index\.html here, and no tauri\.conf\.json/],
  ["a configuration that is none", { "tauri.conf.json": "{" }, /line 1, column 2/],
  [
    "another pattern",
    { "tauri.conf.json": config("iso", "brownfield") },
    /use says "brownfield", so there is no isolation app.*sallyport init/,
  ],
  ["no pattern", { "tauri.conf.json": "{}" }, /use says nothing/],
]
for (const [promise, files, says] of useless) {
  test(`says what to do about a folder with ${promise}, and ends with 2`, async () => {
    const { status, out, err } = await run(folderWith(files))
    assert.deepEqual([status, out], [2, ""])
    assert.match(err, says)
    assert.doesNotMatch(err, /\n +at /)
  })
}

test("words too many, unknown targets and folders that are not there are wrong use", async () => {
  const wrong: readonly [words: string[], says: RegExp][] = [
    [["a", "b"], /"b" is too much/],
    [["--target", "electron"], /expected tauri, sallyport/],
    [["nowhere"], /nowhere: there is no such file or folder$/],
  ]
  for (const [words, says] of wrong) {
    const { status, err } = await run(...words)
    assert.equal(status, 2)
    assert.match(err, says)
  }
})

test("a byte order mark, line ends of Windows, spaces and other letters leave every place where it is", async () => {
  const hook = `\uFEFF// Wächter\r\n${GOOD.replace("throw new Error(payload.cmd)", "return null").replaceAll("\n", "\r\n")}`
  const dir = join(
    folderWith({ "höok app/index.html": `\uFEFF<p>\r\n${INDEX}`, "höok app/index.js": hook }),
    "höok app",
  )
  const found = await report(dir)
  assert.deepEqual(codes(found), ["HOOK_RETURNS_NOTHING:3:32"])
  assert.equal(found.findings[0]?.file, join(dir, "index.js"))
})

test("scripts in the page have their place in the page", async () => {
  const page = `<p>\n  <script>eval("1")</script>\n<script>\n  ${GOOD} fetch("x")</script>`
  const { findings } = await report(folderWith({ "index.html": page }))
  assert.deepEqual(
    findings.map(({ code, line, column }) => [code, line, column]),
    [
      ["EVAL_CALL", 2, 11],
      ["NETWORK_CALL", 8, 2],
    ],
  )
})

test("a script that cannot be parsed is an error with its place; what is in the others is still found", async () => {
  const page = `<body onload="x()"><script src="a.js"></script>${INDEX}`
  const found = await report(
    folderWith({ "index.html": page, "a.js": "let a\nlet b = )", "index.js": `${GOOD}fetch(1)` }),
  )
  assert.deepEqual(codes(found), ["SCRIPT_SYNTAX:2:9", "INLINE_HANDLER:1:7", "NETWORK_CALL:5:1"])
})

test("a module's mistakes are found, too", async () => {
  const found = await report(folderWith({ "index.html": INDEX, "index.js": `${GOOD}export {}\nfetch(1)` }))
  assert.deepEqual(codes(found), ["SCRIPT_IS_MODULE:5:1", "NETWORK_CALL:6:1"])
})

test("HTML that is broken is read as a browser reads it", async () => {
  const page = `<!doctype><html><<div <p onclick=x()</table><script>${GOOD}</script></body></body><script src=`
  const { errors, findings } = await report(folderWith({ "index.html": page }))
  assert.equal(errors, findings.length)
})

test("circles of links, folders and files that may not be read, and large files are findings", async () => {
  const dir = folderWith({
    "index.html": '<script src="a.js"></script><script src="b.js"></script><script src="c.js"></script>',
  })
  symlinkSync("a.js", join(dir, "a.js"))
  writeFileSync(join(dir, "b.js"), "")
  truncateSync(join(dir, "b.js"), 100_000_000)
  mkdirSync(join(dir, "c.js"))
  assert.deepEqual(codes(await report(dir)), [
    "UNREADABLE:null:null",
    "FILE_TOO_LARGE:null:null",
    "UNREADABLE:null:null",
  ])
  if (process.getuid?.() === 0) return
  chmodSync(dir, 0)
  try {
    const { findings } = await report(dir, "--target", "tauri").catch(() => ({ findings: [] }))
    assert.equal(findings[0]?.code ?? "UNREADABLE", "UNREADABLE")
  } finally {
    chmodSync(dir, 0o700)
  }
})

test("hooks that recurse, loop for ever or ask too much end the following, not the check", async () => {
  const hooks = [
    `const f = (x) => f(x)\nwindow.__TAURI_ISOLATION_HOOK__ = (p) => { f(p); ${GOOD.split("\n")[1]}; return p }`,
    `window.__TAURI_ISOLATION_HOOK__ = (p) => { for (;;) { if (p.cmd === "greet") break } return p }`,
    `window.__TAURI_ISOLATION_HOOK__ = (p) => { while (true) {} }`,
    `const a = []; for (;;) a.push(1)\n${GOOD}`,
    `window.__TAURI_ISOLATION_HOOK__ = (p) => { ${"if (p.payload.a.b.c || p.payload[x()]) y(p.payload.z);".repeat(40)} return p }`,
    `window.__TAURI_ISOLATION_HOOK__ = (p) => { if (!/^(a+)+$/.test(p.cmd)) throw new Error(p.cmd); return p }`,
    `${"(".repeat(150)}1${")".repeat(150)}\n${GOOD}`,
  ]
  for (const hook of hooks) {
    const { findings } = await report(folderWith({ "index.html": INDEX, "index.js": hook }))
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "error"),
      [],
      hook.slice(0, 80),
    )
  }
})

test("a comment with a reason turns a rule off for a line or a file, wherever the finding is", async () => {
  const hook = `// sallyport-ignore-file EVAL_CALL: a test of the policy\n${GOOD}eval("1")\neval("2")\n/* sallyport-ignore-next-line NETWORK_CALL, DYNAMIC_IMPORT: it must fail */\nfetch(import("./a.js"))`
  const page = `<!-- sallyport-ignore-next-line INLINE_HANDLER: never runs, and need not -->\n<body onload="x()">${INDEX}`
  const dir = folderWith({
    "tauri.conf.json": config("iso"),
    "iso/index.html": page,
    "iso/index.js": hook,
    "main.js":
      '__TAURI__.core.invoke("greet")\n// sallyport-ignore-next-line COMMAND_NOT_NAMED: the attack panel\n__TAURI__.core.invoke("steal")',
  })
  assert.deepEqual(codes(await report(dir)), [])
})

test("what stops a launch is not turned off", async () => {
  const page = `<!-- sallyport-ignore-next-line SCRIPT_REMOTE: the CDN is ours -->\n<script src="https://a.example/a.js"></script>${INDEX}`
  const found = await report(folderWith({ "index.html": page, "index.js": GOOD }))
  assert.deepEqual(codes(found), ["IGNORE_UNUSED:1:6", "SCRIPT_REMOTE:2:1"])
})

test("checking writes nothing", async () => {
  const dir = folderWith({ "index.html": INDEX, "index.js": GOOD })
  await run(dir)
  assert.equal(readFileSync(join(dir, "index.js"), "utf8"), GOOD)
})

test("the example of this repository, and the app that init makes, are fine", async () => {
  const example = fileURLToPath(new URL("../../../examples/notes", import.meta.url))
  assert.deepEqual(codes(await report(example)), [])
  const dir = join(folderWith({}), "app")
  const main = fileURLToPath(new URL("../main.ts", import.meta.url))
  const made = spawnSync(process.execPath, [main, "init", "--new", dir], { encoding: "utf8" })
  assert.equal(made.status, 0, made.stderr)
  assert.deepEqual(codes(await report(dir)), [])
})
