import assert from "node:assert/strict"
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { setImmediate } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { makeThrowAway, type ThrowAway } from "../examples/notes/core/folders.ts"
import { runApp } from "../examples/notes/core/run-app.ts"
import type { TourResult } from "../examples/notes/core/tour.ts"
import { type Driver, launch, type Page } from "./drivers/driver.ts"
import { eventually } from "./fixture.ts"

/** A PNG of one dot. */
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

const main = fileURLToPath(new URL("../examples/notes/core/main.ts", import.meta.url))
/** What the example would leave in the user's folders goes here. */
const state = mkdtempSync(join(tmpdir(), "sallyport-notes-state-"))
process.env.XDG_STATE_HOME = state
after(() => rmSync(state, { recursive: true, force: true }))

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

test("a flag that does not exist: where to read of those that do", () => {
  const { stderr } = spawnSync(process.execPath, [main, "--headles"], { encoding: "utf8" })
  assert.match(stderr, /npm start -- --help/)
})

test("ended from outside, twice as npm does it, or with a broken configuration, it leaves no copy of the notes", async () => {
  const temporary = join(state, "temporary")
  mkdirSync(temporary)
  // Without a display the link is printed.
  const env = { ...process.env, DISPLAY: "", WAYLAND_DISPLAY: "", TMPDIR: temporary }
  const notes = join(state, "notes")
  const child = spawn(process.execPath, [main, "--notes", notes], { env, stdio: ["ignore", "ignore", "pipe"] })
  let words = ""
  child.stderr.on("data", (chunk) => {
    words += chunk
  })
  const ended = once(child, "exit")
  await eventually("it prints its link", () => words.includes("/__sallyport__/open#"))
  assert.ok(readdirSync(temporary).some((name) => name.startsWith("sallyport-notes-")))
  // Again and again, for the second one to meet it while it clears up.
  while (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM")
    await setImmediate()
  }
  await ended
  assert.deepEqual(readdirSync(temporary), [])

  const broken = spawnSync(process.execPath, [main, "--notes", notes, "--config", "/no/such.json"], {
    env,
    encoding: "utf8",
  })
  assert.equal(broken.status, 2)
  assert.match(broken.stderr, /no such file/)
  assert.deepEqual(readdirSync(temporary), [])
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
  /** The open note's text on disk whenever the window asked for the other pattern. */
  const switches: string[] = []
  const onDisk = (name: string): string => readFileSync(join(folder.notes, name), "utf8")
  const answer = async (keys: string, name: string): Promise<void> => {
    await page.press(keys)
    await page.waitFor("return document.getElementById('ask').open")
    await page.type(name)
    await page.press("Enter")
  }
  const open = async (name: string): Promise<void> => {
    await page.evaluate(`document.querySelector('[data-name="${name}"]').click()`)
    await page.waitFor(`return document.getElementById("status").textContent === "${name}"`)
  }
  const said = (words: RegExp): Promise<void> =>
    page.waitFor(
      `const toast = document.getElementById("toast"); return !toast.hidden && ${words}.test(toast.textContent)`,
    )

  before(async () => {
    driver = await launch("chromium")
    folder = await makeThrowAway()
    app = await runApp({
      pattern: "isolation",
      folder: folder.notes,
      secret: folder.secret,
      switchPattern: () => void switches.push(onDisk("Ideas.md")),
      config: null,
      inBrowser: false,
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

  test("it begins with the note that explains it, and arrow keys lead from the search into the list", async () => {
    await page.waitFor("return document.getElementById('status').textContent === 'Welcome.md'")
    await page.press("Alt+f")
    await page.press("ArrowDown")
    await page.press("ArrowDown")
    assert.equal(await page.evaluate("return document.activeElement.dataset.name"), "Ideas.md")
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
    await page.waitFor("return document.getElementById('status').textContent === 'Keyboard.md'")

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
    await said(/HOOK_REFUSED: "..\/outside.md" is no note/)
  })
  test("a new note, and a renamed one, never take the place of another", async () => {
    const before = onDisk("Ideas.md")
    await answer("Alt+n", "Ideas")
    await said(/there is a note "Ideas.md" already/)
    assert.equal(onDisk("Ideas.md"), before)
    await open("Shopping.md")
    await answer("F2", "Ideas.md")
    await said(/there is a note "Ideas.md" already/)
    assert.equal(onDisk("Ideas.md"), before)
    assert.ok(existsSync(join(folder.notes, "Shopping.md")))
  })

  test("what cannot be saved is said, stays in the editor, and is saved when it can be", async () => {
    const file = join(folder.notes, "Shopping.md")
    await open("Shopping.md")
    rmSync(file)
    mkdirSync(file)
    await page.type("cheese ")
    await said(/EISDIR|ENOTEMPTY|EEXIST/)
    await page.waitFor("return document.getElementById('status').textContent === 'Shopping.md, NOT saved'")
    await page.evaluate(`document.getElementById("toast").hidden = true
      document.querySelector('[data-name="Ideas.md"]').click()`)
    await said(/EISDIR|ENOTEMPTY|EEXIST/)
    rmSync(file, { recursive: true })
    await page.press("Control+s")
    await page.waitFor("return document.getElementById('status').textContent === 'Shopping.md, saved'")
    assert.match(onDisk("Shopping.md"), /^cheese # Shopping/)
    assert.deepEqual(
      readdirSync(folder.notes).filter((name) => name.endsWith(".new")),
      [],
    )
  })

  test("what was typed is saved before the app starts again with the other pattern", async () => {
    await open("Ideas.md")
    await page.type("at the last moment ")
    await page.evaluate("document.getElementById('brownfield').click()")
    await eventually("the window asks for brownfield", () => switches.length === 1)
    assert.match(switches[0] ?? "", /^at the last moment # Ideas/)
  })

  test("an image with brackets in its name is attached and shown", async () => {
    await open("Ideas.md")
    await page.evaluate(`const bytes = Uint8Array.from(atob("${DOT}"), (character) => character.charCodeAt(0))
      const chosen = new DataTransfer()
      chosen.items.add(new File([bytes], "a dot [2] (1).png", { type: "image/png" }))
      document.getElementById("file").files = chosen.files
      document.getElementById("file").dispatchEvent(new Event("change"))`)
    await page.waitFor("return [...document.images].some(({ naturalWidth }) => naturalWidth === 1)")
    assert.ok(existsSync(join(folder.notes, "attachments", "a dot [2] (1).png")))
  })

  test("its keys work where Alt types another letter, as on a Mac", async () => {
    await page.evaluate(
      `dispatchEvent(new KeyboardEvent("keydown", { key: "˜", code: "KeyN", altKey: true, cancelable: true }))`,
    )
    await page.waitFor("return document.getElementById('ask').open")
    await page.press("Escape")
    await page.waitFor("return !document.getElementById('ask').open")
  })
})
