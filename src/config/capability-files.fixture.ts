import assert from "node:assert/strict"
import { join } from "node:path"
import { test } from "node:test"
import { type Config, ConfigError, type ConfigProblem, type ConfigProblemCode, readConfig } from "./config.ts"
import { type Files, folderWith } from "./folder.fixture.ts"

/** An app with these files. */
export const appWith = (files: Files): string =>
  folderWith({ "tauri.conf.json": { identifier: "org.example.notes" }, ...files })

export const read = (files: Files): Promise<Config> => readConfig(appWith(files))

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
      const folder = appWith({ [file]: content })
      const problems = await problemsIn(folder)
      assert.deepEqual(
        problems.map((problem) => [problem.code, problem.file, problem.path]),
        [[code, join(folder, file), path]],
      )
      assert.match(problems[0]?.message ?? "", says)
    })
}
