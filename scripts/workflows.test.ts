import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { SUITES, suitesFor } from "./suites.ts"

const WORKFLOWS = [
  ["pull-request.yml", /^npm test -- --browser \$\{\{ matrix\.browser \}\}$/],
  ["nightly.yml", /^npm test -- --all --browser \$\{\{ matrix\.browser \}\}$/],
] as const

for (const [file, command] of WORKFLOWS) {
  const text = readFileSync(new URL(`../.github/workflows/${file}`, import.meta.url), "utf8")

  test(`the jobs of ${file} run each suite once`, () => {
    const jobs = /browser: \[(.*)\]/.exec(text)?.[1]?.split(", ") ?? []
    assert.equal(jobs.length, 4)
    const run = jobs.flatMap((browser) => suitesFor([browser]))
    assert.deepEqual(run.map(({ name }) => name).sort(), SUITES.map(({ name }) => name).sort())
    const commands = [...text.matchAll(/run: (.*)/g)].map(([, each]) => each ?? "")
    assert.equal(commands.length, 1)
    assert.match(commands[0] ?? "", command)
  })

  test(`${file} may only read the repository, and names the major version of each action`, () => {
    assert.match(text, /^permissions:\n {2}contents: read\n(?! )/m)
    assert.doesNotMatch(text, /: write/)
    for (const [, action] of text.matchAll(/uses: (.*)/g)) assert.match(action ?? "", /^actions\/[a-z-]+@v\d+$/)
  })
}
