import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const project = mkdtempSync(join(tmpdir(), "sallyport-examples-"))
after(() => rmSync(project, { recursive: true, force: true }))

/** What a reader has at an example, from those before it or from an app of their own. */
const AROUND: Readonly<Record<string, string>> = {
  v: `import * as v from "valibot"`,
  command: `import { command } from "sallyport"`,
  createApp: `import { createApp } from "sallyport"`,
  fs: `import { fs } from "sallyport/plugins/fs"`,
  commands: `const commands = {}`,
  app: `declare const app: import("sallyport").App`,
  path: `declare const path: string`,
  exists: `declare function exists(path: string): Promise<boolean>`,
  readNote: `declare function readNote(path: string): Promise<string>`,
  watch: `declare function watch(onChange: import("sallyport").Channel<{ path: string }>): void`,
  reload: `declare function reload(path: string): void`,
}

/** The TypeScript in a page, as modules. What is left out in an example is anything. */
function examplesOf(page: string): readonly string[] {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code = ""]) => code,
  )
  return blocks.map((code) => {
    const whole = code
      .replaceAll("{ … }", "{}")
      .replaceAll(/=> …/g, "=> undefined")
      .replaceAll(`"../core.ts"`, `"./core.ts"`)
    const around = Object.entries(AROUND).filter(([name]) => {
      const isUsed = new RegExp(`(?<![.\\w"])${name}\\b(?!["|:])`).test(whole)
      return isUsed && !new RegExp(`(?:const|import)[^\\n=]*\\b${name}\\b[^\\n]*(?:=|from)`).test(whole)
    })
    return [...around.map(([, line]) => line), whole, "export {}"].join("\n")
  })
}

test("the TypeScript of README.md and docs/guide.md compiles as it stands there, strictly", () => {
  const examples = ["README.md", "docs/guide.md"].flatMap(examplesOf)
  assert.ok(examples.length > 7)
  writeFileSync(join(project, "package.json"), `{ "type": "module" }`)
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction")
  for (const [index, code] of examples.entries())
    writeFileSync(join(project, code.includes("// core.ts\n") ? "core.ts" : `example-${index}.ts`), code)
  const from = (path: string): string[] => [join(root, path)]
  const paths = {
    sallyport: from("src/index.ts"),
    "sallyport/client": from("src/client.ts"),
    "sallyport/plugins/*": from("src/plugins/*/index.ts"),
  }
  const compilerOptions = { paths, types: ["node"], noEmit: true }
  const unlike = { isolatedDeclarations: false, declaration: false, noUnusedLocals: false, noUnusedParameters: false }
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: { ...compilerOptions, ...unlike },
      include: ["*.ts"],
      exclude: [],
    }),
  )
  try {
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", project], { encoding: "utf8" })
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout)
  }
})
