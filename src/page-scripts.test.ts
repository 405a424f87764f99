import assert from "node:assert/strict"
import { describe, test } from "node:test"
import type { Plugin } from "./core/plugin.ts"
import { GLOBAL_API } from "./embedded/global-api.ts"
import { GLOBAL_FS } from "./embedded/global-fs.ts"
import { GLOBAL_STORE } from "./embedded/global-store.ts"
import { pageScripts } from "./page-scripts.ts"
import { testConfig } from "./server/server.fixture.ts"

const plugin = (name: string, initScript?: string): Plugin => ({
  name,
  setup: () => ({ commands: {} }),
  ...(initScript !== undefined && { initScript }),
})
const scriptsOf = (...scripts: readonly string[]): readonly string[] =>
  pageScripts(
    testConfig({}),
    scripts.map((script, index) => plugin(`p${index}`, script)),
  )

describe("scripts behind the bridge", () => {
  test("are those of plugins that have one, in order, each in a function of its own", () => {
    const scripts = pageScripts(testConfig({}), [plugin("a", "let x = 1"), plugin("b"), plugin("c", "let x = 2")])
    assert.deepEqual(scripts, ["(function(){\nlet x = 1\n})()", "(function(){\nlet x = 2\n})()"])
  })

  test("begin with Tauri's API where the configuration asks for it, and only there", () => {
    const plugins = [plugin("a", "1")]
    assert.deepEqual(pageScripts(testConfig({ withGlobalTauri: true }), plugins).length, 2)
    assert.equal(pageScripts(testConfig({ withGlobalTauri: true }), plugins)[0], GLOBAL_API)
    assert.ok(!pageScripts(testConfig({}), plugins).includes(GLOBAL_API))
  })

  test("hold the JavaScript of Tauri's plugins that the app has, before those of any plugin", () => {
    const plugins = [plugin("a", "1"), plugin("store"), plugin("fs")]
    const scripts = pageScripts(testConfig({ withGlobalTauri: true }), plugins)
    assert.deepEqual(scripts.slice(1, 3), [GLOBAL_STORE, GLOBAL_FS])
    assert.equal(scripts.length, 4)
    assert.equal(pageScripts(testConfig({}), plugins).length, 1)
  })

  test("are ASCII with line feeds, whatever they hold, and mean the same", () => {
    const text = "return ['é', `😀\r\nx`, /[ä-ü]/.test('ö'), 'a\u0000b'] // ende: größer"
    const [script = ""] = scriptsOf(text)
    assert.match(script, /^[\n\x20-\x7e]+$/)
    const result = new Function(`return ${script}`)() as unknown
    assert.deepEqual(result, ["é", "😀\nx", true, "a\0b"])
  })

  for (const [what, script, says] of [
    ["that does not parse", "let = =", /plugin "p0" .* does not parse as a classic script: .*\(1:/],
    ["that is a module", "import a from 'a'", /does not parse as a classic script/],
    ["that would leave its function", "}); evil(); (function () {", /does not parse/],
    ["that ends its element", "x = '</script>'", /holds "<\/script"/],
    ["that hides the end of its element", "x = '<!-- <script'", /write "<\\\/script", "<\\!--"/],
  ] as const)
    test(`one ${what} is an error that names its plugin`, () => assert.throws(() => scriptsOf(script), says))

  test("one that is no text is an error that names its plugin", () => {
    const wrong = { ...plugin("x"), initScript: 7 } as unknown as Plugin
    assert.throws(() => pageScripts(testConfig({}), [wrong]), /plugin "x" has an initScript that is no text but number/)
  })
})
