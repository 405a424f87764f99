import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { join, resolve } from "node:path"
import { test } from "node:test"
import { MemoryFiles } from "./memory-files.ts"

const root = resolve("/opt/app")
const held: Readonly<Record<string, string>> = { "a/index.html": "<p>", "a/b/c.js": "1", "ab/d.txt": "" }
const files = new MemoryFiles(root, Object.keys(held), (name) => Buffer.from(held[name] ?? "?"))

test("tells files, folders and nothing apart", () => {
  const kinds = ["a/index.html", "a", "a/b", "ab/d.txt", "a/index", "a/index.html/x", "b", ""]
  assert.deepEqual(
    kinds.map((name) => files.kindOf(join(root, name))),
    ["file", "folder", "folder", "file", "nothing", "nothing", "nothing", "folder"],
  )
  assert.equal(files.kindOf(resolve("/opt/app2")), "nothing")
})

test("reads by absolute path, and nothing that is not carried", () => {
  assert.equal(Buffer.from(files.read(join(root, "a/b/c.js")) ?? []).toString(), "1")
  for (const path of ["a/b/c.js", join(root, "a"), join(root, "../../etc/passwd"), `${join(root, "a/b/c.js")}/`])
    assert.equal(files.read(path), null)
})

test("lists a folder at any depth, and not its namesakes", () => {
  assert.deepEqual(files.list(join(root, "a")), [join(root, "a/b/c.js"), join(root, "a/index.html")])
  assert.deepEqual(files.list(join(root, "nowhere")), [])
})

test("hashes what a file holds", () => {
  const expected = createHash("sha256").update("1").digest("hex")
  const path = join(root, "a/b/c.js")
  assert.deepEqual([files.sha256(path), files.sha256(path), files.sha256(root)], [expected, expected, null])
})
