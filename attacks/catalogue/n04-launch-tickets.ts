import type { Attack, LocalScene } from "../attack.ts"
import { ANY_FRAME_TICKET, LAUNCH_TICKETS_STAY, TICKETS_LAST } from "../door-weaknesses.ts"
import { pause } from "../stranger.ts"
import { ClientSession, type Launched, redeem, redeemTicket } from "../window-client.ts"

/** A session with what a launch link gave, if that is good for one. */
async function begin({ victim, stranger }: LocalScene, launched: Launched | null): Promise<ClientSession | null> {
  if (launched === null) return null
  const socket = await stranger.socket({ headers: { origin: victim.origin, cookie: launched.cookie } })
  return socket === null ? null : ClientSession.begin(socket, launched.credential)
}

/** N4: launch tickets that somebody else has seen, or guesses. */
export const launchTickets: readonly Attack[] = [
  {
    where: "local",
    id: "N4",
    name: "a launch link used a second time",
    stoppedBy: "a ticket is good once",
    control: LAUNCH_TICKETS_STAY,
    steps: async ({ victim, stranger }) => {
      const url = await victim.launchUrl("main")
      await redeem(stranger, url)
      return (await redeem(stranger, url)) !== null
    },
  },
  {
    where: "local",
    id: "N4",
    name: "a launch link used first, before the window has come: who uses it keeps the window",
    stoppedBy: "a ticket that comes a second time takes the window from whoever came first, and ends its sessions",
    control: {
      off: "the end of the window whose ticket was used twice",
      file: "boundary/core/window-registry.ts",
      find: "      this.#identities.delete(spent)\n",
      replace: "",
    },
    steps: async (scene) => {
      const { victim, stranger } = scene
      const url = await victim.launchUrl("main")
      const stolen = await redeem(stranger, url)
      if (stolen === null) throw new Error("the link was no good")
      // The window comes now, with the same link.
      await redeem(stranger, url)
      return (await begin(scene, stolen)) !== null
    },
  },
  {
    where: "local",
    id: "N4",
    name: "a session that was begun with a stolen launch link, when the window comes",
    stoppedBy: "the sessions of a window whose ticket was used twice end",
    control: {
      off: "the end of the sessions of such a window",
      file: "core/core.ts",
      find: 'if (identity === result.reused) session.end(CLOSE.CREDENTIAL_UNKNOWN, "its launch link was used a second time")',
      replace: "if (identity !== result.reused && session.isOver) break",
    },
    steps: async (scene) => {
      const { victim, stranger } = scene
      const url = await victim.launchUrl("main")
      const session = await begin(scene, await redeem(stranger, url))
      if (session === null) throw new Error("the link was no good")
      await redeem(stranger, url)
      await victim.launchUrl("main")
      await pause(300)
      return session.socket.readyState === session.socket.OPEN
    },
  },
  {
    where: "local",
    id: "N4",
    name: "a launch link used twice, unnoticed",
    stoppedBy: "it is audited, with the window's label",
    control: {
      off: "the audit of it",
      file: "core/core.ts",
      find: 'decided({ kind: "launch-ticket-reused", window: result.reused.label })',
      replace: "",
    },
    alone: true,
    steps: async ({ victim, stranger }) => {
      const url = await victim.launchUrl("main")
      await redeem(stranger, url)
      await redeem(stranger, url)
      await victim.launchUrl("main")
      return !victim.hasDecided("launch-ticket-reused")
    },
  },
  {
    where: "local",
    id: "N4",
    name: "a launch link used by fifty at the same moment",
    stoppedBy: "a ticket is taken away in the same turn that it is looked up in; then the second one ends the window",
    control: LAUNCH_TICKETS_STAY,
    steps: async (scene) => {
      const url = await scene.victim.launchUrl("main")
      const all = await Promise.all(Array.from({ length: 50 }, () => redeem(scene.stranger, url)))
      for (const launched of all) if ((await begin(scene, launched)) !== null) return true
      return false
    },
  },
  {
    where: "local",
    id: "N4",
    name: "a launch link kept for a minute",
    stoppedBy: "a ticket is good for sixty seconds",
    control: TICKETS_LAST,
    alone: true,
    steps: async ({ victim, stranger }) => {
      const url = await victim.launchUrl("main")
      victim.later(60_001)
      return (await redeem(stranger, url)) !== null
    },
  },
  {
    where: "local",
    id: "N4",
    name: "launch tickets that are guessed: a thousand, and the real one cut, padded, and in another alphabet",
    stoppedBy: "a ticket is 256 random bits, looked up by its hash",
    control: ANY_FRAME_TICKET,
    steps: async ({ victim, stranger }) => {
      const url = await victim.launchUrl("main")
      const ticket = url.split("#")[1] ?? ""
      const near = [
        ticket.slice(0, -1),
        ticket.slice(1),
        `${ticket}=`,
        ` ${ticket}`,
        `${ticket}\n`,
        `${ticket}\0`,
        `${ticket}${ticket}`,
        ticket.toLowerCase(),
        [...ticket].reverse().join(""),
        `"${ticket}"`,
        "",
      ]
      const random = Array.from({ length: 1000 }, () =>
        Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url"),
      )
      for (const guess of [...near, ...random])
        if ((await redeemTicket(stranger, victim.origin, guess)) !== null) return true
      return false
    },
  },
]
