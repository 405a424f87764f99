import assert from "node:assert/strict"
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { fileURLToPath } from "node:url"
import { makeThrowAway, type ThrowAway } from "../examples/notes/core/folders.ts"
import { runApp } from "../examples/notes/core/run-app.ts"
import type { TourResult } from "../examples/notes/core/tour.ts"
import { type Driver, launch, type Page } from "./drivers/driver.ts"
import { eventually } from "./fixture.ts"

const main = fileURLToPath(new URL("../examples/notes/core/main.ts", import.meta.url))

test("the tour: isolation stops every attack, brownfield none, and one JSON object says so", () => {
  const { status, stdout } = spawnSync(process.execPath, [main, "--headless", "--json"], {
    encoding: "utf8",
    timeout: 55_000,
  })
  const { ok, pattern, calls, attacks } = JSON.parse(stdout) as TourResult
  assert.equal(status, 0)
  assert.deepEqual({ ok, pattern }, { ok: true, pattern: "isolation" })
  assert.ok(calls >= 4, `${calls} calls`)
  const stopped = (id: string, by: string): object => ({ id, isolation: "stopped", by, brownfield: "succeeded" })
  assert.deepEqual(attacks, [
    stopped("read-outside", "hook"),
    stopped("path-traversal", "hook"),
    stopped("delete-all", "hook"),
    stopped("forge-frame", "core"),
    stopped("replay-frame", "core"),
    stopped("around-the-sandbox", "core"),
  ])
})

test("the tour tells a guard that lets everything pass: ok is false, and the exit status says so", () => {
  const broken = mkdtempSync(join(tmpdir(), "sallyport-broken-"))
  mkdirSync(join(broken, "isolation"))
  writeFileSync(join(broken, "isolation", "index.html"), "<script>window.__TAURI_ISOLATION_HOOK__ = null</script>")
  const frontend = fileURLToPath(new URL("../examples/notes/frontend", import.meta.url))
  const config = {
    identifier: "org.sallyport.notes",
    build: { frontendDist: frontend },
    app: { security: { pattern: { use: "isolation", options: { dir: "isolation" } } } },
  }
  writeFileSync(join(broken, "tauri.conf.json"), JSON.stringify(config))
  const { status, stdout } = spawnSync(process.execPath, [main, "--headless", "--json", "--config", broken], {
    encoding: "utf8",
    timeout: 55_000,
  })
  rmSync(broken, { recursive: true })
  const { ok, attacks } = JSON.parse(stdout) as TourResult
  assert.deepEqual({ status, ok }, { status: 1, ok: false })
  assert.deepEqual(
    attacks.map(({ id, isolation }) => `${id} ${isolation}`),
    [
      "read-outside succeeded",
      "path-traversal succeeded",
      "delete-all succeeded",
      "forge-frame stopped",
      "replay-frame stopped",
      "around-the-sandbox stopped",
    ],
  )
})

test("wrong flags end with 2 and say what is wrong; --help helps", () => {
  const wrong = spawnSync(process.execPath, [main, "--headles"], { encoding: "utf8" })
  assert.equal(wrong.status, 2)
  assert.match(wrong.stderr, /--headles/)
  assert.equal(wrong.stdout, "")
  assert.match(execFileSync(process.execPath, [main, "--help"], { encoding: "utf8" }), /--screenshot FILE/)
})

test("the isolation app is one script of at most 60 lines", async () => {
  const script = await readFile(fileURLToPath(new URL("../examples/notes/isolation/index.js", import.meta.url)), "utf8")
  assert.ok(script.trimEnd().split("\n").length <= 60)
})

describe("its window", () => {
  let driver: Driver
  let folder: ThrowAway
  let app: Awaited<ReturnType<typeof runApp>>
  let page: Page

  before(async () => {
    driver = await launch("chromium")
    folder = await makeThrowAway()
    app = await runApp({
      pattern: "isolation",
      folder: folder.notes,
      secret: folder.secret,
      switchPattern: () => {},
      config: null,
    })
    await app.open("main", async (url) => {
      page = await driver.open(url)
    })
    await page.waitFor("return document.querySelectorAll('#notes button').length === 3")
  })
  after(async () => {
    await page.close()
    await driver.close()
    await app.close()
    await folder.remove()
  })

  test("a note is made, written, renamed, found and deleted by keyboard alone", async () => {
    await page.press("Alt+n")
    await page.waitFor("return document.getElementById('ask').open")
    await page.type("Keys")
    await page.press("Enter")
    await page.waitFor("return document.getElementById('status').textContent.startsWith('Keys.md')")
    await page.press("Control+End")
    await page.type("typed by hand")
    await page.press("Control+s")
    await eventually("the note is saved", () => existsSync(join(folder.notes, "Keys.md")))
    await page.waitFor("return document.getElementById('status').textContent.includes('saved')")
    assert.match(await readFile(join(folder.notes, "Keys.md"), "utf8"), /typed by hand/)

    await page.press("F2")
    await page.waitFor("return document.getElementById('ask').open")
    await page.type("Keyboard")
    await page.press("Enter")
    await eventually("the note is renamed", () => existsSync(join(folder.notes, "Keyboard.md")))

    await page.press("Alt+f")
    await page.type("by hand")
    await page.waitFor("return document.querySelectorAll('#notes button').length === 1")
    assert.equal(await page.evaluate("return document.querySelector('#notes button').dataset.name"), "Keyboard.md")

    await page.press("Alt+Backspace")
    await page.waitFor("return document.getElementById('ask').open")
    await page.press("Enter")
    await eventually("the note is deleted", () => !existsSync(join(folder.notes, "Keyboard.md")))
  })

  test("what the Core refuses is shown with its code", async () => {
    await page.evaluate(
      "document.getElementById('search').value = ''; document.getElementById('search').dispatchEvent(new Event('input'))",
    )
    await page.press("Alt+n")
    await page.waitFor("return document.getElementById('ask').open")
    await page.type("../outside")
    await page.press("Enter")
    await page.waitFor("return !document.getElementById('toast').hidden")
    assert.match(
      await page.evaluate("return document.getElementById('toast').textContent"),
      /HOOK_REFUSED: "..\/outside.md" is no note/,
    )
  })
})
