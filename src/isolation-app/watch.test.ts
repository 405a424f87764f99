import assert from "node:assert/strict"
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type TestContext, test } from "node:test"
import type { Build } from "./build.ts"
import { folderWith, HOOK, html } from "./folder.fixture.ts"
import { type Watch, watchIsolationApp } from "./watch.ts"

const PAGE = html('<script src="lib/hook.ts"></script>')
const hook = (comment: string): string => `${HOOK.replace("window", "(window as any)")} // ${comment}\n`

interface Watched extends Watch {
  readonly source: string
  readonly results: readonly (Build | Error)[]
  /** The next result that was not waited for yet. */
  next(): Promise<Build | Error>
  built(): string
}

function watch(context: TestContext): Watched {
  const root = folderWith({ "src/index.html": PAGE, "src/lib/hook.ts": hook("1") })
  const [source, dir] = [join(root, "src"), join(root, "dist")]
  const results: (Build | Error)[] = []
  let seen = 0
  const { close } = watchIsolationApp({ source, dir, interval: 5 }, (result) => results.push(result))
  context.after(close)
  const next = async (): Promise<Build | Error> => {
    for (;;) {
      const result = results[seen]
      if (result === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
      else {
        seen += 1
        return result
      }
    }
  }
  return { source, results, close, next, built: () => readFileSync(join(dir, "index.html"), "utf8") }
}

const isBuild = (result: Build | Error): boolean => !(result instanceof Error)

test("builds at once, and again when a file is changed, added, replaced or removed", async (context) => {
  const { source, next, built } = watch(context)
  assert.equal(isBuild(await next()), true)
  assert.match(built(), /\/\/ 1/)
  writeFileSync(join(source, "lib/hook.ts"), hook("2"))
  await until(next, () => built().includes("// 2"))
  writeFileSync(join(source, "lib/hook.ts.new"), hook("3"))
  renameSync(join(source, "lib/hook.ts.new"), join(source, "lib/hook.ts"))
  await until(next, () => built().includes("// 3"))
})

/** Takes results until something is so: a file that is written in steps is built in steps. */
async function until(next: () => Promise<Build | Error>, isSo: (result: Build | Error) => boolean): Promise<void> {
  while (!isSo(await next()));
}

test("keeps the last good build while the source is wrong, says so, and goes on when it is right", async (context) => {
  const { source, next, built } = watch(context)
  await next()
  writeFileSync(join(source, "lib/hook.ts"), "let a: = 1")
  await until(next, (result) => result instanceof Error && /hook\.ts:1:8/.test(result.message))
  assert.match(built(), /\/\/ 1/)
  rmSync(join(source, "lib"), { recursive: true })
  await until(next, (result) => "code" in result && result.code === "SCRIPT_MISSING")
  renameSync(source, `${source}-moved`)
  await until(next, (result) => "code" in result && result.code === "SOURCE_MISSING")
  assert.match(built(), /\/\/ 1/)
  renameSync(`${source}-moved`, source)
  mkdirSync(join(source, "lib"))
  writeFileSync(join(source, "lib/hook.ts"), hook("4"))
  await until(next, isBuild)
  assert.match(built(), /\/\/ 4/)
})

test("ends when it is told to, and builds no more", async (context) => {
  const { source, next, close, results } = watch(context)
  await next()
  await close()
  const { length } = results
  writeFileSync(join(source, "lib/hook.ts"), hook("2"))
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(results.length, length)
})

test("does not build when nothing has changed", async (context) => {
  const { next, results } = watch(context)
  await next()
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(results.length, 1)
})
