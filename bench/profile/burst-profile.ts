import { readFile, writeFile } from "node:fs/promises"
import type { Profiler } from "node:inspector"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { CoreProcess } from "../core/core-process.ts"
import type { Pattern } from "../sallyport-app.ts"
import { BURST_CALLS, bursts, HOOK } from "./load.ts"
import { ProfiledWindow } from "./profiled-window.ts"
import { withSources } from "./sources.ts"
import { byStage, type RealmName, type StageTime, spanOf } from "./stages.ts"

/** Between two samples: often enough to see what takes a tenth of a microsecond a call, and slowing little. */
const SAMPLING_US = 200

export interface RealmProfile {
  readonly realm: RealmName
  /** Where the profile is. */
  readonly file: string
  /** For each call, in µs. */
  readonly stages: readonly StageTime[]
  /** What they add up to: from the realm's first function at work to its last, for each call. */
  readonly spanUs: number
}

export interface BurstProfile {
  readonly browser: string
  readonly calls: number
  /** From a burst's first call to its last reply, by the page's clock: for each call, in µs. */
  readonly wallUs: number
  /** The same without profiles being taken. */
  readonly plainUs: number
  readonly realms: readonly RealmProfile[]
}

/** Takes CPU profiles of page, sandbox and Core while the page makes bursts of calls, and leaves them in a folder. */
export async function profileBursts(
  pattern: Pattern,
  source: string,
  folder: string,
  count: number,
): Promise<BurstProfile> {
  const core = await CoreProcess.start({ pattern, hook: HOOK, source })
  let window: ProfiledWindow | undefined
  try {
    window = await ProfiledWindow.open(core, pattern === "isolation")
    // What is compiled while a profile is taken remembers which function was inlined where: later ones tell them apart by that.
    const warm = [window.page, window.sandbox]
    for (const realm of warm) await realm?.startProfile(SAMPLING_US)
    await window.run(bursts(5))
    for (const realm of warm) await realm?.stopProfile()
    const calls = count * BURST_CALLS
    const plainUs = perCall(await window.run<number[]>(bursts(count)))
    await core.startProfile(SAMPLING_US)
    await window.sandbox?.startProfile(SAMPLING_US)
    await window.page.startProfile(SAMPLING_US)
    const wallUs = perCall(await window.run<number[]>(bursts(count)))
    const profiles: [RealmName, Profiler.Profile | undefined][] = [
      ["page", await window.page.stopProfile()],
      ["sandbox", await window.sandbox?.stopProfile()],
      ["core", await ofCore(await core.stopProfile(), source)],
    ]
    const realms: RealmProfile[] = []
    for (const [realm, profile] of profiles) {
      if (profile === undefined) continue
      const file = join(folder, `${pattern}-${realm}.cpuprofile`)
      await writeFile(file, JSON.stringify(profile))
      const stages = byStage(profile, realm).map(({ stage, us }) => ({ stage, us: us / calls }))
      realms.push({ realm, file, stages, spanUs: spanOf(profile) / calls })
    }
    return { browser: window.version, calls, wallUs, plainUs, realms }
  } finally {
    await window?.close()
    await core.close()
  }
}

function perCall(times: readonly number[]): number {
  return (times.reduce((sum, ms) => sum + ms, 0) * 1000) / (times.length * BURST_CALLS)
}

async function ofCore(profile: Profiler.Profile, source: string): Promise<Profiler.Profile> {
  const script = { startLine: 0, text: await readFile(fileURLToPath(source), "utf8") }
  const ids = new Set(
    profile.nodes
      .map(({ callFrame }) => callFrame)
      .filter(({ url }) => url === source)
      .map(({ scriptId }) => scriptId),
  )
  return withSources(profile, new Map([...ids].map((id) => [id, script])))
}
