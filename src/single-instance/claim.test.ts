import assert from "node:assert/strict"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { claim } from "./claim.ts"
import { Claimant } from "./claimant.fixture.ts"
import { SocketFolder } from "./socket-folder.ts"

const AT_ONCE = 6

let folder: string
let claimants: Claimant[]
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "sallyport-claim-")), "sockets")
  claimants = []
})
afterEach(async () => {
  await Promise.all(claimants.map((claimant) => claimant.kill()))
  rmSync(join(folder, ".."), { recursive: true, force: true })
})

/** Starts processes, has them claim at the same moment, and returns what each says. */
async function claimAtOnce(count: number): Promise<{ says: string[]; firsts: Claimant[] }> {
  const started = Array.from({ length: count }, () => new Claimant(folder))
  claimants.push(...started)
  for (const claimant of started) assert.equal(await claimant.says(), "ready")
  for (const claimant of started) claimant.go()
  const says = await Promise.all(started.map((claimant) => claimant.says()))
  return { says: says.toSorted(), firsts: started.filter((_, index) => says[index] === "first") }
}

const ONE_FIRST = ["first", ...Array.from({ length: AT_ONCE - 1 }, () => "second")]

test("of several processes that claim at the same moment exactly one is the first", async () => {
  for (let round = 0; round < 3; round++) {
    const { says, firsts } = await claimAtOnce(AT_ONCE)
    assert.deepEqual(says, ONE_FIRST)
    // The sockets of those that are killed are left: the next round meets them.
    await Promise.all(firsts.map((first) => first.kill()))
  }
  assert.equal(readdirSync(folder).length, 1)
})

/** A process that was held up between its look and its try: it has seen no socket. */
class LateFolder extends SocketFolder {
  #looks = 0

  override numbers(): readonly number[] {
    return this.#looks++ === 0 ? [] : super.numbers()
  }
}

for (const number of [1, 2])
  test(`a process that looked before another one took number ${number} does not hold the claim, too`, async () => {
    const mine = new SocketFolder(folder, ["test"])
    if (number === 2) writeFileSync(join(folder, `${nameOf(mine)}.1`), "")
    const held = await claim(mine)
    assert.ok("release" in held)
    assert.deepEqual(mine.numbers(), [number])
    const late = await claim(new LateFolder(folder, ["test"]))
    assert.ok("destroy" in late, "both hold it")
    late.destroy()
    assert.deepEqual(mine.numbers(), [number])
    await held.release()
  })

/** Name of a claim's sockets, without their numbers. */
function nameOf(sockets: SocketFolder): string {
  return basename(sockets.path(1)).replace(/\.1$/, "")
}

test("the claim of a process that releases it is free at once, and leaves no file", async () => {
  const { firsts } = await claimAtOnce(1)
  firsts[0]?.go()
  assert.equal(await firsts[0]?.says(), "released")
  assert.deepEqual(readdirSync(folder), [])
  assert.deepEqual((await claimAtOnce(1)).says, ["first"])
})

test("a file that is no socket, and names that are no number, do not count", async () => {
  const mine = await claim(new SocketFolder(folder, ["test"]))
  assert.ok("release" in mine)
  const [name = ""] = readdirSync(folder)
  await mine.release()
  writeFileSync(join(folder, name), "")
  writeFileSync(join(folder, name.replace(/\d+$/, "x")), "")
  writeFileSync(join(folder, name.replace(/\d+$/, "7")), "")
  const again = await claim(new SocketFolder(folder, ["test"]))
  assert.ok("release" in again)
  await again.release()
})

test("claims of different things do not meet, also in folders with long names", async () => {
  const long = join(folder, "x".repeat(120))
  const held = []
  for (const [where, what] of [
    [folder, "a"],
    [folder, "b"],
    [long, "a"],
    [long, "b"],
  ] as const) {
    const claimed = await claim(new SocketFolder(where, [what]))
    assert.ok("release" in claimed, `${where} ${what}`)
    held.push(claimed)
  }
  const other = await claim(new SocketFolder(long, ["a"]))
  assert.ok("destroy" in other)
  other.destroy()
  for (const one of held) await one.release()
  assert.deepEqual(readdirSync(long), [])
})
