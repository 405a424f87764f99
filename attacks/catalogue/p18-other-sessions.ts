import type { Attack } from "../attack.ts"
import { ANY_SESSION, ONE_SET_OF_CHANNELS } from "../weaknesses.ts"

/** Targets that name another window, as a listener can give them. */
const TARGETS = `["other", { kind: "AnyLabel", label: "other" }, { kind: "Window", label: "other" }, { kind: "Any" },
  { kind: "Webview", label: "other" }, { kind: "WebviewWindow", label: "other" }, { kind: "App" }, null]`

const LISTEN = `
  window.heard = []
  const listen = (event, target, handler) => attacker.call("plugin:event|listen", { event, target, handler })
  const hears = () => __TAURI_INTERNALS__.transformCallback((message) => heard.push(message))`

/** Addresses that are none of the app's; each in a window's options. */
const ELSEWHERE = `["https://example.org/", "//example.org/x", "/\\\\\\\\example.org", "\\\\\\\\\\\\\\\\example.org", "javascript:alert(1)",
  "data:text/html,x", "blob:null/1", "/__sallyport__/open#x", "http://localhost:1/", "http:example.org", "file:///etc/passwd",
  "http://127.0.0.1:1/", location.origin + "//example.org", "\\t//example.org"]`

/** P17 and P18: as another window, and into another session. */
export const otherSessions: readonly Attack[] = [
  {
    id: "P17",
    name: "a hello with another window's label",
    stoppedBy: "the label belongs to the credential: no page can choose it",
    defence: "core",
    control: [
      {
        off: "the credential's say in the label: a hello may name one",
        file: "core/core.ts",
        find: "const identity = this.#windows.identify(credential)",
        replace:
          "const own = this.#windows.identify(credential)\n      const identity = own && { ...own, label: (globalThis as any).hello.label ?? own.label }",
      },
      {
        off: "the silence about what a hello says besides",
        file: "core/handshake.ts",
        find: "const credential = readHello(message)",
        replace:
          "const credential = readHello(message)\n      ;(globalThis as any).hello = JSON.parse(String(message))",
      },
    ],
    inPage: async (attacker) => {
      const socket = new WebSocket(`ws://${location.host}/__sallyport__/ipc?label=other`)
      await new Promise((resolve) => {
        socket.onopen = resolve
      })
      const { credential } = attacker
      attacker.send(JSON.stringify({ hello: 1, credential, label: "other", window: "other" }), socket)
      return new Promise((resolve) => {
        socket.onmessage = ({ data }) => resolve(JSON.parse(data).label)
        socket.onclose = () => resolve(null)
      })
    },
    succeeded: (label) => label === "other",
  },
  {
    id: "P17",
    name: "credentials that are guessed: none, a label, one's own turned round, cut, doubled",
    stoppedBy: "a credential is 256 random bits, compared by its hash",
    defence: "core",
    control: {
      off: "the look-up of credentials: an unknown one is the newest window's",
      file: "boundary/core/window-registry.ts",
      find: "const identity = this.#identities.get(tokenHash(credential))",
      replace: "const identity = this.#identities.get(tokenHash(credential)) ?? [...this.#identities.values()].at(-1)",
    },
    inPage: async (attacker) => {
      const { credential } = attacker
      const guesses = ["", "other", [...credential].reverse().join(""), credential.slice(1), credential + credential]
      const welcomes = guesses.map((guess) =>
        attacker.connect(guess).then(
          () => 1,
          () => 0,
        ),
      )
      return (await Promise.all(welcomes)).filter(Boolean).length
    },
    succeeded: (welcomes) => welcomes !== 0,
  },
  {
    id: "P17",
    name: "another window's sandbox, loaded from its address, seals for a session of this one",
    stoppedBy: "a sandbox seals with its own session's key, and into its id",
    defence: "browser",
    control: ANY_SESSION,
    steps: async ({ page, open, victim }) => {
      const other = await open("other")
      const url = await other.evaluate("return (await attacker.connect()).welcome.frame")
      await page.evaluate(`
        const { socket } = await attacker.connect()
        const sandbox = await attacker.sandbox(${JSON.stringify(url)})
        sandbox.port.postMessage('[[1,"allowed",{}]]')
        await attacker.until(() => sandbox.frames.length > 1)
        for (const frame of sandbox.frames) attacker.send(frame, socket)
        await attacker.pause(200)`)
      return victim.hasRun("allowed")
    },
  },
  {
    id: "P17",
    name: "a window created for a page that is not the app's",
    stoppedBy: "a window's address is read as a browser reads it, and must stay in the app",
    defence: "core",
    control: {
      off: "the look at where a window's address leads",
      file: "config/read-windows.ts",
      find: 'typeof value === "string" && staysInApp(value)',
      replace: 'typeof value === "string"',
    },
    steps: async ({ page, victim }) => {
      await page.evaluate(`
        await attacker.call("allowed")
        let number = 0
        for (const url of ${ELSEWHERE})
          void attacker.call("plugin:window|create", { options: { label: "created-" + number++, url } })
        await attacker.pause(300)`)
      await victim.launchUrl("other")
      return victim.shown.length > 0
    },
  },
  {
    id: "P17",
    name: "a window created with the label of one that is open",
    stoppedBy: "a label is one window's while that is open",
    defence: "core",
    control: {
      off: "the rule that a label is one window's",
      file: "app-windows.ts",
      find: "if (this.labels.includes(label)) throw",
      replace: 'if (label === "") throw',
    },
    steps: async ({ page, open, victim }) => {
      await open("other")
      victim.forget()
      await page.evaluate(`
        await attacker.call("allowed")
        void attacker.call("plugin:window|create", { options: { label: "other", url: "index.html" } })
        void attacker.call("plugin:webview|create_webview_window", { options: { label: "other" } })
        await attacker.pause(300)`)
      await victim.launchUrl("main")
      return victim.shown.length > 0
    },
  },
  {
    id: "P18",
    name: "listeners for another window's events, under every name that it has",
    stoppedBy: "what is for one window reaches that window's pages alone, whoever listens",
    defence: "core",
    control: {
      off: "the look at whose window it is for",
      file: "core/events.ts",
      find: "if (hasLabel(target) && !about && receiver.label !== target.label) continue",
      replace: "",
    },
    steps: async ({ page, victim }) => {
      await page.evaluate(`${LISTEN}; for (const target of ${TARGETS}) await listen("note", target, hears())`)
      victim.emitTo("other", "note", "secret")
      // Heard after it, if at all: it comes by the same way.
      victim.emitTo("main", "note", "own")
      await page.waitFor(`return heard.some(({ payload }) => payload === "own")`)
      return page.evaluate<boolean>(`return heard.some(({ payload }) => payload === "secret")`)
    },
  },
  {
    id: "P18",
    name: "another window's listener, taken away by its number",
    stoppedBy: "a listener is known by its session and its number, not by the number alone",
    defence: "core",
    control: {
      off: "the session in what a listener is known by",
      file: "core/events.ts",
      find: "const listeners = this.#pages.get(event)?.get(receiver)",
      replace:
        'const listeners = [...(this.#pages.get(event)?.values() ?? [])].find((all) => all.heardBy({ kind: "Any" }, false).includes(id))',
    },
    steps: async ({ page, open, victim }) => {
      const other = await open("other")
      const id = await other.evaluate(`${LISTEN}
        const id = hears()
        await listen("note", null, id)
        await listen("end", null, hears())
        return id`)
      await page.evaluate(`await attacker.call("plugin:event|unlisten", { event: "note", eventId: ${id} })`)
      for (const event of ["note", "end"]) victim.emitTo("other", event, null)
      await other.waitFor(`return heard.some(({ event }) => event === "end")`)
      return other.evaluate<boolean>(`return !heard.some(({ event }) => event === "note")`)
    },
  },
  {
    id: "P18",
    name: "an event of the app's own, sent by a page: another window is told that it is to close",
    stoppedBy: "events that begin with `tauri://` are the app's to emit",
    defence: "core",
    control: {
      off: "the rule on whose events begin with `tauri://`",
      file: "plugins/event.ts",
      find: "if (event.startsWith(RESERVED))",
      replace: 'if (event === "")',
    },
    steps: async ({ page, open }) => {
      const other = await open("other")
      await other.evaluate(
        `${LISTEN}; for (const event of ["tauri://close-requested", "end"]) await listen(event, null, hears())`,
      )
      await page.evaluate(`
        for (const event of ["tauri://close-requested", "end"]) {
          await attacker.call("plugin:event|emit", { event, payload: null })
          await attacker.call("plugin:event|emit_to", { event, target: { kind: "Window", label: "other" }, payload: null })
        }`)
      await other.waitFor(`return heard.some(({ event }) => event === "end")`)
      return other.evaluate<boolean>(`return heard.some(({ event }) => event !== "end")`)
    },
  },
  {
    id: "P18",
    name: "a channel of another window's, by the number of its callback",
    stoppedBy: "a channel is its session's: a number means that session's callback",
    defence: "core",
    control: ONE_SET_OF_CHANNELS,
    steps: async ({ page, open }) => {
      const id = await page.evaluate(`
        window.heard = []
        await attacker.call("allowed")
        return __TAURI_INTERNALS__.transformCallback((message) => heard.push(message))`)
      const other = await open("other")
      await other.evaluate(`await attacker.call("stream", { channel: "__CHANNEL__:${id}" })`)
      await page.evaluate(`await attacker.call("allowed")`)
      return page.evaluate<boolean>(`return JSON.stringify(heard).includes("secret of other")`)
    },
  },
  {
    id: "P18",
    name: "what another window holds by a number: read, and closed",
    stoppedBy: "what a page holds is its session's",
    defence: "core",
    control: {
      off: "the things of each session: all hold them together",
      file: "core/session.ts",
      find: "readonly resources: Resources = new Resources()",
      replace: "readonly resources: Resources = ((globalThis as any).resources ??= new Resources())",
    },
    steps: async ({ page, open }) => {
      const other = await open("other")
      const held = await other.evaluate(
        `return (await attacker.call("plugin:image|new", { rgba: [1, 2, 3, 4], width: 1, height: 1 })).value`,
      )
      return page.evaluate<boolean>(`
        const ended = [await attacker.call("plugin:image|size", { rid: ${held} }),
          await attacker.call("plugin:resources|close", { rid: ${held} })]
        return ended.some(({ error }) => error === undefined)`)
    },
  },
]
