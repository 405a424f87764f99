import assert from "node:assert/strict"
import { test } from "node:test"
import { importSealingKey, takeSessionData } from "./session-data.ts"

const SESSION = {
  session: [1],
  key: Array.from({ length: 32 }, (_, index) => index + 1),
  label: "main",
  limits: { jsonBytes: 1, blobBytes: 1, nesting: 1, hookTimeoutMs: 1 },
  parent: "http://localhost:1",
}

test("the session's data is taken out of the document at once: the element is emptied and removed", () => {
  const removed: string[] = []
  const element = { text: JSON.stringify(SESSION), remove: () => void removed.push(element.text) }
  Object.assign(globalThis, { document: { getElementById: () => element } })
  assert.deepEqual(takeSessionData(), SESSION)
  assert.deepEqual(removed, [""])
})

test("the sealing key can seal and nothing else, cannot be read again, and every copy is wiped", async () => {
  const session = structuredClone(SESSION)
  let copy: Uint8Array | undefined
  const { subtle } = crypto
  const importKey = subtle.importKey
  subtle.importKey = ((...args: Parameters<typeof importKey>) => {
    copy = args[1] as never
    return importKey.apply(subtle, args)
  }) as typeof importKey
  try {
    const key = await importSealingKey(session)
    assert.deepEqual([key.extractable, key.usages, key.algorithm.name], [false, ["encrypt"], "AES-GCM"])
  } finally {
    subtle.importKey = importKey
  }
  assert.deepEqual([...session.key, ...(copy ?? [1])], Array(64).fill(0))
})
