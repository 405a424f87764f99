import assert from "node:assert/strict"
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { fileURLToPath } from "node:url"
import { eventually } from "./plugins/plugin.fixture.ts"
import type { FromStoreProcess, ToStoreProcess } from "./store-process.fixture.ts"

const IDENTIFIER = "org.sallyport.stores"
let folder: string
let file: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-stores-"))
  await mkdir(join(folder, "frontend"))
  await mkdir(join(folder, "data", IDENTIFIER), { recursive: true })
  await writeFile(
    join(folder, "tauri.conf.json"),
    JSON.stringify({ identifier: IDENTIFIER, build: { frontendDist: "frontend" } }),
  )
  file = join(folder, "data", IDENTIFIER, "settings.json")
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill("SIGKILL")
    await once(child, "exit")
  }
  await rm(folder, { recursive: true })
})

/** An instance of the app, and what its page may do with a store. */
class Instance {
  readonly logged: string[] = []
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (message: FromStoreProcess & { kind: "answer" }) => void>()
  #count = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on("message", (message: FromStoreProcess) => {
      if (message.kind === "log") this.logged.push(message.line)
      if (message.kind === "answer") this.#waiting.get(message.id)?.(message)
    })
  }

  static async start(): Promise<Instance> {
    const child = fork(fileURLToPath(new URL("store-process.fixture.ts", import.meta.url)), [folder], {
      env: { ...process.env, XDG_DATA_HOME: join(folder, "data"), XDG_STATE_HOME: join(folder, "state") },
      // Most of an app's start is spent on its types.
      execArgv: [
        "--disable-warning=ExperimentalWarning",
        `--import=${new URL("../scripts/cached-types.mjs", import.meta.url)}`,
      ],
    })
    children.push(child)
    const instance = new Instance(child)
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error("it has ended")))
      child.on("message", (message: FromStoreProcess) => message.kind === "ready" && resolve())
    })
    return instance
  }

  async call(command: string | null, args: object = {}): Promise<unknown> {
    const id = ++this.#count
    const answer = new Promise<FromStoreProcess & { kind: "answer" }>((resolve) => this.#waiting.set(id, resolve))
    this.#child.send({ id, command, args } satisfies ToStoreProcess)
    const { value, error } = await answer
    if (error !== undefined) throw new Error(error)
    return value
  }

  load(options: object = { autoSave: false }): Promise<unknown> {
    return this.call("load", { path: "settings.json", options })
  }

  end(): Promise<unknown> {
    return this.call(null)
  }
}

const both = async (): Promise<[Instance, Instance]> => [await Instance.start(), await Instance.start()]
const content = async (): Promise<unknown> => JSON.parse(await readFile(file, "utf8"))

test("an instance that changes nothing does not write back what it has loaded", async () => {
  // As another writer formats it: no line feed at the end.
  await writeFile(file, '{"theme":"light","size":1}')
  const [a, b] = await both()
  await a.load({})
  const rid = await b.load({})
  await b.call("set", { rid, key: "theme", value: "dark" })
  await b.call("save", { rid })
  const saved = await readFile(file, "utf8")
  await b.end()
  await a.end()
  assert.equal(await readFile(file, "utf8"), saved)
  assert.deepEqual(JSON.parse(saved), { theme: "dark", size: 1 })
})

test("two instances keep each other's changes and deletions, and the later one wins where both change a key", async () => {
  await writeFile(file, '{"a":1,"b":1,"both":1,"gone":1,"kept":1}')
  const [first, second] = await both()
  const ofFirst = await first.load()
  const rid = await second.load()
  await first.call("set", { rid: ofFirst, key: "a", value: 2 })
  await first.call("set", { rid: ofFirst, key: "both", value: "a" })
  await second.call("set", { rid, key: "b", value: 2 })
  await second.call("set", { rid, key: "both", value: "b" })
  await second.call("delete", { rid, key: "gone" })
  await second.call("set", { rid, key: "new", value: { deep: [1] } })
  await second.call("save", { rid })
  await first.end()
  assert.deepEqual(await content(), { a: 2, b: 2, both: "a", kept: 1, new: { deep: [1] } })
  // The second has the first one's changes with its next save, and its own are not written again.
  await writeFile(file, JSON.stringify({ ...((await content()) as object), b: 3 }))
  await second.call("save", { rid })
  assert.deepEqual(await second.call("get", { rid, key: "b" }), [3, true])
  assert.deepEqual(await second.call("get", { rid, key: "a" }), [2, true])
  await second.end()
  assert.deepEqual(await content(), { a: 2, b: 3, both: "a", kept: 1, new: { deep: [1] } })
})

test("instances that save at the same time lose nothing", async () => {
  const instances = await both()
  await Promise.all(
    instances.map(async (instance, owner) => {
      const rid = await instance.load({ autoSave: 0 })
      for (let key = 0; key < 40; key++) {
        await instance.call("set", { rid, key: `${owner}-${key}`, value: key })
        await instance.call("save", { rid })
      }
      await instance.end()
    }),
  )
  assert.equal(Object.keys((await content()) as object).length, 80)
  assert.deepEqual(await readdir(join(folder, "data", IDENTIFIER)), ["settings.json"])
  assert.deepEqual(await readdir(join(folder, "state", IDENTIFIER, "store-locks")), [])
})

test("clearing a store clears what this instance knows, and leaves what another one has added", async () => {
  await writeFile(file, '{"old":1}')
  const [a, b] = await both()
  const rid = await a.load()
  const ofB = await b.load()
  await b.call("set", { rid: ofB, key: "added", value: 1 })
  await b.call("save", { rid: ofB })
  await a.call("clear", { rid })
  await a.end()
  assert.deepEqual(await content(), { added: 1 })
  await b.end()
  assert.deepEqual(await content(), { added: 1 })
})

test("what another instance has made no JSON stays as it is, and the entries are beside it when the app ends", async () => {
  await writeFile(file, '{"a":1}')
  const a = await Instance.start()
  const rid = await a.load({ autoSave: 1 })
  await writeFile(file, '{"a":1,')
  await a.call("set", { rid, key: "b", value: 2 })
  await eventually("it is logged", () =>
    a.logged.some((line) => /settings\.json cannot be saved: it is no JSON/.test(line)),
  )
  await assert.rejects(a.call("save", { rid }), /cannot be saved: it is no JSON .* stays as it is/)
  await a.end()
  assert.equal(await readFile(file, "utf8"), '{"a":1,')
  assert.deepEqual(JSON.parse(await readFile(`${file}.unsaved`, "utf8")), { a: 1, b: 2 })
  assert.match(
    a.logged.at(-1) ?? "",
    /could not be saved: .*it is no JSON.*; its entries are in .*settings\.json\.unsaved/,
  )
})
