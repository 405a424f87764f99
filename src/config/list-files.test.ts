import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { symlinkSync } from "node:fs"
import { join } from "node:path"
import { describe, test } from "node:test"
import { appWith, named, problemsIn } from "./capability-files.fixture.ts"
import { readConfig } from "./config.ts"

describe("the folder", () => {
  const outside = appWith({ "a.json": named("outside"), "capabilities/b.json": named("b") })
  const links: readonly (readonly [promise: string, name: string, target: string, says: RegExp | null])[] = [
    [
      "a link out of it is refused",
      "a.json",
      join(outside, "a.json"),
      /is a link to .*a\.json: put the files themselves/,
    ],
    [
      "a link to a folder beside it is refused",
      "a.json",
      "../capabilities-old/a.json",
      /is a link to .*capabilities-old/,
    ],
    ["a link to a folder is refused", "more", join(outside, "capabilities"), /is a link to .*capabilities: put/],
    ["a link to a folder in it is refused", "more", "deep", /is a link to .*deep: put/],
    ["a link to nothing is refused", "a.json", "nothing", /is a link to nothing/],
    ["a link that nothing would read is left alone", "a.txt", join(outside, "a.json"), null],
    ["a link to a file in it is followed", "a.json", join("deep", "b.txt"), null],
  ]
  for (const [promise, name, target, says] of links)
    test(promise, async () => {
      const folder = appWith({ "capabilities/deep/b.txt": named("in it"), "capabilities-old/a.json": named("old") })
      symlinkSync(target, join(folder, "capabilities", name))
      if (says === null) {
        const { capabilities } = await readConfig(folder)
        assert.deepEqual(
          capabilities?.map(({ identifier }) => identifier),
          name === "a.json" ? ["in it"] : undefined,
        )
        return
      }
      const [problem, ...more] = await problemsIn(folder)
      assert.deepEqual([problem?.code, problem?.file, more], ["LINK_OUTSIDE", join(folder, "capabilities", name), []])
      assert.match(problem?.message ?? "", says)
    })

  test("holds files: what would never end is not read", async () => {
    const folder = appWith({ "capabilities/b.json": named("b") })
    const pipe = join(folder, "capabilities", "a.json")
    execFileSync("mkfifo", [pipe])
    const problems = await problemsIn(folder)
    assert.deepEqual(problems, [{ code: "UNREADABLE", file: pipe, path: null, message: "is no file" }])
  })

  test("may itself be a link", async () => {
    const folder = appWith({})
    symlinkSync(join(outside, "capabilities"), join(folder, "capabilities"))
    assert.deepEqual(
      (await readConfig(folder)).capabilities?.map(({ origin }) => origin.file),
      [join(folder, "capabilities", "b.json")],
    )
  })

  test("that is a file is refused", async () => {
    const [problem] = await problemsIn(appWith({ capabilities: "" }))
    assert.deepEqual([problem?.code, problem?.message], ["UNREADABLE", "is no folder"])
  })

  test("that cannot be read is refused", async () => {
    const folder = appWith({})
    // Whoever runs the tests may read everything; nobody gets to the end of this.
    symlinkSync("capabilities", join(folder, "capabilities"))
    const [problem, ...more] = await problemsIn(folder)
    assert.deepEqual([problem?.code, problem?.file, more], ["UNREADABLE", join(folder, "capabilities"), []])
    assert.match(problem?.message ?? "", /^cannot be read: ELOOP/)
  })
})
