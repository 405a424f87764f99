/** Builds `dist/`: the embedded scripts first, then everything that a Core imports. */
import { execFileSync } from "node:child_process"
import { rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { writeEmbedded } from "./embed.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

await writeEmbedded()
rmSync(`${root}dist`, { recursive: true, force: true })
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
})
