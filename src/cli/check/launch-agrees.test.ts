import assert from "node:assert/strict"
import { join } from "node:path"
import { test } from "node:test"
import { folderWith } from "../../isolation-app/folder.fixture.ts"
import { IsolationAppError, readIsolationApp } from "../../isolation-app/isolation-app.ts"
import { REFUSED } from "../../isolation-app/refused-apps.fixture.ts"
import { checkIsolationApp } from "./check.ts"
import { checkFixture, HOOKS } from "./fixtures.fixture.ts"
import { LAUNCH_CODES } from "./rules/launch.ts"

const check = (dir: string) => checkIsolationApp({ dir, stage: "built", target: "sallyport", project: null })

async function refusalOf(dir: string): Promise<IsolationAppError | null> {
  try {
    await readIsolationApp(dir)
    return null
  } catch (error) {
    assert.ok(error instanceof IsolationAppError)
    return error
  }
}

for (const [promise, files] of REFUSED) {
  test(`what a launch refuses is an error that no comment turns off: ${promise}`, async () => {
    const dir = folderWith(files)
    const refusal = await refusalOf(dir)
    assert.ok(refusal !== null)
    const { findings } = await check(dir)
    const same = findings.find(({ rule, what }) => rule.code === LAUNCH_CODES[refusal.code] && what === refusal.what)
    assert.deepEqual([same?.rule.severity, same?.rule.stopsLaunch], ["error", true], refusal.message)
    assert.deepEqual([same?.file, same?.position], [refusal.file, refusal.position])
  })
}

/** Everything that could be wrong at once: what a launch says first, check says among the rest. */
test("a launch refuses an app if, and only if, check has an error that stops it", async () => {
  const pages = ["", "<plaintext>", '<meta http-equiv="refresh" content="1">', "<svg><script>1</script></svg>"]
  const scripts = [
    "",
    '<script src="a.js"></script>',
    '<script defer src="b.js"></script>',
    '<script type="module">1</script>',
    "<script>window.__TAURI_ISOLATION_HOOK__ = null</script>",
    '<script src="../a.js"></script><script src="https://a.example/b.js"></script>',
  ]
  const texts = ["", "let a = ", "window.__TAURI_ISOLATION_HOOK__ = null", 'import "./b.js"', '"</script>"']
  let refused = 0
  let accepted = 0
  for (const page of pages) {
    for (const first of scripts) {
      for (const [index, text] of texts.entries()) {
        const second = scripts[(index + 1) % scripts.length]
        const dir = folderWith({ "index.html": `${first}${second}${page}`, "a.js": text, "b.js": "1" })
        const refusal = await refusalOf(dir)
        const { findings } = await check(dir)
        const stops = findings.filter(({ rule }) => rule.stopsLaunch === true)
        assert.equal(stops.length > 0, refusal !== null, `${dir}: ${refusal?.message}`)
        if (refusal === null) accepted++
        else {
          refused++
          assert.ok(stops.some(({ what }) => what === refusal.what))
        }
      }
    }
  }
  assert.ok(refused > 50 && accepted > 5, `${refused} refused, ${accepted} accepted`)
})

test("the correct hooks are launched, or built", async () => {
  for (const hook of HOOKS) {
    const { findings } = await checkFixture(hook, "sallyport")
    assert.deepEqual(
      findings.filter(({ rule }) => rule.severity === "error"),
      [],
      hook,
    )
  }
})

test("a folder that is missing is an error of check's, too", async () => {
  const dir = join(folderWith({}), "nowhere")
  const { findings } = await check(dir)
  assert.deepEqual(
    findings.map(({ rule, file }) => [rule.code, file]),
    [["DIR_MISSING", dir]],
  )
})
