import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { imagePlugin } from "./image.ts"
import { commandsOf, TestPage } from "./page.fixture.ts"

const commands = await commandsOf(imagePlugin())

describe("the image plugin", () => {
  test("holds an image for the page that made it", async () => {
    const page = new TestPage()
    const rid = await page.call(commands, "plugin:image|new", { rgba: [1, 2, 3, 4, 5, 6, 7, 8], width: 2, height: 1 })
    assert.deepEqual(await page.call(commands, "plugin:image|size", { rid }), { width: 2, height: 1 })
    assert.deepEqual(await page.call(commands, "plugin:image|rgba", { rid }), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
    await page.resources.close(rid)
    for (const command of ["size", "rgba"])
      await assert.rejects(
        page.call(commands, `plugin:image|${command}`, { rid }),
        (reason) => reason === `The resource id ${rid} is invalid.`,
      )
  })

  test("does not give one page's image, or what is no image, to another", async () => {
    const page = new TestPage()
    const rid = await page.call(commands, "plugin:image|new", { rgba: [], width: 0, height: 0 })
    await assert.rejects(new TestPage().call(commands, "plugin:image|size", { rid }), /is invalid/)
    const file = page.resources.add({})
    await assert.rejects(page.call(commands, "plugin:image|size", { rid: file }), /is invalid/)
  })

  for (const [args, expected] of [
    [{ rgba: [1, 2, 3], width: 1, height: 1 }, /`rgba`.* 1 × 1 pixels has 4 bytes of RGBA, not 3/],
    [{ rgba: [1, 2, 3, 256], width: 1, height: 1 }, /`rgba` for command `new`: expected bytes/],
    [{ rgba: "abcd", width: 1, height: 1 }, /`rgba`/],
    [{ rgba: [], width: -1, height: 1 }, /`width`/],
    [{ rgba: [], width: 1, height: 0.5 }, /`height`/],
    [{}, /`width`/],
  ] as const)
    test(`refuses ${JSON.stringify(args)}`, async () => {
      await assert.rejects(new TestPage().call(commands, "plugin:image|new", args), (reason) =>
        expected.test(String(reason)),
      )
    })

  test("files of images are not decoded, and it says what to do instead", async () => {
    for (const command of ["from_bytes", "from_path"])
      await assert.rejects(new TestPage().call(commands, `plugin:image|${command}`), /createImageBitmap/)
  })

  test("the images of a page hold so many bytes together, and no more", async () => {
    const page = new TestPage()
    const limited = await commandsOf(imagePlugin(12))
    const [large, small] = [
      { rgba: new Array(8).fill(0), width: 2, height: 1 },
      { rgba: [0, 0, 0, 0], width: 1, height: 1 },
    ]
    const rid = await page.call(limited, "plugin:image|new", large)
    await page.call(limited, "plugin:image|new", small)
    await assert.rejects(page.call(limited, "plugin:image|new", small), /at most 12 bytes together/)
    await page.resources.close(rid)
    await page.call(limited, "plugin:image|new", large)
  })
})
