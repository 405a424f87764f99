import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { test } from "node:test"

/** Has a process print a function of a module, and the stack of an error from there. */
function printed(...flags: readonly string[]): string {
  const module = JSON.stringify(new URL("selection.ts", import.meta.url).href)
  const program = `const { selection } = await import(${module})
    console.log(String(selection))
    try { selection({ SALLYPORT_TESTS: "most" }) } catch (error) { console.log(error.stack) }`
  const args = ["--disable-warning=ExperimentalWarning", ...flags, "--input-type=module", "-e", program]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" })
  assert.equal(status, 0, stderr)
  return stdout
}

test("a module from the cache is what Node makes of its file, with each line and column where it was", () => {
  const flag = `--import=${new URL("cached-types.mjs", import.meta.url)}`
  const plain = printed()
  assert.match(plain, /selection\.ts:\d+:\d+/)
  // Once to fill the cache, once from it.
  assert.equal(printed(flag), plain)
  assert.equal(printed(flag), plain)
})
