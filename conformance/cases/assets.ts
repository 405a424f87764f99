import assert from "node:assert/strict"
import { join } from "node:path"
import type { TestAppOptions } from "../../e2e/fixture.ts"
import type { Case } from "../case.ts"

export const assetsApp: Partial<TestAppOptions> = {
  security: { assetProtocol: { enable: true, scope: ["$RESOURCE/frontend/*.txt"] } },
  extra: { "an asset & more.txt": "from the disk" },
}

export const assetsCases: readonly Case[] = [
  {
    shows: "core.convertFileSrc",
    name: "gives an address at which the page finds the file, where the configuration opens it",
    async run({ page, testApp }) {
      const open = join(testApp.folder, "frontend", "an asset & more.txt")
      const closed = join(testApp.folder, "tauri.conf.json")
      const script = `return Promise.all([${JSON.stringify(open)}, ${JSON.stringify(closed)}].map(async (path) => {
        const response = await fetch(tauri.core.convertFileSrc(path))
        return [response.status, await response.text()] }))`
      assert.deepEqual(await page.evaluate(script), [
        [200, "from the disk"],
        [403, ""],
      ])
    },
  },
]
