/**
 * The app of secrets.e2e.ts: a process of its own, so that all it prints can be read. It tells its parent every secret that
 * is made in it, and every decision; logs what an author might log; and does what its parent says.
 */
import { inspect } from "node:util"
import { command, fail } from "sallyport"
import { watchSecrets } from "../src/core/secrets.fixture.ts"
import { startTestApp, type TestApp } from "./fixture.ts"

/** What the parent can ask for; each is answered with `{ done }`. */
export type Order =
  | { readonly order: "start" | "open" | "close" | "end" }
  | { readonly order: "print"; readonly text: string }

/** What the parent is told. */
export type Report =
  | { readonly done: string | null }
  | { readonly decision: string }
  /** All of them so far, as base64. */
  | { readonly secrets: readonly string[] }

const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  console.log("the hook sees", JSON.stringify(payload), document.documentElement.outerHTML)
  if (payload.cmd === "refused") throw new Error("refused " + JSON.stringify(payload))
  return payload
}`

const tell = (report: Report): void => void process.send?.(report)
const { secrets } = watchSecrets()
const [audit = ""] = process.argv.slice(2)
let running: TestApp | undefined

async function start(): Promise<void> {
  running = await startTestApp({
    hook: HOOK,
    commands: {
      allowed: command((_args, context) => {
        console.log("called", inspect(context, { depth: 5, showHidden: true }))
        return "allowed"
      }),
      fails: command(() => {
        const error = new Error("it failed")
        console.error(error)
        throw error
      }),
      fails_otherwise: command(() => fail({ code: "OTHERWISE" })),
      denied: command(() => "denied"),
      refused: command(() => "refused"),
    },
    security: {
      capabilities: [
        {
          identifier: "main",
          windows: ["main"],
          permissions: ["core:default", "allow-allowed", "allow-fails", "allow-fails-otherwise", "allow-refused"],
        },
      ],
    },
    limits: { frameTimeoutMs: 3000 },
    options: { audit: { file: audit, chain: true }, log: (line) => console.error(`log: ${line}`) },
  })
  console.log(inspect(running, { depth: 10, showHidden: true }))
}

async function obey(order: Order): Promise<string | null> {
  switch (order.order) {
    case "start":
      await start()
      return null
    case "open": {
      let url: string | null = null
      await running?.app.open("main", (given) => {
        url = given
      })
      return url
    }
    case "print":
      console.error(order.text)
      return null
    case "close":
      // Decisions that an author may print, too.
      for (const decision of running?.decisions ?? [])
        tell({ decision: inspect(decision, { depth: 10 }) + JSON.stringify(decision) })
      await running?.close()
      return null
    case "end":
      tell({ secrets: secrets.map(({ bytes }) => Buffer.from(bytes).toString("base64")) })
      return null
  }
}

process.on("message", (order: Order) => {
  obey(order)
    .then((done) => tell({ done }))
    .catch((error: unknown) => {
      console.error(error)
      process.exit(1)
    })
})
