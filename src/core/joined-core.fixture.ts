import { beforeEach } from "node:test"
import type { FrameGrant } from "../boundary/core/frame-tickets.ts"
import type { WindowGrant, WindowObserver } from "../boundary/core/window-registry.ts"
import { type Limits, resolveLimits } from "../boundary/wire/limits.ts"
import type { Welcome } from "../protocol/page-messages.ts"
import { command } from "./command.ts"
import { FakeConnection, layOut, seal } from "./core.fixture.ts"
import { Core } from "./core.ts"

/** What Cores have logged in a test. */
export const logged: string[] = []
beforeEach(() => {
  logged.length = 0
})

const COMMANDS = {
  window: command((_args, { window }) => window),
  deaf: command(() => new Promise(() => {})),
  wait: command(
    (_args, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve("stopped"))),
  ),
}
export const newCore = (pattern: "isolation" | "brownfield" = "isolation", limits: Partial<Limits> = {}): Core =>
  new Core({
    commands: COMMANDS,
    pattern,
    limits: resolveLimits(limits),
    log: (line) => logged.push(line),
    now: () => 0,
  })

/** How many sessions a window was told it has, each time. */
export const counts: number[] = []
export const OBSERVER: WindowObserver = { redeemed: () => {}, sessions: (count: number) => void counts.push(count) }
/** Opens a window as its page does; returns its credential. */
export const openWindow = (core: Core, label = "main"): string =>
  (core.redeemLaunchTicket(core.launch(label, { url: "index.html", title: null }, OBSERVER)) as WindowGrant).credential

/** Isolation origin of each window. */
export const ORIGIN_OF = (window: number): string => `http://${window}.localhost`

/** Loads a session's frame, as a browser does it. */
export function redeemFrame(core: Core, { frame }: Welcome): FrameGrant | null {
  const { origin, pathname } = new URL(frame ?? "")
  return core.redeemFrameTicket(pathname.slice(1), origin)
}

export interface Joined {
  readonly connection: FakeConnection
  readonly welcome: Welcome
  /** `null`: the frame ticket was not redeemed, as in brownfield. */
  grant(): FrameGrant
}

/** Says hello for a window. */
export function join(core: Core, credential: string): Joined {
  const connection = new FakeConnection()
  core.accept(connection, ORIGIN_OF)
  connection.receive(JSON.stringify({ hello: 1, credential }))
  const welcome = JSON.parse(String(connection.sent[0] ?? "null")) as Welcome
  return { connection, welcome, grant: () => redeemFrame(core, welcome) as FrameGrant }
}

export const call = (id: number, cmd: string): Uint8Array => layOut({ calls: [[id, cmd, {}]] })
export const sealCall = ({ key, session }: FrameGrant, id: number, cmd: string, seq = 1): Uint8Array =>
  seal(call(id, cmd), { key, session, seq })
