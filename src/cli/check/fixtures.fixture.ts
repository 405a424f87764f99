import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Target } from "../project/find-project.ts"
import { type CheckResult, checkIsolationApp } from "./check.ts"
import { findApp } from "./find-app.ts"
import type { Rule } from "./rule.ts"

const FIXTURES: string = fileURLToPath(new URL("fixtures", import.meta.url))

export type FixtureKind = "fail" | "pass"

/** The files of a rule's fixture, by name: `fail.js` is the script of an app that has only that, `fail` a whole folder. */
export function fixtureOf(rule: Rule, kind: FixtureKind): string | null {
  const names = [kind, `${kind}.js`, `${kind}.ts`].map((name) => join(FIXTURES, rule.code, name))
  return names.find(existsSync) ?? null
}

/** The correct hooks, each written in another style. */
export const HOOKS: readonly string[] = readdirSync(join(FIXTURES, "hooks")).map((name) =>
  join(FIXTURES, "hooks", name),
)

/**
 * Checks a copy of a fixture: an isolation app, or a project when it has a `src-tauri`. A folder that holds only `.gitkeep` is
 * an empty one; `a.js.size` stands for an `a.js` of so many bytes.
 */
export async function checkFixture(fixture: string, target: Target): Promise<CheckResult> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-fixture-")))
  try {
    if (statSync(fixture).isDirectory()) {
      cpSync(fixture, dir, { recursive: true, filter: (file) => basename(file) !== ".gitkeep" })
      for (const name of readdirSync(dir).filter((name) => name.endsWith(".size"))) {
        const file = join(dir, name.slice(0, -".size".length))
        writeFileSync(file, "")
        truncateSync(file, Number(readFileSync(join(dir, name), "utf8")))
      }
    } else {
      const script = fixture.endsWith(".ts") ? "index.ts" : "index.js"
      mkdirSync(dir, { recursive: true })
      writeFileSync(join(dir, "index.html"), `<!doctype html>\n<script src="${script}"></script>\n`)
      cpSync(fixture, join(dir, script))
    }
    if (existsSync(join(dir, "src-tauri"))) return await checkIsolationApp(await findApp(dir, undefined))
    const isTypeScript = readdirSync(dir).some((name) => name.endsWith(".ts"))
    return await checkIsolationApp({ dir, stage: isTypeScript ? "source" : "built", target, project: null })
  } finally {
    rmSync(dir, { recursive: true })
  }
}
