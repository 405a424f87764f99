import "../../src/boundary/sandbox/realm.fixture.ts"
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import type { IncomingMessage } from "node:http"
import { readBatch } from "../../src/boundary/sandbox/batch.ts"
import { hookState } from "../../src/boundary/sandbox/hook-runner.ts"
import { passCall } from "../../src/boundary/sandbox/pass-call.ts"
import { setHook } from "../../src/boundary/sandbox/realm.fixture.ts"
import { resolveLimits } from "../../src/boundary/wire/limits.ts"
import { DEFAULT_WINDOW, readWindowOptions } from "../../src/config/config.ts"
import { resolveAuditOptions } from "../../src/core/audit-options.ts"
import { CapabilityAccess } from "../../src/core/capabilities/capability-access.ts"
import { resolveGrants } from "../../src/core/capabilities/grants.ts"
import { labelGlob } from "../../src/core/capabilities/label-glob.ts"
import { Manifest } from "../../src/core/capabilities/manifest.ts"
import { Manifests } from "../../src/core/capabilities/manifests.ts"
import { command } from "../../src/core/command.ts"
import { FakeConnection, layOut, seal } from "../../src/core/core.fixture.ts"
import { Core } from "../../src/core/core.ts"
import { type Decision, DIAGNOSTICS_CHANNEL } from "../../src/core/decisions.ts"
import { reaches, readTarget } from "../../src/core/event-target.ts"
import { Events } from "../../src/core/events.ts"
import { readHello } from "../../src/core/hello.ts"
import { Directories } from "../../src/directories/directories.ts"
import { PathScope } from "../../src/directories/path-scope.ts"
import { record } from "../../src/plugins/arguments.ts"
import { eventPlugin } from "../../src/plugins/event.ts"
import { readFlag, readOptions } from "../../src/plugins/fs/options.ts"
import { GateCookie } from "../../src/server/gate-cookie.ts"
import { sideOf } from "../../src/server/host.ts"
import { readOwnHeaders } from "../../src/server/own-headers.ts"

/** Runs a part of the product while a prototype is polluted, or not. */
export type Dirty = <Result>(code: () => Result) => Result

/** What came of a scene: `ran` are calls that ran or were sealed, which must never be more than without pollution. */
export interface Outcome {
  readonly ran: readonly string[]
  /** The same without their arguments, which a `toJSON` of all objects changes. */
  readonly commands: readonly string[]
  readonly decided: readonly string[]
}

/** Every command that has run in this process, or was sealed, with its headers. A set: a list does not grow over a setter on `Array.prototype`. */
export const ran: Set<string> = new Set()

function note(commands: string[], call: string): void {
  ran.add(call)
  commands.push(call)
}

const ORIGIN = { file: "capabilities/main.json", path: "permissions[0]" }
const NO_SCOPE = { allow: [], deny: [] }
const text = (value: unknown): string => JSON.stringify(value) ?? "nothing"

/** How many parts the Core's scene has: pollution begins before one of them, and ends before another. */
export const CORE_STEPS = 9

