import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { writeApp } from "./measure-check.ts"

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url))
const CASES = 1000

/**
 * How long `sallyport test --node` takes for 1,000 cases of an isolation app of 20 files, as a process of its own: the median, in ms.
 * Every case calls one of 36 commands; half of them pass, and half are refused.
 */
export function measureTest(runs: number): number {
  const project = mkdtempSync(join(tmpdir(), "sallyport-bench-"))
  try {
    writeProject(project)
    const times = Array.from({ length: runs }, () => {
      const started = performance.now()
      const words = [MAIN, "test", "--node", "--json"]
      const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: project, encoding: "utf8" })
      const took = performance.now() - started
      const { passed } = status === 0 ? (JSON.parse(stdout) as { passed: number }) : { passed: 0 }
      if (passed !== CASES)
        throw new Error(`sallyport test ended with ${status}, ${passed} passed: ${stdout.slice(0, 500)}${stderr}`)
      return took
    })
    return Math.round(times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN)
  } finally {
    rmSync(project, { recursive: true })
  }
}

function writeProject(project: string): void {
  const isolation = { use: "isolation", options: { dir: "../isolation" } }
  for (const folder of ["src-tauri", "isolation"]) mkdirSync(join(project, folder))
  const config = { identifier: "org.example.bench", app: { security: { pattern: isolation } } }
  writeFileSync(join(project, "src-tauri/tauri.conf.json"), JSON.stringify(config))
  writeApp(join(project, "isolation"))
  writeFileSync(
    join(project, "isolation.test.json"),
    JSON.stringify(Array.from({ length: CASES }, (_, at) => caseOf(at))),
  )
}

function caseOf(at: number): object {
  const passes = at % 2 === 0
  const number = Math.floor(at / 4) % 18
  const call =
    at % 4 < 2
      ? { cmd: `read_${number}`, payload: { path: `/srv/${number}/${passes ? "" : "../"}note-${at}.md`, limit: 10 } }
      : { cmd: `list_${number}`, payload: { kind: passes ? "all" : "none" } }
  return { name: `case ${at}`, call, expect: passes ? "pass" : "refuse" }
}
