import assert from "node:assert/strict"
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { executableName, findExecutableMaker } from "./executable.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-executable-")))
after(() => rmSync(temporary, { recursive: true, force: true }))

test("a Node that cannot become an executable is told from one that can", async () => {
  const node = join(temporary, "node")
  writeFileSync(node, "NODE_SEA_FUSE")
  await assert.rejects(
    findExecutableMaker(temporary, node),
    /this Node cannot become an executable of its own.*nodejs\.org/,
  )
  const ours = await findExecutableMaker(fileURLToPath(new URL(".", import.meta.url)))
  assert.equal(ours.node, process.execPath)
})

test("an executable has the app's name, as every file system takes it", () => {
  const name = (productName: string | null): string => executableName({ productName, identifier: "org.example.hello" })
  const ending = process.platform === "win32" ? ".exe" : ""
  const rows = {
    "My Notes": "My Notes",
    "../../etc/passwd": "etc-passwd",
    "a:b\u0000": "a-b",
    "...": "hello",
    "": "hello",
  }
  for (const [written, expected] of Object.entries(rows)) assert.equal(name(written), expected + ending)
  assert.equal(name(null), `hello${ending}`)
})
