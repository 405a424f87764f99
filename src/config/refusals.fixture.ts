import assert from "node:assert/strict"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { ConfigError, type ConfigProblem, type ConfigProblemCode, readConfig } from "./config.ts"

const folder: string = mkdtempSync(join(tmpdir(), "sallyport-config-"))
after(() => rmSync(folder, { recursive: true }))

/** The configuration file that each test writes. */
export const file: string = join(folder, "tauri.conf.json")

/** What is wrong with a configuration, to which an identifier is added. */
export async function problemsOf(config: object): Promise<readonly ConfigProblem[]> {
  writeFileSync(file, JSON.stringify({ identifier: "org.example.notes", ...config }))
  try {
    await readConfig(file)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.problems
  }
}

/** What is wrong, the only problem of `config`, and part of what is said about it. */
export type Refusal = readonly [promise: string, config: object, code: ConfigProblemCode, path: string, says: RegExp]

export function testRefusals(refusals: readonly Refusal[]): void {
  for (const [promise, config, code, path, says] of refusals) {
    test(`refuses ${promise}`, async () => {
      const problems = await problemsOf(config)
      assert.deepEqual(
        problems.map((problem) => [problem.code, problem.file, problem.path]),
        [[code, file, path]],
      )
      assert.match(problems[0]?.message ?? "", says)
    })
  }
}

export function testAcceptance(accepted: readonly (readonly [promise: string, config: object])[]): void {
  for (const [promise, config] of accepted) {
    test(`accepts ${promise}`, async () => assert.deepEqual(await problemsOf(config), []))
  }
}
