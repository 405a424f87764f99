import assert from "node:assert/strict"
import { command } from "sallyport"
import type { TestAppOptions } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"

export const coreApp: Partial<TestAppOptions> = {
  commands: {
    echo: command((args) => args),
  },
}

export const coreCases: readonly Case[] = [
  {
    shows: "core.isTauri",
    name: "says true",
    async run({ page }) {
      assert.equal(await page.evaluate("return tauri.core.isTauri()"), true)
    },
  },
  {
    shows: "core.invoke",
    name: "gives a command its arguments and the page its answer",
    async run({ page }) {
      assert.deepEqual(await page.evaluate(`return tauri.core.invoke("echo", { a: [1, "b", null] })`), {
        a: [1, "b", null],
      })
    },
  },
]
