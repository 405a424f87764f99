import assert from "node:assert/strict"
import { spawn, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { fileURLToPath } from "node:url"
import { AppModeWindow } from "./app-mode-window.ts"
import type { AppBrowser } from "./find-browser.ts"
import { openWindow, type WindowOptions } from "./open-window.ts"

const onLinux = { skip: process.platform !== "linux" }
const LINK = "http://localhost:1234/__sallyport__/open#ticket"

let folder: string
let lines: string[]
let options: WindowOptions
const saved = { ...process.env }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-window-"))
  lines = []
  options = {
    label: "main",
    width: 640,
    height: 480,
    identifier: "org.example.app",
    profileRoot: folder,
    log: (line) => lines.push(line),
  }
})
afterEach(() => {
  process.env = { ...saved }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A browser that writes down how it was called, and then does what it is told. */
function fakeBrowser(script: string, ownFolder: string | null = null): AppBrowser {
  const program = join(folder, "browser")
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${folder}/called'\n${script}\n`)
  chmodSync(program, 0o755)
  return { name: "Fake", program, ownFolder }
}

async function calledWith(times = 1): Promise<string[]> {
  for (let wait = 0; wait < 400; wait++) {
    const file = join(folder, "called")
    const args = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []
    if (args.filter((arg) => arg.startsWith("--app=")).length >= times) return args
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error("the browser was not called")
}

const profile = (): string => join(folder, "org.example.app", "windows", "main")

test("a browser is started on a file, in a profile of the app's own and in the configured size; the link is no argument", async () => {
  const window = new AppModeWindow(fakeBrowser("exec sleep 60"), LINK, profile(), options)
  const args = await calledWith()
  const app = args.find((arg) => arg.startsWith("--app=file:"))?.slice("--app=".length) ?? ""
  assert.ok(readFileSync(fileURLToPath(app), "utf8").includes(LINK))
  assert.ok(args.includes(`--user-data-dir=${profile()}`) && args.includes("--window-size=640,480"), args.join(" "))
  assert.ok(!args.join(" ").includes("ticket"))
  window.redeemed()
  assert.equal(existsSync(fileURLToPath(app)), false, "the file is deleted when the page has come")
  await window.close()
})

test("a browser in a container gets the link itself, for it cannot read the file", async () => {
  const window = new AppModeWindow(fakeBrowser("exec sleep 60", folder), LINK, profile(), options)
  assert.ok((await calledWith()).includes(`--app=${LINK}`))
  await window.close()
})

test("where no page comes from the file within five seconds, the link itself is tried", async () => {
  const window = new AppModeWindow(fakeBrowser("exec sleep 60"), LINK, profile(), options)
  assert.ok((await calledWith(2)).includes(`--app=${LINK}`))
  await window.close()
})

test("closing ends the browser, and its end is the window's", async () => {
  const window = new AppModeWindow(fakeBrowser("exec sleep 60"), LINK, profile(), options)
  await calledWith()
  await window.close()
  await window.closed
})

test("a browser ends with the app, also with one that is killed", onLinux, async () => {
  // Chromium ends when its pipe closes.
  const untilPipeCloses = "cat <&3 >/dev/null || exec sleep 60"
  const browser = fakeBrowser(`echo $$ > '${folder}/pid'; echo --app=ready >> '${folder}/called'; ${untilPipeCloses}`)
  const { log: _, ...rest } = options
  const script = `import { AppModeWindow } from ${JSON.stringify(new URL("app-mode-window.ts", import.meta.url).href)}
    new AppModeWindow(${JSON.stringify(browser)}, ${JSON.stringify(LINK)}, ${JSON.stringify(profile())}, { ...${JSON.stringify(rest)}, log: () => {} })`
  // What the app would delete is left, and goes with the folder.
  const app = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: "ignore",
    env: { ...process.env, TMPDIR: folder },
  })
  await calledWith(2)
  app.kill("SIGKILL")
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"))
  const isGone = (): boolean =>
    !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))
  for (let wait = 0; wait < 400 && !isGone(); wait++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(isGone())
})

test("a browser that is told to end at once, and ends well, has not handed over anything", async () => {
  const window = new AppModeWindow(fakeBrowser("trap 'exit 0' TERM; sleep 60 & wait"), LINK, profile(), options)
  await calledWith()
  await window.close()
  await window.closed
  assert.equal(window.kind, "app-window")
})

test("a browser that hands its page to one that runs already has not closed the window", async () => {
  const window = new AppModeWindow(fakeBrowser("exit 0"), LINK, profile(), options)
  await calledWith()
  let isClosed = false
  window.closed.then(() => {
    isClosed = true
  })
  while (window.kind === "app-window") await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(window.kind, "default-browser")
  assert.equal(isClosed, false)
  await window.close()
})

