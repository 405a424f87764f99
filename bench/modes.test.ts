import assert from "node:assert/strict"
import { test } from "node:test"
import { UsageError } from "../src/cli/command-line.ts"
import { checkModes, type ModeFlags } from "./modes.ts"

const NONE: ModeFlags = {
  profile: false,
  scaling: false,
  sweep: [],
  browser: [],
  quick: false,
  json: false,
  write: false,
}

const ROWS: readonly (readonly [name: string, flags: Partial<ModeFlags>, expected: RegExp | null])[] = [
  ["none", {}, null],
  ["the usual, quickly, in one browser", { quick: true, browser: ["firefox"] }, null],
  ["--profile in one browser", { profile: true, browser: ["webkit"] }, null],
  ["--scaling of one thing", { scaling: true, sweep: ["hook"], json: true }, null],
  ["--scaling in Chromium", { scaling: true, browser: ["chromium"] }, null],
  ["--profile --write", { profile: true, write: true }, null],
  ["--scaling --write", { scaling: true, write: true }, null],
  ["--profile --write of one browser", { profile: true, write: true, browser: ["firefox"] }, /leave out --browser/],
  ["--scaling --write of one thing", { scaling: true, write: true, sweep: ["hook"] }, /leave out --sweep/],
  ["both modes", { profile: true, scaling: true }, /one after the other/],
  ["--sweep alone", { sweep: ["hook"] }, /--scaling/],
  ["--sweep of a profile", { sweep: ["hook"], profile: true }, /--scaling/],
  ["--quick --scaling", { scaling: true, quick: true }, /--quick .* --scaling takes/],
  ["--quick --profile", { profile: true, quick: true }, /--quick .* --profile takes/],
  ["--scaling in Firefox", { scaling: true, browser: ["firefox"] }, /Chromium: leave --browser out/],
]

for (const [name, flags, expected] of ROWS)
  test(`${name}: ${expected === null ? "taken" : "refused"}`, () => {
    const check = (): void => checkModes({ ...NONE, ...flags })
    if (expected === null) check()
    else
      assert.throws(check, (error: unknown) => {
        assert.ok(error instanceof UsageError)
        assert.match(error.message, expected)
        return true
      })
  })
