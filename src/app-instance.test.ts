import assert from "node:assert/strict"
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { AppFolder } from "./single-instance/launched-app.fixture.ts"

/** Opens its window, and says what it hears of second launches. SIGTERM closes it. */
const APP = `
const app = await createApp({ config, commands: {} })
console.log(app.second ? "second" : "first")
app.onSecondLaunch((launch) => console.log("launched", JSON.stringify(launch)))
process.on("SIGTERM", () => app.close())
await app.open("main")
console.log("open")
await app.closed
console.log("closed")
`
const ASKED = "org.sallyport.launched already runs, and was asked to show its window\n"
const FIRST = /first[\s\S]*open/

let folder: AppFolder
beforeEach(() => {
  folder = new AppFolder()
})
afterEach(() => folder.remove())

const written = (): readonly string[] =>
  readdirSync(folder.folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.includes("@instances"))
    .sort()

test("a second launch prints one line, writes and starts nothing, resolves to a closed app and ends with 0", async () => {
  const first = folder.start(APP)
  await first.printed(FIRST)
  const before = written()
  const second = folder.start(
    `
    const plugin = { name: "probe", setup: () => { throw new Error("a plugin was set up") } }
    const app = await createApp({ config, commands: {}, plugins: [plugin], audit: "audit.jsonl" })
    if (!app.second || app.origin !== "") throw new Error("it is not second")
    await app.closed
    await app.close()
    app.emit("x")
    const window = await app.open("main")
    await window.closed
    console.log("done")`,
    "--open",
    "a b.txt",
  )
  assert.equal(await second.ended(), 0)
  assert.equal(second.output, `${ASKED}done\n`)
  assert.deepEqual(written(), before)
  await first.printed(/launched/)
  assert.ok(
    first.output.includes(`launched ${JSON.stringify({ args: ["--open", "a b.txt"], cwd: folder.folder })}`),
    first.output,
  )
  await first.kill("SIGTERM")
  assert.match(first.output, /closed\n$/)
  assert.deepEqual(readdirSync(join(folder.folder, "data", "org.sallyport.launched", "windows", "@instances")), [])
})

test("a program that knows nothing of second launches ends by itself, with 0", async () => {
  await folder.start(APP).printed(FIRST)
  const second = folder.start("await (await createApp({ config, commands: {} })).open()")
  assert.deepEqual([await second.ended(), second.output], [0, ASKED])
})

test("of several launches at the same moment exactly one is the first", async () => {
  const apps = Array.from({ length: 4 }, () => folder.start(APP))
  await Promise.all(apps.map((app) => app.printed(/first|second/)))
  const firsts = apps.filter(({ output }) => output.includes("first"))
  assert.equal(firsts.length, 1, apps.map(({ output }) => output).join("---\n"))
  for (const app of apps) if (!firsts.includes(app)) assert.equal(await app.ended(), 0)
})

test("what a first instance that was killed has left is taken over", async () => {
  const first = folder.start(APP)
  await first.printed(FIRST)
  await first.kill("SIGKILL")
  await folder.start(APP).printed(FIRST)
})

test("a first instance that does not answer makes the second an error without a stack, and ends it with 1", async () => {
  const first = folder.start(APP)
  await first.printed(FIRST)
  first.stop()
  const second = folder.start(`
    await createApp({ config, commands: {} }).catch((error) => {
      console.log(error instanceof InstanceError && error.message)
      console.log(error.stack.split("\\n").length)
    })
    await createApp({ config, commands: {} })`)
  assert.equal(await second.ended(), 1)
  const message =
    "org.sallyport.launched already runs, and did not answer within 2 seconds: end its process, then start it again\n"
  assert.ok(second.output.startsWith(`${message}1\n`), second.output)
})

