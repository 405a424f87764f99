import assert from "node:assert/strict"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { section, writeDocument } from "./document.ts"
import { PEERS } from "./peers/index.ts"
import { RESULTS } from "./results.fixture.ts"

test("the section says on what, in which browser, and what, with the peers' versions and where their calls end", () => {
  const text = section(RESULTS).join("\n")
  assert.match(
    text,
    /^Machine: 2 cores \(Some processor\), 16 GiB, Some Linux 12, Node 22\.23\.3\. Version 0\.1\.0, one run of 2026-11\./,
  )
  assert.match(text, /\*\*Chromium 156\.0\.1\*\*/)
  assert.match(text, /\| 20,000 calls issued at once, calls\/s +\| +250,000 \| +300,000 \| +0\.84 \|/)
  assert.doesNotMatch(text, /\*\*Firefox/)
  for (const { title } of PEERS) assert.match(text, new RegExp(`^- ${title} \\(\\S+ \\d+\\.\\d+\\.\\d+`, "m"))
  assert.equal(text.match(/Its calls end in the frame/g)?.length, 2)
})

test("figures and charts are written, and prose stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-document-"))
  try {
    const file = join(folder, "benchmarks.md")
    await writeFile(file, "# Benchmarks\n\nProse.\n")
    await writeDocument(RESULTS, folder)
    const once = await readFile(file, "utf8")
    await writeDocument(RESULTS, folder)
    assert.equal(await readFile(file, "utf8"), once)
    assert.match(once, /^# Benchmarks\n\nProse\.\n/)
    const shown = [...once.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, name]) => name)
    assert.deepEqual((await readdir(folder)).sort(), [...shown, "benchmarks.md"].sort())
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
