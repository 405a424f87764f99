import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { bundle, SCRIPTS, type Script } from "./embed.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const named = (wanted: string): Script => SCRIPTS.find(({ name }) => name === wanted) ?? assert.fail(wanted)

/** Bytes of the bridge when it travels: people must be able to read all of it. 8 KiB, and what rejects a call that the Core has no memory for. */
const BRIDGE_BYTES = 8.75 * 1024

test(`the bridge is at most ${BRIDGE_BYTES / 1024} KiB gzipped`, async () => {
  const bytes = gzipSync(await bundle(named("bridge"))).length
  assert.ok(bytes <= BRIDGE_BYTES, `${bytes} bytes`)
})

for (const name of ["bridge", "readable-bridge", "sandbox"])
  test(`${name} is one classic script of ASCII, so that its hash is the same in every charset`, async () => {
    const script = await bundle(named(name))
    assert.match(script, /^[\n\x20-\x7e]+$/)
    // Comments hold such words.
    const code = script.replaceAll(/^ *(?:\/\*.*?\*\/|\/\/.*?$)/gms, "")
    assert.doesNotMatch(code, /\b(import|export)\b\s*[{*"'(]/)
    new Function(script)
  })

test("the sandbox's script is readable: it has the names, statements and comments of its source", async () => {
  const script = await bundle(named("sandbox"))
  const files = readdirSync(join(root, "src/boundary/sandbox")).filter((file) => /^[\w-]+\.ts$/.test(file))
  for (const file of files) {
    const source = readFileSync(join(root, "src/boundary/sandbox", file), "utf8")
    assert.ok(script.includes(`// src/boundary/sandbox/${file}`), file)
    const comment = /^\/\*\*.*?\*\//s.exec(source)?.[0].split("\n")[1] ?? ""
    assert.ok(script.includes(comment.trim()), `the comment of ${file}`)
    for (const [, name = ""] of source.matchAll(/^(?:export )?(?:async )?(?:function|class) (\w+)/gm))
      assert.match(script, new RegExp(`(?:function|class) ${name}\\b|var ${name} = class`), `${file}: ${name}`)
  }
  assert.match(script, /\n {6}if \(performance\.now\(\) > deadline\) rejected\(new Rejection\("HOOK_TIMEOUT"\)\);\n/)
})

const ofTauri = SCRIPTS.filter(({ of }) => of !== undefined)

for (const each of ofTauri)
  test(`${each.name}, which is Tauri's, is ASCII, and says whose it is and under which terms`, async () => {
    const script = await bundle(each)
    assert.match(script, /^\/\*! @tauri-apps\/\S+ 2\.\S+ \| Copyright .*Tauri.* \| .*Apache-2\.0 .*MIT \*\//)
    assert.match(script, /^[\n\x20-\x7e]+$/)
  })

test("Tauri's API and the plugins that Sallyport has are there as globals", () =>
  assert.deepEqual(
    ofTauri.map(({ name }) => name),
    ["global-api", "global-fs", "global-opener", "global-store"],
  ))
