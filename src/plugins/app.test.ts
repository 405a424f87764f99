import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { describe, test } from "node:test"
import { appPlugin } from "./app.ts"
import { commandsOf, TestPage } from "./page.fixture.ts"

const HOST = { appName: "Notes", identifier: "org.sallyport.notes", version: "1.2.3" }

describe("the app plugin", () => {
  for (const [command, expected] of [
    ["name", "Notes"],
    ["identifier", "org.sallyport.notes"],
    ["version", "1.2.3"],
    ["bundle_type", null],
    ["default_window_icon", null],
    ["app_show", null],
    ["supports_multiple_windows", true],
  ] as const)
    test(`${command} is ${expected}`, async () => {
      const commands = await commandsOf(appPlugin({ exit: () => assert.fail() }), HOST)
      assert.equal(await new TestPage().call(commands, `plugin:app|${command}`), expected)
    })

  test("tauri_version is that of the @tauri-apps/api that the tests run with", async () => {
    const commands = await commandsOf(appPlugin({ exit: () => assert.fail() }), HOST)
    const { version } = JSON.parse(
      await readFile(new URL(import.meta.resolve("@tauri-apps/api/package.json")), "utf8"),
    ) as { version: string }
    assert.equal(await new TestPage().call(commands, "plugin:app|tauri_version"), version)
  })

  test("exit answers, then ends the app with the code; 0 without one", async () => {
    for (const [args, expected] of [
      [{ code: 3 }, 3],
      [{}, 0],
      [{ code: -1 }, -1],
    ] as const) {
      const codes: number[] = []
      const commands = await commandsOf(appPlugin({ exit: (code) => void codes.push(code) }), HOST)
      assert.equal(await new TestPage().call(commands, "plugin:app|exit", args), null)
      assert.deepEqual(codes, [])
      await new Promise((resolve) => setTimeout(resolve, 1))
      assert.deepEqual(codes, [expected])
    }
  })

  for (const code of ["3", 1.5, 2 ** 31, Number.NaN, {}])
    test(`exit refuses ${JSON.stringify(code)}, and the app goes on`, async () => {
      const commands = await commandsOf(appPlugin({ exit: () => assert.fail() }), HOST)
      await assert.rejects(
        new TestPage().call(commands, "plugin:app|exit", { code }),
        /^invalid args `code` for command `exit`: expected an exit code, an i32$/,
      )
    })

  test("set_app_theme with the theme that holds, the system's, is no error", async () => {
    const commands = await commandsOf(appPlugin({ exit: () => assert.fail() }), HOST)
    assert.equal(await new TestPage().call(commands, "plugin:app|set_app_theme", { theme: null }), null)
  })

  for (const command of [
    "set_app_theme",
    "app_hide",
    "set_dock_visibility",
    "fetch_data_store_identifiers",
    "remove_data_store",
    "register_listener",
    "registerListener",
  ])
    test(`${command} rejects and says why`, async () => {
      const commands = await commandsOf(appPlugin({ exit: () => assert.fail() }), HOST)
      await assert.rejects(new TestPage().call(commands, `plugin:app|${command}`), /is not supported: .{20}/)
    })
})