test("a browser that ends badly before its page came says so, and the link is printed", async () => {
  const window = new AppModeWindow(fakeBrowser("exit 21"), LINK, profile(), options)
  while (window.kind === "app-window") await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(window.kind, "printed")
  assert.match(lines.join("\n"), /Fake ended \(exit status 21\) before the page came/)
  assert.ok(lines.at(-1)?.endsWith(LINK), lines.join("\n"))
  await window.close()
})

test("a browser that ends badly after its page came has closed its window", async () => {
  const window = new AppModeWindow(fakeBrowser("sleep 0.2; exit 21"), LINK, profile(), options)
  window.redeemed()
  await window.closed
  assert.ok(!lines.join("\n").includes(LINK))
})

test("a browser that cannot be started for lack of file descriptors says so, and the link is printed", onLinux, () => {
  const program = `
    import { closeSync, openSync } from "node:fs"
    import { AppModeWindow } from ${JSON.stringify(new URL("app-mode-window.ts", import.meta.url))}
    const options = { ...${JSON.stringify(options)}, log: (line) => console.log(line) }
    const browser = { name: "Fake", program: "/bin/true", ownFolder: null }
    // What is printed needs no further descriptor from now on.
    console.log("begins")
    const opened = []
    try { for (;;) opened.push(openSync("/dev/null")) } catch {}
    // Enough to write files, too few for a process with a pipe.
    for (const descriptor of opened.slice(-3)) closeSync(descriptor)
    new AppModeWindow(browser, "${LINK}", ${JSON.stringify(profile())}, options)
    setTimeout(() => process.exit(), 100)`
  const { stdout, stderr } = spawnSync(
    "sh",
    ["-c", 'ulimit -n 100; exec "$0" --input-type=module -e "$1"', process.execPath, program],
    { encoding: "utf8" },
  )
  assert.match(stdout, /Fake could not be started: .*EMFILE/, stderr)
  assert.match(stdout, new RegExp(`${LINK}\n$`))
})

test("a browser that cannot be started says so, and the link is printed", async () => {
  const gone = { name: "Gone", program: join(folder, "nowhere"), ownFolder: null }
  const window = new AppModeWindow(gone, LINK, profile(), options)
  while (window.kind === "app-window") await new Promise((resolve) => setTimeout(resolve, 10))
  assert.match(lines.join("\n"), /Gone could not be started: .*ENOENT/)
  assert.ok(lines.at(-1)?.endsWith(LINK), lines.join("\n"))
})

test("a browser behind walls keeps its profile in the folder that it can write", async () => {
  process.env.DISPLAY = ":1"
  const { profileRoot: _, ...withoutRoot } = options
  const window = openWindow(LINK, withoutRoot, fakeBrowser("exec sleep 60", join(folder, "walls")))
  const args = await calledWith()
  assert.ok(args.includes(`--user-data-dir=${join(folder, "walls", "org.example.app", "windows", "main")}`))
  await window.close()
})

/** A default browser, by the program that Linux desktops ask for it. */
function fakeDefaultBrowser(script: string): void {
  process.env.DISPLAY = ":1"
  process.env.PATH = join(folder, "bin")
  mkdirSync(process.env.PATH)
  writeFileSync(join(process.env.PATH, "xdg-open"), `#!/bin/sh\necho "$1" > '${folder}/opened'\n${script}\n`)
  chmodSync(join(process.env.PATH, "xdg-open"), 0o755)
}

test("without a browser for apps the default one is asked, and whose profile that is, is said", onLinux, async () => {
  fakeDefaultBrowser("exit 0")
  assert.equal(openWindow(LINK, options, null).kind, "default-browser")
  while (!existsSync(join(folder, "opened"))) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(readFileSync(join(folder, "opened"), "utf8").trim(), LINK)
  assert.match(lines.join("\n"), /default browser, with your own profile/)
  assert.ok(!lines.join("\n").includes(LINK))
})

test("a default browser that is not there prints the link", onLinux, async () => {
  fakeDefaultBrowser("exit 3")
  openWindow(LINK, options, null)
  for (let wait = 0; wait < 200 && lines.length < 2; wait++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(lines.at(-1)?.endsWith(LINK), lines.join("\n"))
})

test("without a display the link is printed, once, with what to do", onLinux, () => {
  delete process.env.DISPLAY
  delete process.env.WAYLAND_DISPLAY
  const window = openWindow(LINK, options)
  assert.equal(window.kind, "printed")
  assert.deepEqual(lines, [`Open the window "main" within a minute, in a browser on this machine: ${LINK}`])
})
