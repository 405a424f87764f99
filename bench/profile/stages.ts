import type { Profiler } from "node:inspector"

export type RealmName = "page" | "sandbox" | "core"

/** What a part of a realm's work is called, and whose time it is: `file:function`, of the function or of one that called it. */
type Rule = readonly [stage: string, functions: RegExp]

/** Time of a stage, in µs. */
export interface StageTime {
  readonly stage: string
  readonly us: number
}

const OTHER_CODE = "other code"
/** What V8 says where no function is at work. */
const STATES: Readonly<Record<string, string>> = {
  "(idle)": "idle",
  "(garbage collector)": "garbage collection",
  "(program)": "the engine itself: messages, clones, tasks",
  "(root)": "the engine itself: messages, clones, tasks",
}

/** In the order of a call. The first rule that fits a function decides; where none does, its caller is asked. */
const RULES: Readonly<Record<RealmName, readonly Rule[]>> = {
  page: [
    [
      "receive: parse the replies, settle the promises",
      /^src\/page\/(callbacks|listeners|operations)|:(#receive|settle|refuse|.*socket\.onmessage)$/,
    ],
    ["hop: hand sealed frames to the socket", /^src\/page\/isolation-frame\.ts:.*port\.onmessage$/],
    ["hop: hand batches over", /^src\/page\/(session\.ts|calls\.ts:take|connection\.ts:(#flush|settle|.*onReady))/],
    ["serialize", /^src\/page\//],
    ["the app's own code", /^[^:]+:/],
  ],
  sandbox: [
    ["hop: take a batch, parse it", /^src\/boundary\/sandbox\/(batch|runtime)\.ts/],
    ["view of the call for the hook", /^src\/boundary\/sandbox\/hook-payload\.ts/],
    ["hook", /^src\/boundary\/sandbox\/hook-runner\.ts|__TAURI_ISOLATION_HOOK__/],
    ["serialize what the hook returned", /^src\/boundary\/sandbox\/(pass-call|hook-result)\.ts/],
    ["seal", /^src\/boundary\/sandbox\/(call-batcher|record-sealer)\.ts|^src\/boundary\/wire\/sealing\.ts/],
  ],
  core: [
    ["open", /^src\/boundary\/core\/(record-opener|sealed-session|part-assembler)\.ts/],
    ["parse", /^src\/boundary\/core\/call-payload\.ts|^src\/core\/(payload-memory|json-size)\.ts/],
    ["reply: serialize", /^src\/core\/page-outbox\.ts|^src\/core\/call-table\.ts:(resolve|reject|#remove)$/],
    [
      "socket: write",
      /ws\/lib\/sender|:(writev?|writevGeneric|.*[wW]riteGeneric)$|^src\/core\/session\.ts:#send$|websocket-connection\.ts:send$/,
    ],
    ["dispatch and run", /^src\/core\/(dispatcher|inbox|session|call-table|access|channel|decisions)|^src\/app/],
    ["socket: read", /ws\/lib\/|websocket-connection\.ts|:(onStreamRead|addChunk|readableAddChunk.*)$/],
    ["the runtime: streams, ticks", /^node:/],
  ],
}

/** Every stage of a realm, in the order of a call, and behind them what is none. */
export function stagesOf(realm: RealmName): string[] {
  return [...RULES[realm].map(([stage]) => stage), OTHER_CODE, ...new Set(Object.values(STATES))]
}

/** A profile from its first function at work to its last, by stage. All of its time is in one of them. */
export function byStage(profile: Profiler.Profile, realm: RealmName): StageTime[] {
  const stages = stageOfEachNode(profile, realm)
  const times = new Map(stagesOf(realm).map((stage) => [stage, 0]))
  for (const { node, us } of atWork(profile)) {
    const stage = stages.get(node) ?? OTHER_CODE
    times.set(stage, (times.get(stage) ?? 0) + us)
  }
  return [...times].filter(([, us]) => us > 0).map(([stage, us]) => ({ stage, us }))
}

/** How long it was from a profile's first function at work to its last, in µs. */
export function spanOf(profile: Profiler.Profile): number {
  return atWork(profile).reduce((sum, { us }) => sum + us, 0)
}

/** What stood on the stack, and for how long: until the next sample. */
function atWork({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): { node: number; us: number }[] {
  const states = new Set(nodes.filter(({ callFrame }) => callFrame.functionName in STATES).map(({ id }) => id))
  const first = samples.findIndex((node) => !states.has(node))
  const last = samples.findLastIndex((node) => !states.has(node))
  if (first === -1) return []
  return samples.slice(first, last + 1).map((node, index) => ({ node, us: timeDeltas[first + index + 1] ?? 0 }))
}

function stageOfEachNode({ nodes }: Profiler.Profile, realm: RealmName): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const stages = new Map<number, string>()
  const visit = (id: number, inherited: string): void => {
    const node = byId.get(id)
    if (node === undefined) return
    const { functionName, url } = node.callFrame
    const stage =
      STATES[functionName] ??
      RULES[realm].find(([, functions]) => functions.test(`${shortened(url)}:${functionName}`))?.[0] ??
      inherited
    stages.set(id, stage)
    // What a function calls is its own, where no rule says otherwise.
    for (const child of node.children ?? []) visit(child, STATES[functionName] === undefined ? stage : OTHER_CODE)
  }
  const [root] = nodes
  if (root !== undefined) visit(root.id, OTHER_CODE)
  return stages
}

function shortened(url: string): string {
  return url.replace(/^.*\/node_modules\//, "")
}