/** A Core from its start on: two windows, a hook that has let some calls through, capabilities that deny one of them. */
export async function coreScene(dirtyAt: (step: number) => Dirty): Promise<Outcome> {
  const here: string[] = []
  const commands: string[] = []
  const decided: string[] = []
  const hear = (decision: unknown): void => {
    const { session: _, ...rest } = decision as Decision & { session?: string }
    decided.push(text(rest))
  }
  const runs = (name: string) =>
    command((args, { headers, window }) => {
      note(commands, `${name} ${[...headers]} ${window}`)
      here.push(text([name, args, Object.fromEntries(headers), window]))
      return name
    })
  const offered = { note: runs("note"), forbidden: runs("forbidden"), bytes: runs("bytes") }
  const events = new Events(() => {})
  const { commands: eventCommands } = (await eventPlugin(events).setup({} as never)) as { commands: object }
  const ofEvents = Object.fromEntries(Object.entries(eventCommands).map(([name, one]) => [`plugin:event|${name}`, one]))
  subscribe(DIAGNOSTICS_CHANNEL, hear)
  const connections = [new FakeConnection(), new FakeConnection()] as const
  try {
    const access = dirtyAt(0)(() => {
      const manifests = new Manifests([
        Manifest.ofApp(Object.keys(offered), new Map()),
        Manifest.ofPlugin("event", Object.keys(eventCommands), {
          default: { permissions: ["allow-listen", "allow-emit"] },
        }),
      ])
      const permissions = ["allow-note", "allow-bytes", "core:event:default"].map((identifier) => ({
        identifier,
        origin: ORIGIN,
        scope: NO_SCOPE,
      }))
      const windows = [{ pattern: "ma*", origin: ORIGIN }]
      const capability = { identifier: "main", windows, webviews: [], local: true, permissions, platforms: null }
      return new CapabilityAccess(manifests, resolveGrants([capability], manifests), true)
    })
    const core = dirtyAt(1)(
      () =>
        new Core({
          commands: { ...offered, ...ofEvents } as never,
          access,
          events,
          pattern: "isolation",
          limits: resolveLimits({ callsInFlight: 100 }),
          log: (line) => decided.push(line),
          now: () => 0,
        }),
    )
    const observer = { redeemed: () => {}, revoked: () => {}, sessions: () => {} }
    const grants = ["main", "other"].map((label, index) => {
      const connection = connections[index] as FakeConnection
      const grant = dirtyAt(2)(() =>
        core.redeemLaunchTicket(core.launch(label, { url: "index.html", title: null }, observer)),
      )
      decided.push(`window ${text([grant?.label, grant?.url, grant?.title])}`)
      const hello = JSON.stringify({ hello: 1, credential: grant?.credential })
      dirtyAt(3)(() => {
        core.accept(connection, (window) => `http://${window}.localhost`)
        connection.receive(hello)
      })
      const { frame } = JSON.parse(String(connection.sent[0]))
      const { origin, pathname } = new URL(frame)
      return dirtyAt(4)(() => core.redeemFrameTicket(pathname.slice(1), origin))
    })
    const carry = (window: 0 | 1, step: number, seq: number, payload: object, blobs: Uint8Array[] = []): void => {
      const { key, session } = grants[window] as { key: Uint8Array; session: Uint8Array }
      const bytes = seal(layOut(payload, blobs), { key, session, seq })
      dirtyAt(step)(() => (connections[window] as FakeConnection).receive(bytes))
    }
    // Without calls, as the first of every sandbox.
    carry(0, 5, 1, { hook: "function", logs: [], blobs: [] })
    carry(1, 5, 1, {})
    carry(
      0,
      6,
      2,
      {
        calls: [
          [1, "note", { path: "/notes/a" }],
          [2, "forbidden"],
          [3, "note", { a: [{}, []] }, { "x-note": "1" }],
          [4, "nothing"],
          [5, "bytes", null, null, 0],
          [6, "plugin:event|listen", { event: "news", handler: 9 }],
          [7, "plugin:event|emit", { event: "news", payload: { a: 1 } }],
        ],
        refused: [[8, "rm", "HOOK_REFUSED", "no"]],
        blobs: [2],
      },
      [Uint8Array.of(1, 2)],
    )
    carry(1, 7, 2, { calls: [[1, "note"]], logs: [["warn", "text"]] })
    dirtyAt(8)(() => events.emit("news", 1, { kind: "AnyLabel", label: "other" }))
    await turn()
    for (const connection of connections) {
      decided.push(`replies ${text(connection.replies)}`, `closed ${text(connection.closed)}`)
      connection.drop()
    }
    await core.close()
    await turn()
  } finally {
    unsubscribe(DIAGNOSTICS_CHANNEL, hear)
  }
  return { ran: here, commands, decided }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

type Given = Record<string, unknown> & { cmd: string; payload: unknown }

/** Hooks of every style; each rejects the command `forbidden`. */
const HOOKS: readonly ((payload: Given) => unknown)[] = [
  (payload) => payload,
  (payload) => ({ ...payload }),
  ({ cmd }) => ({ cmd }),
  ({ cmd, payload }) => ({ cmd, payload }),
  (payload) => Object.freeze(payload),
  (payload) => Object.assign(payload, { options: {} }),
  () => ({}),
]
const LIMITS = { jsonBytes: 100_000, blobBytes: 1000, nesting: 20, hookTimeoutMs: 10_000 }

/** A sandbox with a batch, past hooks of each style: what would be sealed. */
export async function sandboxScene(dirty: Dirty): Promise<Outcome> {
  const here: string[] = []
  const commands: string[] = []
  const decided: string[] = []
  for (const hook of HOOKS) {
    setHook(((payload: Given) => {
      if (payload.cmd === "forbidden") throw new Error("forbidden")
      return hook(payload)
    }) as never)
    const lines = [
      '[1,"note",{"path":"/notes/a"}]',
      '[2,"forbidden"]',
      '[3,"note",{"a":[{},[]]},{"X-Note":"1"}]',
      '[4,"bytes",null,null,0]',
      '[5,"note"]',
      "[]",
    ]
    const blobs = [Uint8Array.of(1, 2).buffer]
    dirty(() => {
      const calls = readBatch(`[${lines.join(",\n")}]`, blobs, LIMITS.nesting, ({ id, cmd }, { code }) =>
        decided.push(`${id} ${cmd} ${code}`),
      )
      for (const call of calls)
        passCall(
          call,
          { label: "main", limits: LIMITS },
          ({ tuple, blob }) => {
            const [, cmd, , headers] = JSON.parse(tuple)
            note(commands, `${cmd} ${Object.entries(headers ?? {})}`)
            here.push(`${tuple} ${blob}`)
          },
          ({ code, message }) => decided.push(`${call.id} ${code} ${message}`),
        )
    })
  }
  Reflect.deleteProperty(globalThis, "__TAURI_ISOLATION_HOOK__")
  decided.push(dirty(() => hookState()))
  return { ran: here, commands, decided }
}

const DIRECTORIES = new Directories(
  { identifier: "org.example", resources: "/app" },
  { platform: "linux", env: {}, home: "/home/u", temp: "/tmp", read: () => null },
)

/** As much of one as is looked at: Node's own class is not what is tried here. */
function request(...headers: readonly string[]): IncomingMessage {
  const message = { method: "GET", url: "/", rawHeaders: headers, headers: {}, headersDistinct: {} }
  return message as unknown as IncomingMessage
}

/** Decisions that one function makes. */
const SMALL: readonly (() => unknown)[] = [
  () => resolveLimits({ jsonBytes: 7 }),
  () => resolveAuditOptions({ file: "a" }),
  () => ["ma*", "main", "m[a-b]in", "?ain"].map((pattern) => ["main", "mainX", "ma", "other"].map(labelGlob(pattern))),
  () => readHello('{"hello":1}'),
  () => readHello('{"credential":"x"}'),
  () => [{ kind: "Any" }, { kind: "App" }, { kind: "Window", label: "main" }, "main", null].map(readTarget),
  () => reaches({ kind: "App" }, { kind: "Window", label: "main" }),
  () => reaches({ kind: "Window", label: "other" }, { kind: "Window", label: "main" }),
  () => readWindowOptions({ label: "made", url: null }, "http://localhost:1"),
  () => DEFAULT_WINDOW,
  () => readOptions(record({ path: "a" }), "remove"),
  () => readFlag(readOptions(record({ options: {} }), "remove"), "recursive", "remove"),
  () => record([1]),
  () => record({ a: 1 }).b,
  () => DIRECTORIES.path("Audio"),
  () => DIRECTORIES.path("AppData"),
  () => DIRECTORIES.path("Home"),
  () => {
    const scope = new PathScope({ allow: ["/n/*", { path: "/m/**" }, "/k/a?c"], deny: ["/m/secret"] }, DIRECTORIES)
    const paths = ["/n/a", "/n/a/b", "/n", "/m/a/b", "/m/secret", "/m/.a", "/etc/passwd", "/k/abc", "/k/abcd"]
    return paths.map((path) => scope.allows({ lexical: path, real: path }))
  },
  () => {
    const message = request("Host", "localhost:1", "Cookie", "a=b", "cookie", "c=d", "X-A", "1", "x-a", "2")
    readOwnHeaders(message)
    const { headers, headersDistinct } = message
    const names = ["host", "cookie", "x-a", "origin", "sec-fetch-dest", "sec-fetch-site", "service-worker"]
    return [sideOf(message, 1, () => true), names.map((name) => headers[name] ?? null), headersDistinct.host]
  },
  () => new GateCookie(1, "secret").isIn("sallyport-1=other"),
]

/** Each decision by itself. One that throws has decided nothing. */
export async function smallScene(dirty: Dirty): Promise<Outcome> {
  const decided = SMALL.map((decide, index) => {
    const [value, error] = dirty(() => {
      try {
        return [decide(), null]
      } catch (error) {
        return [null, error]
      }
    }) as [unknown, unknown]
    return `${index} ${error === null ? text(value) : error instanceof Error ? `throws ${error.message}` : "throws"}`
  })
  return { ran: [], commands: [], decided }
}
