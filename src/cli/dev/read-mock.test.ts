import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { command } from "../../core/command.ts"
import { asMock, readMock } from "./read-mock.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-mock-"))
after(() => rmSync(folder, { recursive: true, force: true }))

test("reads TypeScript: the default export, or the export commands", async () => {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }')
  for (const [name, text] of [
    ["a.ts", "export default { greet: (args: { name: string }) => args.name }"],
    ["b.ts", "export const commands = { greet: (args: { name: string }) => args.name }"],
  ] as const) {
    writeFileSync(join(folder, name), text)
    assert.deepEqual(Object.keys((await readMock(join(folder, name))).commands), ["greet"])
  }
})

test("commands of plugins become plugins, each of whose commands its default grants", () => {
  const { commands, plugins } = asMock("m.ts", {
    own: () => 1,
    "plugin:dialog|open": () => 2,
    "plugin:dialog|save": command(() => 3),
    "plugin:shell|open": () => 4,
  })
  assert.deepEqual(Object.keys(commands), ["own"])
  assert.deepEqual(
    plugins.map(({ name, permissions }) => [name, permissions?.default?.commands?.allow]),
    [
      ["dialog", ["open", "save"]],
      ["shell", ["open"]],
    ],
  )
})

test("says what a file lacks", () => {
  assert.throws(() => asMock("m.ts", undefined), /^TypeError: m\.ts: found no commands: export default \{/)
  assert.throws(() => asMock("m.ts", () => {}), /m\.ts: found no commands/)
  for (const value of [1, null, {}, "text"])
    assert.throws(() => asMock("m.ts", { greet: value }), {
      message: 'm.ts: "greet" is neither a function nor a command()',
    })
})
