import type { Attack, LocalScene } from "../attack.ts"
import { FRAME_TICKETS_OUTLIVE_SESSIONS, FRAME_TICKETS_STAY, TICKETS_LAST } from "../door-weaknesses.ts"
import { ISOLATION_FOR_ALL, ONE_KEY } from "../weaknesses.ts"
import { AS_A_FRAME, type ClientSession, keyIn, WindowClient } from "../window-client.ts"

/** A window whose frame has not been loaded yet. */
async function beginning(scene: LocalScene): Promise<{ window: WindowClient; session: ClientSession }> {
  const window = await WindowClient.open(scene)
  const session = await window.session()
  if (session === null) throw new Error("the app let its own window not in")
  return { window, session }
}

/** What is refused to a document is heard of a moment later: after the answer to a question. */
async function isAudited({ victim }: LocalScene): Promise<boolean> {
  await victim.launchUrl("other")
  return victim.decisions.some(({ kind }) => kind === "request-refused")
}

/** N9: another process that has seen a frame ticket. That it may use it first is known; what must hold then is tried here. */
export const frameTickets: readonly Attack[] = [
  {
    where: "local",
    id: "N9",
    name: "a frame ticket used first by another process, with a browser's headers: the frame that it was for goes on as if nothing had been",
    stoppedBy: "a ticket is good once: the frame that should have had it fails",
    control: FRAME_TICKETS_STAY,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      const stolen = await window.document(session)
      const own = await window.document(session)
      return stolen.status === 200 && own.status === 200
    },
  },
  {
    where: "local",
    id: "N9",
    name: "the same, unnoticed",
    stoppedBy: "the frame that is refused its document is audited",
    control: {
      off: "the audit of a ticket that is spent",
      file: "server/key/isolation-document.ts",
      find: 'this.#gate.refused("frame ticket unknown, used, expired or for another origin", {})',
      replace: "",
    },
    alone: true,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      await window.document(session)
      await window.document(session)
      return !(await isAudited(scene))
    },
  },
  {
    where: "local",
    id: "N9",
    name: "a frame ticket used again after its frame has loaded",
    stoppedBy: "a ticket is good once",
    control: FRAME_TICKETS_STAY,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      await window.document(session)
      return (await window.document(session)).status === 200
    },
  },
  {
    where: "local",
    id: "N9",
    name: "a frame ticket used by twenty at the same moment",
    stoppedBy: "a ticket is taken away in the same turn that it is looked up in",
    control: FRAME_TICKETS_STAY,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      const all = await Promise.all(Array.from({ length: 20 }, () => window.document(session)))
      return all.filter(({ status }) => status === 200).length > 1
    },
  },
  {
    where: "local",
    id: "N9",
    name: "a frame ticket used without a browser's headers, so that the frame is refused what it was for",
    stoppedBy: "what is no frame of a browser gets nothing, and spends nothing",
    control: ISOLATION_FOR_ALL,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      const { host, pathname } = new URL(session.frame)
      for (const [name, other] of [
        ["sec-fetch-dest", "document"],
        ["sec-fetch-mode", "cors"],
        ["sec-fetch-site", "same-origin"],
        ["sec-fetch-site", "none"],
      ] as const)
        await scene.stranger.ask(pathname, { headers: { host, ...AS_A_FRAME, [name]: other } })
      for (const method of ["HEAD", "POST", "OPTIONS"])
        await scene.stranger.ask(pathname, { method, headers: { host, ...AS_A_FRAME } })
      return (await window.document(session)).status !== 200
    },
  },
  {
    where: "local",
    id: "N9",
    name: "a frame ticket kept until its window has gone",
    stoppedBy: "a ticket is good while its session's socket is open",
    control: FRAME_TICKETS_OUTLIVE_SESSIONS,
    alone: true,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      session.socket.terminate()
      for (let tries = 0; tries < 100 && !scene.victim.hasDecided("session-ended"); tries++)
        await scene.victim.launchUrl("other")
      return (await window.document(session)).status === 200
    },
  },
  {
    where: "local",
    id: "N9",
    name: "a frame ticket kept for longer than loading a frame takes",
    stoppedBy: "a ticket is good for ten seconds",
    control: TICKETS_LAST,
    alone: true,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      scene.victim.later(10_001)
      return (await window.document(session)).status === 200
    },
  },
  {
    where: "local",
    id: "N9",
    name: "a key that was got by a stolen frame ticket, used in a session of one's own",
    stoppedBy: "a key is its session's alone, and the socket of that session is its page's",
    control: ONE_KEY,
    steps: async (scene) => {
      const { window, session } = await beginning(scene)
      const { body } = await window.document(session)
      const other = await window.session()
      return (await other?.call("forbidden", keyIn(body))) === true
    },
  },
]