test("a launch while the first instance closes waits for its end, and is the first then", async () => {
  const first = folder.start(`
    const plugin = { name: "slow", setup: () => ({ commands: {}, close }) }
    const close = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3000))
      console.log("closed", Date.now())
    }
    const app = await createApp({ config, commands: {}, plugins: [plugin] })
    await app.open("main")
    console.log("closing")
    await app.close()`)
  await first.printed(/closing/)
  const second = folder.start(`${APP.replace('"first"', '"first " + Date.now()')}`)
  await second.printed(/first \d+/)
  assert.equal(await first.ended(), 0)
  const time = (output: string, name: string): number => Number(new RegExp(`${name} (\\d+)`).exec(output)?.[1])
  assert.ok(time(second.output, "first") >= time(first.output, "closed"), second.output)
  assert.doesNotMatch(first.output, /launched/)
})

test("an app that fails to start leaves its place to the next launch", async () => {
  const failing = folder.start(`
    const plugin = { name: "probe", setup: () => { throw new Error("not today") } }
    await createApp({ config, commands: {}, plugins: [plugin] }).catch((error) => console.log(error.message))
    setInterval(() => {}, 1000)`)
  await failing.printed(/not today/)
  await folder.start(APP).printed(FIRST)
})

test("apps with a show function, singleInstance false or another configuration do not join one that runs", async () => {
  await folder.start(APP).printed(FIRST)
  folder.config("other.conf.json")
  for (const options of [
    "{ config, commands: {}, show: () => {} }",
    "{ config, commands: {}, singleInstance: false }",
    `{ config: "other.conf.json", commands: {} }`,
  ]) {
    const app = folder.start(APP.replace("{ config, commands: {} }", options))
    await app.printed(FIRST)
    await app.kill("SIGKILL")
  }
})

test("apps that hand a show function to open are never second ones", async () => {
  const own = APP.replace('open("main")', 'open("main", () => {})')
  const apps = [folder.start(own), folder.start(own), folder.start(own)]
  for (const app of apps) {
    await app.printed(FIRST)
    assert.doesNotMatch(app.output, /second|launched/)
  }
  await folder.start(APP).printed(FIRST)
})

test("two apps of one process are no second launch", async () => {
  const app = folder.start(`
    const apps = [await createApp({ config, commands: {} }), await createApp({ config, commands: {} })]
    console.log(apps.map(({ second }) => second).join())`)
  await app.printed(/false,false/)
})

test("a second launch opens the window of an app that goes on without one", async () => {
  const first = folder.start(`
    const app = await createApp({ config, commands: {}, keepRunning: true })
    const window = await app.open("main")
    await window.close()
    console.log("first, closed")`)
  await first.printed(/first, closed/)
  const links = (): number => first.output.match(/on this machine:/g)?.length ?? 0
  assert.equal(links(), 1)
  assert.equal(await folder.start(APP).ended(), 0)
  await first.printed(/closed[\s\S]*on this machine:/)
  assert.equal(await folder.start(APP).ended(), 0)
  assert.equal(await folder.start(APP).ended(), 0)
  assert.equal(links(), 2, "a window that is open is not opened again")
})

test("a listener that throws is logged, and its app runs on", async () => {
  const first = folder.start(`
    const app = await createApp({ config, commands: {} })
    app.onSecondLaunch(() => { throw new Error("not now") })
    const stop = app.onSecondLaunch(() => console.log("heard by one that stopped"))
    stop()
    await app.open("main")`)
  await first.printed(/on this machine/)
  assert.equal(await folder.start(APP).ended(), 0)
  await first.printed(/a listener for second launches threw: not now/)
  assert.equal(await folder.start(APP).ended(), 0)
  assert.doesNotMatch(first.output, /heard/)
})

test("where no socket can be made the app starts, and the log says what it cannot tell", async () => {
  const data = join(folder.folder, "data")
  rmSync(data, { recursive: true, force: true })
  const app = folder.start(`
    const { writeFileSync } = await import("node:fs")
    writeFileSync(process.env.XDG_DATA_HOME, "")
    ${APP}`)
  await app.printed(FIRST)
  assert.match(app.output, /cannot tell whether org\.sallyport\.launched already runs: ENOTDIR/)
  assert.equal(existsSync(data) && readFileSync(data, "utf8"), "")
})
