import assert from "node:assert/strict"
import { after, before, describe, test } from "node:test"
import type { Browser } from "../contract.ts"
import type { Page } from "../drivers/driver.ts"
import { type ReactApp, type ReactAppOptions, startReactApp } from "../react-app.fixture.ts"

/** Where the React app comes from, and under which policy. */
interface ReactRow {
  readonly what: string
  readonly options: ReactAppOptions
  readonly hasStrictPolicy?: boolean
}

export const REACT_APPS: readonly ReactRow[] = [
  { what: "from Vite's development server", options: { from: "vite" } },
  {
    what: "from Vite's development server, under the strict policy of a configuration that says nothing",
    options: { from: "vite", security: (security) => delete security.csp },
    hasStrictPolicy: true,
  },
  {
    what: "from Vite's development server, under a policy of its own with what the guide says of Vite",
    options: {
      from: "vite",
      security: (security) => {
        security.csp = "default-src 'self'; img-src 'self' data:"
        security.devCsp = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'"
      },
    },
  },
  { what: "built", options: { from: "dist" } },
  {
    what: "built, under the strict policy, prototypes frozen",
    options: {
      from: "dist",
      security: (security) => {
        delete security.csp
        security.freezePrototype = true
      },
    },
    hasStrictPolicy: true,
  },
]

const title = (text: string): string => `return document.querySelector("h1")?.textContent === ${JSON.stringify(text)}`
const greeting = (text: string): string =>
  `return document.querySelector("#greeting").textContent.startsWith(${JSON.stringify(text)})`

/** The frontend that create-tauri-app makes for React, which knows nothing of Sallyport. */
export function reactApp({ what, options }: ReactRow): (browser: Browser) => void {
  return (browser) =>
    describe(`the React app ${what}`, () => {
      let running: ReactApp
      let page: Page
      before(async () => {
        running = await startReactApp(options)
        page = await running.open(browser())
      })
      after(async () => {
        await page?.close()
        await running?.close()
      })

      test("is rendered, with its style and its pictures", async () => {
        await page.waitFor(title("A window of React"))
        await page.waitFor("return getComputedStyle(document.querySelector('main')).display === 'flex'")
        await page.waitFor("return [...document.images].every((image) => image.complete && image.naturalWidth > 0)")
        assert.equal(await page.evaluate("return document.images.length"), 3)
      })

      test("calls the Core through its hook", async () => {
        await page.evaluate("document.querySelector('#greet-input').focus()")
        await page.type("World")
        await page.press("Enter")
        await page.waitFor(greeting("Hello, World!"))
        assert.equal(running.app.pattern, "isolation")
        assert.ok(running.decisions.some((one) => one.kind === "call" && one.command === "greet"))
        const refused = `return __TAURI_INTERNALS__.invoke("greet", { name: "nobody" }).then(() => "greeted", ({ code }) => code)`
        assert.equal(await page.evaluate(refused), "HOOK_REFUSED")
      })

      if (options.from === "vite") hotReload(() => [running, page])
    })
}

function hotReload(now: () => [ReactApp, Page]): void {
  test("a change of a component is shown without a reload, and its state is kept", async () => {
    const [running, page] = now()
    await page.evaluate("window.wasNotReloaded = true")
    await running.edit(page, "src/App.tsx", "A window of React", "A changed window", title("A changed window"))
    assert.equal(await page.evaluate("return window.wasNotReloaded"), true)
    assert.equal(await page.evaluate(greeting("Hello, World!")), true)
  })

  test("a change of a style is shown without a reload", async () => {
    const [running, page] = now()
    const isShown = "return getComputedStyle(document.images[0]).height === '50px'"
    await running.edit(page, "src/App.css", "height: 6em", "height: 50px", isShown)
    assert.equal(await page.evaluate("return window.wasNotReloaded"), true)
  })

  test("a syntax error is shown over the page, and goes when it is mended", async () => {
    const [running, page] = now()
    const overlay = `document.querySelector("vite-error-overlay")`
    const [whole, broken] = ["const [name, setName]", "const [name setName]"]
    await running.edit(
      page,
      "src/App.tsx",
      whole,
      broken,
      `return ${overlay}.shadowRoot.textContent.includes("App.tsx")`,
    )
    await running.edit(page, "src/App.tsx", broken, whole, `return ${overlay} === null`)
    await page.waitFor(title("A changed window"))
  })

  test("modules come with their source maps", async () => {
    const [, page] = now()
    const script = `const text = await (await fetch("/src/App.tsx")).text()
      const [, map] = /sourceMappingURL=data:application\\/json;base64,(\\S+)/.exec(text)
      return JSON.parse(atob(map)).sourcesContent[0].includes("<main className=")`
    assert.equal(await page.evaluate(script), true)
  })
}
