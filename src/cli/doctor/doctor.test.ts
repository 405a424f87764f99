import assert from "node:assert/strict"
import { once } from "node:events"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { test } from "node:test"
import { buildIsolationApp } from "../../isolation-app/build.ts"
import { folderWith } from "../../isolation-app/folder.fixture.ts"
import { runCommand } from "../run-command.ts"
import { rememberingTerminal } from "../terminal.fixture.ts"
import { doctor } from "./command.ts"
import type { Finding, Section } from "./finding.ts"
import { nodeVersion } from "./versions.ts"

const state = folderWith({})
process.env.XDG_STATE_HOME = state

const HOOK = "<script>window.__TAURI_ISOLATION_HOOK__ = (payload) => payload</script>"
const isolation = { use: "isolation", options: { dir: "../isolation" } }
const config = (security: object = {}, rest: object = {}): string =>
  JSON.stringify({
    identifier: "org.example.doctor",
    build: { frontendDist: "../dist" },
    app: { security: { pattern: isolation, ...security } },
    ...rest,
  })

const project = (files: Readonly<Record<string, string>>): string =>
  folderWith({
    "src-tauri/tauri.conf.json": config(),
    "dist/index.html": "<p>",
    "isolation/index.html": HOOK,
    ...files,
  })

/** What is found in a project, by section. */
async function examine(root: string): Promise<{ status: number; of: (section: string) => readonly Finding[] }> {
  const terminal = rememberingTerminal()
  const status = await runCommand(doctor, [root, "--json"], "sallyport", terminal)
  const { sections } = JSON.parse(terminal.printed.join("")) as { sections: Section[] }
  return { status, of: (name) => sections.find((section) => section.name === name)?.findings ?? [] }
}

const states = (findings: readonly Finding[]): string[] => findings.map(({ state }) => state)

test("a project that is in order has no errors", async () => {
  const root = project({})
  await buildIsolationApp({ source: join(root, "isolation"), dir: join(root, "built") })
  writeFileSync(
    join(root, "src-tauri/tauri.conf.json"),
    config({ pattern: { use: "isolation", options: { dir: "../built" } } }),
  )
  const { status, of } = await examine(root)
  assert.equal(status, 0)
  assert.deepEqual(states(of("Isolation app")), ["fine", "fine"])
  assert.deepEqual(states(of("Configuration")), ["fine", "fine"])
  assert.match(
    of("Content Security Policy")[0]?.what ?? "",
    /frame-src 'self' http:\/\/\*\.localhost:<port> http:\/\/127\.0\.0\.1:<port>/,
  )
})

test("everything that a launch would refuse is an error with its mend", async () => {
  const root = project({
    "src-tauri/tauri.conf.json": config({}, { build: { frontendDist: "../nowhere" } }),
    "isolation/index.html": `<script type="module"></script>${HOOK}`,
  })
  const { status, of } = await examine(root)
  assert.equal(status, 1)
  assert.match(of("Configuration").find(({ state }) => state === "error")?.mend ?? "", /build the frontend first/)
  const [module] = of("Isolation app")
  assert.match(module?.what ?? "", /index\.html:1:1: MODULE_SCRIPT$/)
  assert.match(module?.mend ?? "", /without type="module"/)
})

test("an isolation app that was not built since its source changed is a warning", async () => {
  const root = project({ "src-isolation/index.html": HOOK })
  rmSync(join(root, "isolation"), { recursive: true })
  await buildIsolationApp({ source: join(root, "src-isolation"), dir: join(root, "isolation") })
  assert.deepEqual(states((await examine(root)).of("Isolation app")), ["fine", "fine", "fine"])
  writeFileSync(join(root, "src-isolation/index.html"), HOOK.replace("=> payload", "=> ({ ...payload })"))
  const stale = (await examine(root)).of("Isolation app").at(-1)
  assert.deepEqual([stale?.state, stale?.mend], ["warning", "build it: sallyport build"])
})

test("brownfield, and no project at all, are warnings", async () => {
  const brownfield = await examine(project({ "src-tauri/tauri.conf.json": config({ pattern: { use: "brownfield" } }) }))
  assert.match(brownfield.of("Configuration").at(-1)?.mend ?? "", /sallyport init/)
  const nothing = folderWith({ ".git/HEAD": "" })
  assert.match((await examine(nothing)).of("Configuration")[0]?.mend ?? "", /sallyport init --new/)
})

test("a policy that may not be completed says what it lacks", async () => {
  const security = { csp: "default-src 'self'", dangerousDisableAssetCspModification: ["frame-src"] }
  const { status, of } = await examine(project({ "src-tauri/tauri.conf.json": config(security) }))
  assert.equal(status, 1)
  assert.match(of("Content Security Policy").at(-1)?.what ?? "", /lacks frame-src http:\/\/127\.0\.0\.1/)
})

test("in a Tauri project a page's own policy must let the frame in", async () => {
  const meta = (content: string): string => `<meta http-equiv="Content-Security-Policy" content="${content}">`
  const blocked = await examine(project({ "src-tauri/Cargo.toml": "", "dist/index.html": meta("default-src 'self'") }))
  assert.equal(blocked.status, 1)
  assert.match(blocked.of("Content Security Policy")[0]?.mend ?? "", /add isolation: .* to default-src/)
  const open = meta("default-src 'self' isolation: http://isolation.localhost")
  assert.equal((await examine(project({ "src-tauri/Cargo.toml": "", "dist/index.html": open }))).status, 0)
})

test("a port that somebody else took since last time is a warning", async () => {
  const taker = createServer()
  const port = await new Promise<number>((resolve) => {
    taker.listen(0, "127.0.0.1", () => resolve((taker.address() as { port: number }).port))
  })
  const remembered = join(state, "org.example.doctor")
  mkdirSync(remembered)
  writeFileSync(join(remembered, "port"), String(port))
  const [found] = (await examine(project({}))).of("Ports")
  taker.close()
  assert.deepEqual([found?.state, found?.what.includes(`port ${port}`)], ["warning", true])
  rmSync(remembered, { recursive: true })
})

test("a development server is found on whichever address of localhost it listens", async (context) => {
  for (const host of ["127.0.0.1", "::1"]) {
    const server = createServer()
    try {
      await once(server.listen(0, host), "listening")
    } catch {
      context.diagnostic("this machine has no IPv6")
      continue
    }
    const devUrl = `http://localhost:${(server.address() as { port: number }).port}`
    const settings = config({}, { build: { frontendDist: "../dist", devUrl } })
    const found = (await examine(project({ "src-tauri/tauri.conf.json": settings }))).of("Ports").at(-1)
    server.close()
    assert.equal(found?.what, `build.devUrl ${devUrl}: a development server listens`)
  }
})

test("Node is new enough from 22.18 on", () => {
  const rows = [
    ["22.18.0", "fine"],
    ["24.0.0", "fine"],
    ["22.17.1", "error"],
    ["20.19.0", "error"],
  ] as const
  for (const [version, state] of rows) assert.equal(nodeVersion(version).state, state)
})

test("for people it prints marks, mends and a sum", async () => {
  const terminal = rememberingTerminal()
  await runCommand(doctor, [project({ "isolation/index.html": "<p>" })], "sallyport", terminal)
  const text = terminal.printed.join("\n")
  assert.match(text, /\nIsolation app\n {2}✘ .*HOOK_NOT_MENTIONED\n {4}→ set window\.__TAURI_ISOLATION_HOOK__/)
  assert.match(text, /\n1 errors, \d+ warnings$/)
})
