import { mkdir } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { BROWSERS, launch } from "../../e2e/drivers/driver.ts"
import { profileBursts } from "./burst-profile.ts"
import { measureProcesses } from "./process-cpu.ts"
import { readableSource } from "./readable-source.ts"
import { burstTable, latencyTable, processTable } from "./report.ts"
import { measureSerialLatency } from "./serial-latency.ts"

const folder = fileURLToPath(new URL("../../.profiles", import.meta.url))
const what = process.argv[2] ?? "all"
await mkdir(folder, { recursive: true })
if (what === "all" || what === "burst") {
  const source = await readableSource(folder)
  for (const pattern of ["isolation", "brownfield"] as const)
    console.log(`${burstTable(pattern, await profileBursts(pattern, source, folder, 15))}\n`)
}
if (what === "all" || what === "serial")
  for (const pattern of ["isolation", "brownfield"] as const)
    console.log(`${latencyTable(pattern, await measureSerialLatency(pattern, 4000))}\n`)
for (const name of BROWSERS) {
  if (what !== "all" && what !== name) continue
  const driver = await launch(name)
  try {
    for (const pattern of ["isolation", "brownfield"] as const)
      console.log(`${processTable(`${name}, ${pattern}`, await measureProcesses(driver, pattern, 20))}\n`)
  } finally {
    await driver.close()
  }
}
