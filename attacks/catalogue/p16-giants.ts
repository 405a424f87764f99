import type { BrowserName, Page } from "../../e2e/drivers/driver.ts"
import type { Attack, Replacement, Scene } from "../attack.ts"

const RAW_BYTES: Replacement = {
  off: "the bridge's look at the size of a raw argument",
  file: "page/calls.ts",
  find: 'if (raw !== null && raw.length > blobBytes) return "BLOB_TOO_LARGE"',
  replace: "",
}
const BYTES_IN_FLIGHT: Replacement = {
  off: "the bridge's count of the bytes in flight",
  file: "page/calls.ts",
  find: "if (this.#bytes + bytes > limits.bytesInFlight)",
  replace: "if (this.#bytes < 0)",
}
const CALLS_IN_FLIGHT: Replacement = {
  off: "the bridge's count of the calls in flight",
  file: "page/calls.ts",
  find: "if (this.#pending.size >= limits.callsInFlight)",
  replace: "if (this.#pending.size < 0)",
}

const NO_PORT = "has no port: what a window of another origin is sent cannot be weighed"

/** What leaves the page's realm for a sandbox, in bytes or characters. */
const WEIGH = `
  let left = 0
  const { postMessage } = MessagePort.prototype
  MessagePort.prototype.postMessage = function (data, ...more) {
    left += data.byteLength ?? data.length
    return postMessage.call(this, data, ...more)
  }`

interface Giant {
  readonly name: string
  readonly stoppedBy: string
  readonly control: Replacement
  readonly not?: Partial<Record<BrowserName, string>>
  readonly limits?: Readonly<Record<string, number>>
  readonly send: string
}

/**
 * Each as the body of a function that resolves with whether it got what it wanted. It has also when meanwhile the Core does
 * not serve another window.
 */
const GIANTS: readonly Giant[] = [
  {
    name: "a raw argument of 1 GiB: copied, and handed to the sandbox",
    stoppedBy: "the limit `blobBytes`, in the bridge, before anything is copied",
    control: RAW_BYTES,
    not: { webkit: NO_PORT },
    send: `${WEIGH}
      const call = attacker.call("allowed", new ArrayBuffer(2 ** 30))
      const ended = await Promise.race([call, attacker.until(() => left > 1000, 30_000)])
      return ended.code !== "BLOB_TOO_LARGE" || left > 1000`,
  },
  {
    name: "a text of more than 256 MiB among the arguments, handed to the sandbox",
    stoppedBy: "the limit `bytesInFlight`, in the bridge, before the text is handed to the sandbox",
    control: BYTES_IN_FLIGHT,
    not: {
      firefox: "makes no JSON of that length: the call is rejected with NOT_SERIALIZABLE",
      webkit: NO_PORT,
    },
    send: `${WEIGH}
      const call = attacker.call("allowed", { a: "x".repeat(2 ** 28 + 2 ** 20) })
      const ended = await Promise.race([call, attacker.until(() => left > 1000, 30_000)])
      return !["TOO_MANY_BYTES", "NOT_SERIALIZABLE"].includes(ended.code) || left > 1000`,
  },
  {
    name: "a hundred thousand calls at once: those that were in time are lost with them",
    stoppedBy:
      "the limit `callsInFlight`, in the bridge: what is too much is rejected with TOO_MANY_CALLS, and nothing else",
    control: CALLS_IN_FLIGHT,
    limits: { callsInFlight: 1000 },
    send: `
      let [refused, lost] = [0, 0]
      const { invoke } = __TAURI_INTERNALS__
      for (let n = 0; n < 100_000; n++)
        // None of them is answered while its page is there.
        invoke("slow").catch(({ code }) => {
          if (code === "TOO_MANY_CALLS") refused++
          else lost++
        })
      await attacker.until(() => lost > 0 || refused === 99_000, 30_000)
      return lost > 0 || refused !== 99_000`,
  },
]

/** P16: more than any page has a use for. */
export const giants: readonly Attack[] = GIANTS.map(({ send, limits = {}, ...attack }) => ({
  ...attack,
  victim: { limits },
  id: "P16",
  alone: true,
  needsQuiet: true,
  defence: "browser",
  steps: async ({ page, open }: Scene) => {
    const other = await open("other")
    for (const window of [page, other]) await window.evaluate(`await attacker.call("allowed")`)
    await page.evaluate(`
      setTimeout(async () => {
        const send = async () => {${send}}
        window.result = await send().catch((error) => String(error))
      })`)
    const isServed = await served(other)
    await page.waitFor("return window.result !== undefined", 50_000)
    return !isServed || (await page.evaluate<unknown>("return window.result")) !== false
  },
}))

function served(other: Page): Promise<boolean> {
  return other.evaluate<boolean>(
    `return (await Promise.race([attacker.call("allowed"), attacker.pause(20_000)]))?.value === "allowed"`,
  )
}
