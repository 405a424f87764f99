import assert from "node:assert/strict"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"

const NO_DECODER = "The Core decodes no image files; the page can, and give the pixels to `Image.new`."

export const imageCases: readonly Case[] = [
  {
    shows: ["image.Image.new", "image.Image.rgba", "image.Image.size", "image.Image.constructor"],
    name: "holds pixels in the Core and gives them back, until it is closed",
    async run({ page }) {
      const script = `const image = await tauri.image.Image.new(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2, 1)
        const again = new tauri.image.Image(image.rid)
        const seen = { rgba: [...await image.rgba()], size: await again.size(), is: image instanceof tauri.core.Resource }
        window.image = image
        await again.close()
        return seen`
      assert.deepEqual(await page.evaluate(script), {
        rgba: [1, 2, 3, 4, 5, 6, 7, 8],
        size: { width: 2, height: 1 },
        is: true,
      })
      await refused(page, "image.size()", /^The resource id \d+ is invalid\.$/)
    },
  },
  {
    shows: "image.Image.new",
    name: "refuses pixels that are too few for the size",
    async run({ page }) {
      await refused(page, "tauri.image.Image.new([1, 2, 3], 1, 1)", /`rgba`.* 1 × 1 pixels has 4 bytes of RGBA, not 3$/)
    },
  },
  {
    shows: ["image.Image.fromBytes", "image.Image.fromPath"],
    name: "rejects, and says what to do instead",
    verdict: "refused",
    reason: NO_DECODER,
    async run({ page }) {
      await refused(page, "tauri.image.Image.fromBytes(Uint8Array.of(1))", /from_bytes is not supported: .*Image\.new/)
      await refused(page, `tauri.image.Image.fromPath("/icon.png")`, /from_path is not supported: .*Image\.new/)
    },
  },
  {
    shows: "image.transformImage",
    name: "makes of an image what arguments can hold",
    async run({ page }) {
      const script = `const { Image, transformImage } = tauri.image
        return [transformImage(new Image(5)), transformImage("icon.png"), transformImage([1]), transformImage(null)]`
      assert.deepEqual(await page.evaluate(script), [5, "icon.png", [1], null])
    },
  },
]
