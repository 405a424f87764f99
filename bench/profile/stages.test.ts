import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import type { Profiler } from "node:inspector"
import { test } from "node:test"
import { byStage, type RealmName, spanOf, stagesOf } from "./stages.ts"

/** A stack, from the root to the function at work, and how long it was so. */
type Sample = readonly [us: number, ...stack: readonly (readonly [url: string, functionName: string])[]]

/** A profile as V8 gives it. */
function profileOf(samples: readonly Sample[]): Profiler.Profile {
  const nodes: (Profiler.ProfileNode & { children: number[] })[] = []
  const add = (url: string, functionName: string): number => {
    const callFrame = { functionName, scriptId: "1", url, lineNumber: 0, columnNumber: 0 }
    return nodes.push({ id: nodes.length + 1, callFrame, children: [] })
  }
  add("", "(root)")
  const ids = samples.map(([, ...stack]) =>
    stack.reduce((parent, [url, name]) => {
      const siblings = nodes[parent - 1]?.children ?? []
      const known = siblings.find((id) => nodes[id - 1]?.callFrame.functionName === name)
      if (known !== undefined) return known
      const id = add(url, name)
      siblings.push(id)
      return id
    }, 1),
  )
  const timeDeltas = [7, ...samples.map(([us]) => us)].slice(0, samples.length)
  const endTime = 1000 + samples.reduce((sum, [us]) => sum + us, 7)
  return { nodes, startTime: 1000, endTime, samples: ids, timeDeltas }
}

const HOOK = ["http://127.0.0.1:1/ticket", "window.__TAURI_ISOLATION_HOOK__"] as const
const IDLE: Sample = [900, ["", "(idle)"]]

const timesOf = (samples: readonly Sample[], realm: RealmName): Record<string, number> =>
  Object.fromEntries(byStage(profileOf(samples), realm).map(({ stage, us }) => [stage, us]))

test("a function's time is its stage's, and what no rule knows is its caller's", () => {
  const run = ["src/boundary/sandbox/hook-runner.ts", "run"] as const
  const guard = ["src/boundary/sandbox/pass-call.ts", "passCall"] as const
  const samples: Sample[] = [
    [10, guard],
    [20, guard, run, HOOK],
    [30, guard, run, HOOK, ["", "includes"]],
    [40, ["src/boundary/sandbox/record-sealer.ts", "seal"], ["src/boundary/wire/payload.ts", "encodePayload"]],
    [50, ["", "(garbage collector)"]],
    [60, ["", "(idle)"]],
    [0, guard],
  ]
  assert.deepEqual(timesOf(samples, "sandbox"), {
    "serialize what the hook returned": 10,
    hook: 50,
    seal: 40,
    "garbage collection": 50,
    idle: 60,
  })
})

test("stages add up to the time from the first function at work to the last", () => {
  const samples: Sample[] = [
    IDLE,
    [100, ["src/boundary/core/record-opener.ts", "open"]],
    [200, ["node:net", "unheard of"]],
    [300, ["file:///elsewhere.js", "unheard of"]],
    [400, ["", "(program)"]],
    [500, ["src/core/inbox.ts", "#work"]],
    IDLE,
  ]
  const profile = profileOf(samples)
  const stages = byStage(profile, "core")
  assert.equal(spanOf(profile), 1500)
  assert.equal(
    stages.reduce((sum, { us }) => sum + us, 0),
    spanOf(profile),
  )
  assert.deepEqual(
    stages.map(({ stage }) => stage),
    stagesOf("core").filter((stage) => stages.some((other) => other.stage === stage)),
  )
})

test("a garbage collection that a function waits for is none of its time", () => {
  const add = ["src/page/calls.ts", "add"] as const
  const times = timesOf(
    [
      [10, add],
      [20, add, ["", "(garbage collector)"]],
      [0, add],
    ],
    "page",
  )
  assert.deepEqual(times, { serialize: 10, "garbage collection": 20 })
})

test("a profile in which nothing was at work has no stages", () => {
  assert.deepEqual(timesOf([IDLE, IDLE], "page"), {})
  assert.equal(spanOf(profileOf([IDLE])), 0)
})

/** One function of the source for each stage that has some, as V8 names it. */
const FUNCTIONS: Readonly<Record<RealmName, readonly (readonly [stage: string, file: string, name: string])[]>> = {
  page: [
    ["receive: parse the replies, settle the promises", "src/page/calls.ts", "settle"],
    ["receive: parse the replies, settle the promises", "src/page/session.ts", "socket.onmessage"],
    ["hop: hand sealed frames to the socket", "src/page/isolation-frame.ts", "this.#port.onmessage"],
    ["hop: hand batches over", "src/page/calls.ts", "take"],
    ["serialize", "src/page/calls.ts", "add"],
  ],
  sandbox: [
    ["hop: take a batch, parse it", "src/boundary/sandbox/batch.ts", "readBatch"],
    ["view of the call for the hook", "src/boundary/sandbox/hook-payload.ts", "createHookPayload"],
    ["hook", "src/boundary/sandbox/hook-runner.ts", "run"],
    ["serialize what the hook returned", "src/boundary/sandbox/pass-call.ts", "passCall"],
    ["seal", "src/boundary/sandbox/call-batcher.ts", "#seal"],
  ],
  core: [
    ["open", "src/boundary/core/record-opener.ts", "open"],
    ["parse", "src/boundary/core/call-payload.ts", "readCallPayload"],
    ["reply: serialize", "src/core/page-outbox.ts", "resolve"],
    ["socket: write", "src/server/websocket-connection.ts", "send"],
    ["dispatch and run", "src/core/dispatcher.ts", "run"],
    ["socket: read", "src/server/websocket-connection.ts", "#judge"],
  ],
}

for (const [realm, functions] of Object.entries(FUNCTIONS))
  test(`each stage of a call has functions in the source, ${realm}`, async () => {
    for (const [stage, file, name] of functions) {
      const samples: Sample[] = [
        [10, [file, name]],
        [0, [file, name]],
      ]
      assert.deepEqual(timesOf(samples, realm as RealmName), { [stage]: 10 })
      const source = await readFile(new URL(`../../${file}`, import.meta.url), "utf8")
      assert.ok(source.includes(name), `${file} has no ${name}`)
    }
  })
