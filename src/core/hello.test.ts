import assert from "node:assert/strict"
import { test } from "node:test"
import { readHello } from "./hello.ts"

test("gives the credential of a hello of this version", () => {
  assert.equal(readHello('{"hello":1,"credential":"abc","more":{}}'), "abc")
})

test("reads a hello of 1,024 characters, and none that is longer", () => {
  const hello = (size: number): string => `{"hello":1,"credential":"${"a".repeat(size - 27)}"}`
  assert.equal(hello(1024).length, 1024)
  assert.notEqual(readHello(hello(1024)), null)
  assert.equal(readHello(hello(1025)), null)
})

for (const [name, message] of [
  ["bytes", new TextEncoder().encode('{"hello":1,"credential":"abc"}')],
  ["nothing", ""],
  ["no JSON", "hello"],
  ["null", "null"],
  ["a number", "1"],
  ["a list", '[1,"abc"]'],
  ["no version", '{"credential":"abc"}'],
  ["version 0", '{"hello":0,"credential":"abc"}'],
  ["version 2", '{"hello":2,"credential":"abc"}'],
  ["a version that is text", '{"hello":"1","credential":"abc"}'],
  ["no credential", '{"hello":1}'],
  ["a credential that is null", '{"hello":1,"credential":null}'],
  ["a credential that is a list", '{"hello":1,"credential":["abc"]}'],
  ["both in a __proto__", '{"__proto__":{"hello":1,"credential":"abc"}}'],
  ["deep nesting", `${"[".repeat(1000)}`],
] as const) {
  test(`takes for no hello: ${name}`, () => assert.equal(readHello(message), null))
}
