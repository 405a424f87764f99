import assert from "node:assert/strict"
import { test } from "node:test"
import { gzipSync } from "node:zlib"
import { bundle, SCRIPTS, tauriNotice } from "./embed.ts"

/** Bytes that each script may have when it travels: people must be able to read all of it. */
const ROWS = [
  // 8 KiB, what rejects a call that the Core has no memory for, and what decides whether the Core may have seen one.
  ["the bridge", "src/page/bridge.ts", 8.75 * 1024],
  // 5 KiB, the walk that takes the place of a reviver, and the copy that reads each property of what a hook returned once.
  ["the sandbox's runtime", "src/boundary/sandbox/runtime.ts", 5.75 * 1024],
] as const

for (const [name, entry, limit] of ROWS) {
  test(`${name} is at most ${limit / 1024} KiB gzipped`, async () => {
    const bytes = gzipSync(await bundle(entry)).length
    assert.ok(bytes <= limit, `${bytes} bytes`)
  })

  test(`${name} is one classic script of ASCII, so that its hash is the same in every charset`, async () => {
    const script = await bundle(entry)
    assert.match(script, /^[\n\x20-\x7e]+$/)
    assert.doesNotMatch(script, /\b(import|export)\b\s*[{*"'(]/)
    new Function(script)
  })
}

const ofTauri = SCRIPTS.filter(({ of }) => of !== undefined)

for (const { name, entry, of } of ofTauri)
  test(`${name}, which is Tauri's, is ASCII, and says whose it is and under which terms`, async () => {
    const script = await bundle(entry, await tauriNotice(...(of ?? ["", ""])))
    assert.match(script, /^\/\*! @tauri-apps\/\S+ 2\.\S+ \| Copyright .*Tauri.* \| .*Apache-2\.0 .*MIT \*\//)
    assert.match(script, /^[\n\x20-\x7e]+$/)
  })

test("Tauri's API and the plugins that Sallyport has are there as globals", () =>
  assert.deepEqual(
    ofTauri.map(({ name }) => name),
    ["global-api", "global-fs", "global-opener", "global-store"],
  ))
