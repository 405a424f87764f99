import assert from "node:assert/strict"
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { startTestApp, type TestApp } from "../fixture.ts"

/** One red pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
)
const TELLS = "parent.postMessage('ran', '*'); top.ran = true"

/** A second of silence, as a RIFF file of 8-bit samples. */
function wav(): Buffer {
  const header = Buffer.alloc(44)
  header.write("RIFF")
  header.writeUInt32LE(36 + 8000, 4)
  header.write("WAVEfmt ", 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(8000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write("data", 36)
  header.writeUInt32LE(8000, 40)
  return Buffer.concat([header, Buffer.alloc(8000, 128)])
}

/** Script: whether a picture of a file loads. */
const loads = (path: string): string => `return new Promise((resolve) => { const image = new Image()
  image.onload = () => resolve(image.naturalWidth > 0); image.onerror = () => resolve(false)
  image.src = __TAURI_INTERNALS__.convertFileSrc(${JSON.stringify(path)}) })`

/** Files of the user's that pages reach through `convertFileSrc()`. */
export function assets(browser: Browser): void {
  describe("assets", () => {
    let folder: string
    let testApp: TestApp
    let page: Page
    const start = async (security: object): Promise<void> => {
      const scope = { allow: [`${folder}/open/**`], deny: [`${folder}/open/private/**`] }
      testApp = await startTestApp({ commands: {}, security: { assetProtocol: { enable: true, scope }, ...security } })
      page = await testApp.open(browser())
    }
    const stop = async (): Promise<void> => {
      await page.close()
      await testApp.close()
    }
    before(async () => {
      folder = await realpath(await mkdtemp(join(tmpdir(), "sallyport-assets-")))
      await mkdir(join(folder, "open", "private"), { recursive: true })
      for (const [name, bytes] of [
        ["open/a red pixel & more.png", PNG],
        ["open/private/key.png", PNG],
        ["outside.png", PNG],
        ["open/silence.wav", wav()],
        ["open/page.html", `<script>${TELLS}</script><p>text</p>`],
        [
          "open/drawing.svg",
          `<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><script>${TELLS}</script></svg>`,
        ],
        ["open/code.js", "self.ran = true; self.postMessage('ran')"],
      ] as const)
        await writeFile(join(folder, name), bytes)
      await start({})
    })
    after(async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    })
    const path = (name: string): string => JSON.stringify(join(folder, name))

    test("a picture in the scope is shown, one outside and one that is denied are not", async () => {
      assert.equal(await page.evaluate(loads(join(folder, "open/a red pixel & more.png"))), true)
      assert.equal(await page.evaluate(loads(join(folder, "outside.png"))), false)
      assert.equal(await page.evaluate(loads(join(folder, "open/private/key.png"))), false)
      assert.equal(await page.evaluate(loads(join(folder, "open/../outside.png"))), false)
    })

    test("fetch gets the file, parts of it, and nothing outside", async () => {
      const script = `const ask = async (path, headers = {}) => { const response = await fetch(__TAURI_INTERNALS__.convertFileSrc(path), { headers })
          return [response.status, response.headers.get("content-type"), response.headers.get("content-range"), (await response.arrayBuffer()).byteLength] }
        return [await ask(${path("open/silence.wav")}), await ask(${path("open/silence.wav")}, { range: "bytes=0-43" }), await ask(${path("outside.png")})]`
      const type = "audio/wav"
      const [whole, part, outside] = await page.evaluate<unknown[][]>(script)
      assert.deepEqual(whole, [200, type, null, 8044])
      assert.deepEqual(part, [206, type, "bytes 0-43/8044", 44])
      assert.deepEqual([outside?.[0], outside?.[3]], [403, 0])
    })

    test("sound is played from it", async () => {
      const script = `return new Promise((resolve) => { const audio = new Audio()
        audio.onloadedmetadata = () => resolve(Math.round(audio.duration)); audio.onerror = () => resolve("error " + audio.error.message)
        audio.src = __TAURI_INTERNALS__.convertFileSrc(${path("open/silence.wav")}) })`
      assert.equal(await page.evaluate(script), 1)
    })

    test("nothing in it runs: as a script, in a frame, as a drawing", async () => {
      const script = `window.ran = undefined; addEventListener("message", ({ data }) => { if (data === "ran") window.ran = true })
        const load = (tag, attribute, name) => new Promise((resolve) => { const element = document.createElement(tag)
          element.onload = () => resolve("loaded"); element.onerror = () => resolve("refused")
          element[attribute] = __TAURI_INTERNALS__.convertFileSrc(${path("open/")} + name); document.body.append(element)
          if (tag !== "script") setTimeout(resolve, 1000, "silent") })
        const asScript = await load("script", "src", "code.js")
        await Promise.all([load("iframe", "src", "page.html"), load("iframe", "src", "drawing.svg"), load("object", "data", "drawing.svg")])
        const asModule = await import(__TAURI_INTERNALS__.convertFileSrc(${path("open/code.js")})).then(() => "loaded", () => "refused")
        const asWorker = await new Promise((resolve) => { const worker = new Worker(__TAURI_INTERNALS__.convertFileSrc(${path("open/code.js")}))
          worker.onerror = () => resolve("refused"); worker.onmessage = () => resolve("ran") })
        return [asScript, asModule, asWorker, window.ran ?? "nothing ran"]`
      assert.deepEqual(await page.evaluate(script), ["refused", "refused", "refused", "nothing ran"])
    })

    test("a policy written for Tauri lets them through where it names them, and nowhere else", async () => {
      await stop()
      await start({ csp: "default-src 'self'; img-src asset: http://asset.localhost; media-src blob:" })
      assert.equal(await page.evaluate(loads(join(folder, "open/a red pixel & more.png"))), true)
      const script = `return new Promise((resolve) => { const audio = new Audio()
        audio.onloadedmetadata = () => resolve("loaded"); audio.onerror = () => resolve("refused")
        audio.src = __TAURI_INTERNALS__.convertFileSrc(${path("open/silence.wav")}) })`
      assert.equal(await page.evaluate(script), "refused")
    })
  })
}

/** An app whose configuration says nothing of assets. */
export function assetsDisabled(browser: Browser): void {
  test("assets are not there unless the configuration enables them", async () => {
    const testApp = await startTestApp({ commands: {} })
    const page = await testApp.open(browser())
    const script = `return fetch(__TAURI_INTERNALS__.convertFileSrc("/etc/hostname")).then(({ status }) => status)`
    assert.equal(await page.evaluate(script), 404)
    await page.close()
    await testApp.close()
  })
}
