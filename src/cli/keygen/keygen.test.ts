import assert from "node:assert/strict"
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { publicKeyText, readPrivateKey } from "../../isolation-app/signing-key.ts"
import { runCommand } from "../run-command.ts"
import { rememberingTerminal } from "../terminal.fixture.ts"
import { keygen } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-keygen-"))
after(() => rmSync(folder, { recursive: true }))

async function run(...words: readonly string[]) {
  const terminal = rememberingTerminal()
  const status = await runCommand(keygen, words, "sallyport", terminal)
  return { status, out: terminal.printed.join("\n"), err: terminal.said.join("\n") }
}

test("writes a private key for its owner alone, prints the public one alone, and says what to do with both", async () => {
  const file = join(folder, "notes.key")
  const { status, out, err } = await run(file)
  assert.equal(status, 0)
  const key = readPrivateKey(readFileSync(file, "utf8"))
  assert.equal(out, publicKeyText(key))
  assert.ok(err.includes(`createApp({ isolation: { publicKey: "${out}" } })`))
  assert.ok(err.includes(`sallyport build --sign ${file}`))
  assert.match(err, /out of version control/)
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600)
  const secret = readFileSync(file, "utf8").split("\n")[1] ?? ""
  assert.ok(secret.length > 40 && !err.includes(secret))
})

test("with --json, prints one object", async () => {
  const file = join(folder, "json.key")
  const { out, err } = await run(file, "--json")
  const privateKey = readPrivateKey(readFileSync(file, "utf8"))
  assert.deepEqual(JSON.parse(out), { publicKey: publicKeyText(privateKey), privateKeyFile: file })
  assert.equal(err, "")
})

test("never writes over a file, nor where a link leads", async () => {
  const file = join(folder, "old.key")
  writeFileSync(file, "mine")
  chmodSync(file, 0o600)
  symlinkSync(join(folder, "elsewhere"), join(folder, "link.key"))
  for (const name of ["old.key", "link.key"]) {
    const { status, out, err } = await run(join(folder, name))
    assert.deepEqual([status, out], [2, ""])
    assert.match(err, /this file exists, and may be a key that is in use: name another/)
  }
  assert.equal(readFileSync(file, "utf8"), "mine")
  assert.equal(readdirSync(folder).includes("elsewhere"), false)
})

test("says what is in the way", async () => {
  for (const [words, says] of [
    [[join(folder, "nowhere", "a.key")], /the folder of this file does not exist: make it first/],
    [[join(folder, "old.key", "a.key")], /cannot be written: ENOTDIR/],
    [["a.key", "b.key"], /"b\.key" is too much: a key goes into one file/],
  ] as const) {
    const { status, err } = await run(...words)
    assert.equal(status, 2)
    assert.match(err, says)
    assert.doesNotMatch(err, /\n +at /)
  }
})
