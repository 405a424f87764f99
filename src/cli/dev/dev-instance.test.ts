import assert from "node:assert/strict"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import type { ToCore } from "../../dev-messages.ts"
import { AppFolder } from "../../single-instance/launched-app.fixture.ts"
import { DevInstance } from "./dev-instance.ts"

const LAUNCH = { args: [], cwd: "/" }
const APP = `
const app = await createApp({ config, commands: {} })
console.log(app.second ? "second" : "first")
await app.open("main")`

let folder: AppFolder
let told: ToCore[]
let dev: DevInstance
const saved = { ...process.env }
beforeEach(() => {
  folder = new AppFolder()
  process.env.XDG_DATA_HOME = join(folder.folder, "data")
  told = []
  dev = new DevInstance(
    (message) => told.push(message),
    (line) => assert.fail(line),
  )
})
afterEach(async () => {
  await dev.end()
  process.env = { ...saved }
  await folder.remove()
})
const onLinux = { skip: process.platform !== "linux" }
const instance = (): { identifier: string; config: string } => ({
  identifier: "org.sallyport.launched",
  config: join(folder.folder, "tauri.conf.json"),
})

test("a Core that starts again is the first instance again, and hears of second launches", onLinux, async () => {
  for (let core = 0; core < 2; core++) await dev.take(instance(), LAUNCH)
  assert.deepEqual(told.splice(0), [
    { kind: "instance", outcome: "first" },
    { kind: "instance", outcome: "first" },
  ])
  dev.shows()
  const second = folder.start(APP, "--file")
  assert.equal(await second.ended(), 0)
  assert.match(second.output, /second/)
  assert.deepEqual(told, [{ kind: "launched", launch: { args: ["--file"], cwd: folder.folder } }])
})

test("launches that come while no Core runs are for the next one", onLinux, async () => {
  await dev.take(instance(), LAUNCH)
  dev.shows()
  dev.coreEnds()
  told = []
  for (const file of ["a", "b"]) assert.equal(await folder.start(APP, file).ended(), 0)
  assert.deepEqual(told, [])
  await dev.take(instance(), LAUNCH)
  assert.deepEqual(told, [
    { kind: "instance", outcome: "first" },
    ...["a", "b"].map((file) => ({ kind: "launched", launch: { args: [file], cwd: folder.folder } })),
  ])
})

test("a Core whose app already runs elsewhere is a second launch", onLinux, async () => {
  await folder.start(APP).printed(/on this machine/)
  await dev.take(instance(), LAUNCH)
  assert.deepEqual(told, [{ kind: "instance", outcome: "second" }])
})

test("a first instance that does not answer is an error for the Core", onLinux, async () => {
  const first = folder.start(APP)
  await first.printed(/on this machine/)
  first.stop()
  await dev.take(instance(), LAUNCH)
  const [message] = told
  assert.ok(message?.kind === "instance" && typeof message.outcome === "object")
  assert.match(message.outcome.error, /did not answer within 2 seconds/)
})

test("an app that shows its windows by a function of its own gives its place up", onLinux, async () => {
  await dev.take(instance(), LAUNCH)
  await dev.end()
  await folder.start(APP).printed(/first/)
})
