import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url))

/** How long `sallyport check` takes for an isolation app of 20 files, as a process of its own: the median, in ms. */
export function measureCheck(runs: number): number {
  const dir = mkdtempSync(join(tmpdir(), "sallyport-bench-"))
  try {
    writeApp(dir)
    const times = Array.from({ length: runs }, () => {
      const started = performance.now()
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, "check", dir], { encoding: "utf8" })
      if (status !== 0) throw new Error(`sallyport check ended with ${status}: ${stdout}${stderr}`)
      return performance.now() - started
    })
    return Math.round(times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** A page, a hook, and 18 files of checks, each for two commands: `read_0` … `read_17`, `list_0` … `list_17`. */
export function writeApp(dir: string): void {
  const names = Array.from({ length: 18 }, (_, index) => `checks-${index}.js`)
  for (const [index, name] of names.entries()) {
    writeFileSync(
      join(dir, name),
      `CHECKS.set("read_${index}", ({ path, limit }) => {
  if (typeof path !== "string" || !path.startsWith("/srv/${index}/")) throw new Error("outside")
  if (path.split(/[\\\\/]/).includes("..")) throw new Error("outside")
  if (limit !== undefined && !(limit > 0 && limit < 1000)) throw new RangeError("limit")
})
CHECKS.set("list_${index}", ({ kind }) => {
  if (!["all", "new", "old"].includes(kind)) throw new Error("kind")
})
`,
    )
  }
  const scripts = ["hook.js", ...names].map((name) => `<script src="${name}"></script>`)
  writeFileSync(join(dir, "index.html"), `<!doctype html>\n${scripts.join("\n")}\n`)
  writeFileSync(
    join(dir, "hook.js"),
    `const CHECKS = new Map()

window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  const check = CHECKS.get(payload.cmd)
  if (!check) throw new Error(\`\${payload.cmd} is not allowed\`)
  check(payload.payload)
  return payload
}
`,
  )
}
