import assert from "node:assert/strict"
import { readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, test } from "node:test"
import { at, startFs } from "./fs.fixture.ts"

const LIMIT = 200_000
const fs = await startFs({ maxReadBytes: LIMIT })
after(() => fs.close())

/** All lines, as the page's side decodes them. */
async function lines(content: string | Uint8Array, encoding?: string): Promise<string[]> {
  await writeFile(join(fs.appData, "lines"), content)
  const rid = await fs.call("read_text_file_lines", at("lines", encoding === undefined ? {} : { encoding }))
  const all: string[] = []
  for (;;) {
    const line = (await fs.call("read_text_file_lines_next", { rid })) as Uint8Array
    if (line.at(-1) === 1) break
    all.push(new TextDecoder(encoding ?? "utf-8", { ignoreBOM: true }).decode(line.subarray(0, -1)))
  }
  await assert.rejects(fs.call("read_text_file_lines_next", { rid }), /is invalid/)
  return all
}

const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16()

for (const [name, content, encoding, expected] of [
  ["nothing", "", undefined, []],
  ["one line", "a", undefined, ["a"]],
  ["an end at the end", "a\nb\n", undefined, ["a", "b"]],
  ["empty lines", "\n\na\n\n", undefined, ["", "", "a", ""]],
  ["Windows' ends", "a\r\nb\r\n\r\nc\r", undefined, ["a", "b", "", "c"]],
  ["UTF-16, little end first", Buffer.from("a\r\nĊ\nb", "utf16le"), "utf-16le", ["a", "Ċ", "b"]],
  ["UTF-16, big end first", utf16be("a\r\n\u0a00\u000a\u0100b"), "utf-16be", ["a", "\u0a00", "\u0100b"]],
] as const)
  test(`reads ${name} line by line`, async () => assert.deepEqual(await lines(content, encoding), expected))

test("lines go across the pieces that a file is read in", async () => {
  const long = [..."abc"].map((letter) => letter.repeat(65_535))
  assert.deepEqual(await lines(long.join("\n")), long)
  const odd = ["x".repeat(32_767), "y".repeat(40_001)]
  assert.deepEqual(await lines(Buffer.from(odd.join("\n"), "utf16le"), "utf-16le"), odd)
})

test("a line that is too long is an error, and closes the file", async () => {
  await writeFile(join(fs.appData, "lines"), "x".repeat(LIMIT + 70_000))
  const before = (await readdir("/proc/self/fd")).length
  const rid = await fs.call("read_text_file_lines", at("lines"))
  await assert.rejects(fs.call("read_text_file_lines_next", { rid }), /a line is longer than 200000 bytes/)
  await assert.rejects(fs.call("read_text_file_lines_next", { rid }), /is invalid/)
  assert.equal((await readdir("/proc/self/fd")).length, before)
})

test("the lines of a file that is no longer wanted are closed", async () => {
  await writeFile(join(fs.appData, "lines"), "a\nb\n")
  const before = (await readdir("/proc/self/fd")).length
  const rid = await fs.call("read_text_file_lines", at("lines"))
  await fs.call("read_text_file_lines_next", { rid })
  await fs.first.resources.close(rid)
  assert.equal((await readdir("/proc/self/fd")).length, before)
})
