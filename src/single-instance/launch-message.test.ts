import assert from "node:assert/strict"
import { test } from "node:test"
import { LAUNCH_ARGUMENTS, LAUNCH_BYTES, readLaunch, writeLaunch } from "./launch-message.ts"

const read = (text: string | Buffer): unknown => readLaunch(Buffer.from(text as string))

test("a launch is read as it was written, whatever its arguments hold", () => {
  for (const args of [[], ["a b", "ü\n\u2028", '"', "--x=1", ""], ["\ud800"]]) {
    const line = writeLaunch({ args, cwd: "/home/me" })
    assert.equal(line.indexOf("\n"), line.length - 1)
    assert.deepEqual(read(line.slice(0, -1)), { args, cwd: "/home/me" })
  }
})

test("a launch that is malformed is null", () => {
  for (const text of [
    "",
    "null",
    "1",
    "[]",
    "{",
    "{}",
    '{"args":[]}',
    '{"cwd":"/"}',
    '{"args":{},"cwd":"/"}',
    '{"args":{"length":1,"0":"a"},"cwd":"/"}',
    '{"args":[1],"cwd":"/"}',
    '{"args":[null],"cwd":"/"}',
    '{"args":[["a"]],"cwd":"/"}',
    '{"args":["a\\u0000b"],"cwd":"/"}',
    '{"args":[],"cwd":""}',
    '{"args":[],"cwd":"here"}',
    '{"args":[],"cwd":"/a\\u0000"}',
    '{"args":[],"cwd":["/"]}',
    '{"__proto__":{"args":[],"cwd":"/"}}',
    Buffer.from('{"args":["\xff"],"cwd":"/"}', "latin1"),
  ])
    assert.equal(read(text), null, String(text))
})

test("only own properties count", () => {
  const polluted = Object.prototype as { args?: unknown; cwd?: unknown }
  polluted.args = ["of the prototype"]
  polluted.cwd = "/"
  try {
    assert.equal(read("{}"), null)
    assert.equal(read('{"args":[]}'), null)
  } finally {
    delete polluted.args
    delete polluted.cwd
  }
})

test("a launch has at most 64 KiB and 1,024 arguments, for both sides", () => {
  const most = Array.from({ length: LAUNCH_ARGUMENTS }, () => "")
  assert.notEqual(read(writeLaunch({ args: most, cwd: "/" }).slice(0, -1)), null)
  assert.throws(() => writeLaunch({ args: [...most, ""], cwd: "/" }), /too long/)
  assert.equal(read(JSON.stringify({ args: [...most, ""], cwd: "/" })), null)

  const around = JSON.stringify({ args: [""], cwd: "/" }).length
  const longest = "x".repeat(LAUNCH_BYTES - around)
  assert.notEqual(read(writeLaunch({ args: [longest], cwd: "/" }).slice(0, -1)), null)
  assert.throws(() => writeLaunch({ args: [`${longest}x`], cwd: "/" }), /too long/)
  assert.equal(read(JSON.stringify({ args: [`${longest}x`], cwd: "/" })), null)
})
