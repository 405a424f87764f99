import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, test } from "node:test"
import { type Config, ConfigError, type ConfigProblem, type ConfigProblemCode, readConfig } from "./config.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-capabilities-")))
after(() => rmSync(temporary, { recursive: true }))

export type Files = Readonly<Record<string, unknown>>

/** An app with these files: texts as they stand, everything else as JSON. */
export function folderWith(files: Files): string {
  const folder = mkdtempSync(join(temporary, "app-"))
  const all = { "tauri.conf.json": { identifier: "org.example.notes" }, ...files }
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content))
  }
  return folder
}

export const read = (files: Files): Promise<Config> => readConfig(folderWith(files))

export async function problemsIn(folder: string): Promise<readonly ConfigProblem[]> {
  const reason = await readConfig(folder).then(
    () => assert.fail("the configuration was accepted"),
    (error: unknown) => error,
  )
  assert.ok(reason instanceof ConfigError, String(reason))
  return reason.problems
}

/** A configuration that lists these under `app.security.capabilities`. */
export const listing = (...capabilities: unknown[]): Files => ({
  "tauri.conf.json": { identifier: "org.example.notes", app: { security: { capabilities } } },
})
/** A capability of this identifier. */
export const named = (identifier: string, more: object = {}): object => ({
  identifier,
  windows: ["main"],
  permissions: [],
  ...more,
})

/** What is wrong with one file. */
export type Refusal = readonly [
  promise: string,
  file: string,
  content: unknown,
  code: ConfigProblemCode,
  path: string | null,
  says: RegExp,
]

export function testRefusals(refusals: readonly Refusal[]): void {
  for (const [promise, file, content, code, path, says] of refusals)
    test(promise, async () => {
      const folder = folderWith({ [file]: content })
      const problems = await problemsIn(folder)
      assert.deepEqual(
        problems.map((problem) => [problem.code, problem.file, problem.path]),
        [[code, join(folder, file), path]],
      )
      assert.match(problems[0]?.message ?? "", says)
    })
}
