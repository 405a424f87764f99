import assert from "node:assert/strict"
import { test } from "node:test"
import { LIMITS } from "../wire/limits.ts"
import { splitPayload } from "../wire/payload.ts"
import { associatedData, sealNonce } from "../wire/sealing.ts"
import { setHook } from "./realm.fixture.ts"

const KEY = Array.from({ length: 32 }, (_, index) => index)
const SESSION = Array<number>(16).fill(1)

test("lines that the isolation app prints while it loads leave in records that the Core accepts, all of them in order", async () => {
  const records: ArrayBuffer[] = []
  let port: MessagePort | undefined
  let load = (): void => {}
  const data = { session: SESSION, key: KEY, label: "main", limits: LIMITS, parent: "http://localhost:1" }
  Object.defineProperty(globalThis, "navigator", { value: { vendor: "" } })
  Object.assign(globalThis, {
    document: { getElementById: () => ({ text: JSON.stringify(data), remove: () => {} }) },
    parent: {
      postMessage: (_message: unknown, _origin: unknown, [given]: MessagePort[]) => {
        port = given
      },
    },
    addEventListener: (name: string, listener: () => void) => {
      if (name === "load") load = listener
    },
  })
  // Printed as before: not into the report of the tests.
  console.debug = () => {}
  await import("./runtime.ts")
  setHook((payload: unknown) => payload)
  const lines = Array.from({ length: 190 }, (_, index) => `${index} ${"\0".repeat(1990)}`)
  for (const line of lines) console.debug(line)
  const key = await crypto.subtle.importKey("raw", Uint8Array.from(KEY), "AES-GCM", false, ["decrypt"])
  if (port !== undefined) port.onmessage = ({ data }) => data instanceof ArrayBuffer && records.push(data)
  load()
  const opened: string[] = []
  const texts: string[] = []
  for (let index = 0; texts.length < lines.length; index++) {
    while (records[index] === undefined) await new Promise((resolve) => setTimeout(resolve, 1))
    const additionalData = associatedData(Uint8Array.from(SESSION), index + 1)
    const algorithm = { name: "AES-GCM", iv: sealNonce(index + 1), additionalData }
    const payload = await crypto.subtle.decrypt(algorithm, key, (records[index] as ArrayBuffer).slice(9))
    const { json } = splitPayload(new Uint8Array(payload))
    opened.push(json)
    texts.push(...(JSON.parse(json) as { logs: [level: string, text: string][] }).logs.map(([, text]) => text))
  }
  port?.close()
  assert.match(opened[0] ?? "", /^\{"hook":"function"/)
  for (const json of opened) assert.ok(Buffer.byteLength(json) <= LIMITS.jsonBytes, `${Buffer.byteLength(json)} bytes`)
  assert.deepEqual(texts, lines)
})
