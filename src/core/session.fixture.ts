import { beforeEach } from "node:test"
import { RecordOpener } from "../boundary/core/record-opener.ts"
import { type Limits, resolveLimits } from "../boundary/wire/limits.ts"
import { command } from "./command.ts"
import { FakeConnection, KEY, layOut, SESSION, type Seal, seal } from "./core.fixture.ts"
import { Dispatcher } from "./dispatcher.ts"
import { Events } from "./events.ts"
import { PageOperation } from "./page-operation.ts"
import { Session } from "./session.ts"
import { TimeSlices } from "./time-slices.ts"
import { WindowMemory } from "./window-memory.ts"

/** What the commands have done in a test, and how the last of them that waits is let go. */
export const did: { ran: unknown[]; signal: AbortSignal | undefined; release: (value: unknown) => void } = {
  ran: [],
  signal: undefined,
  release: () => {},
}
beforeEach(() => {
  did.ran = []
  did.signal = undefined
})

const COMMANDS = {
  note: command((args) => {
    did.ran.push(args)
    return "noted"
  }),
  wait: command(async (args, context) => {
    did.ran.push(args)
    did.signal = context.signal
    return new Promise((resolve) => {
      did.release = resolve
    })
  }),
  windDown: command((_, { page }) => {
    void (page as Session).windDown().then(() => did.ran.push("idle"))
    return new Promise((resolve) => {
      did.release = resolve
    })
  }),
  huge: command(() => "x".repeat(5000)),
  large: command(() => new Uint8Array(1500)),
  title: command(() => new PageOperation("set_title", "A")),
  imitation: command(() => ({ message: ["close", null, ""] })),
}

export interface Setup {
  readonly session: Session
  readonly connection: FakeConnection
  readonly logged: string[]
  readonly ended: () => number
  /** Sends the next frame. */
  send(json: unknown, blobs?: readonly Uint8Array[], seal?: Seal): void
}

/** A session of the window "main", isolated unless told otherwise. */
export function start({
  isolated = true,
  events,
  now = () => 0,
  memory,
  ...overrides
}: Partial<Limits> & { isolated?: boolean; events?: Events; now?: () => number; memory?: WindowMemory } = {}): Setup {
  const connection = new FakeConnection()
  const limits = resolveLimits(overrides)
  const logged: string[] = []
  let ends = 0
  let seq = 1
  const session = new Session({
    name: "session",
    label: "main",
    connection,
    dispatcher: new Dispatcher(COMMANDS),
    events: events ?? new Events((line) => logged.push(line)),
    limits,
    memory: memory ?? new WindowMemory(limits.bytesInFlight),
    opener: isolated ? new RecordOpener(KEY, SESSION) : null,
    log: (line) => logged.push(line),
    ended: () => void ends++,
    slices: new TimeSlices(now),
  })
  const send: Setup["send"] = (json, blobs, options) => {
    const payload = layOut(json, blobs)
    session.receive(isolated ? seal(payload, { seq: seq++, ...options }) : payload)
  }
  return { session, connection, logged, ended: () => ends, send }
}

export const isOpen = ({ closed }: FakeConnection): boolean => closed === null
/** A payload of one call. */
export const one = (id: number, cmd: string, args: unknown = {}): object => ({ calls: [[id, cmd, args]] })
