import crypto from "node:crypto"
import { syncBuiltinESMExports } from "node:module"
import * as ws from "ws"
import type { Mark } from "./core-process.ts"

let marks: Mark[] = []
let isMarking = false

/** Takes a moment down, when it is wanted. */
export function takeMark(name: string): void {
  if (isMarking) marks.push([name, performance.timeOrigin + performance.now()])
}

/** The moments so far; from here on it begins anew. */
export function takenMarks(): readonly Mark[] {
  const taken = marks
  marks = []
  return taken
}

/**
 * From now on a moment is taken down whenever a call passes one of the doors between the Core's parts and what it is built
 * on: the socket's bytes, its messages, the cipher, the socket again. The Core's own source stays as it is.
 */
export function markSteps(): void {
  if (isMarking) return
  isMarking = true
  // Of `ws`, whose types leave it out.
  const { Receiver } = ws as unknown as { readonly Receiver: { readonly prototype: { _write: unknown } } }
  around(Receiver.prototype, "_write", { before: () => "bytes" })
  around(ws.WebSocket.prototype, "emit", { before: (event) => (event === "message" ? "message" : null) })
  around(ws.WebSocket.prototype, "send", { before: () => "answered" })
  const { createDecipheriv } = crypto
  crypto.createDecipheriv = ((...args: Parameters<typeof createDecipheriv>) => {
    const decipher = createDecipheriv(...args)
    around(decipher, "final", { after: "opened" })
    return decipher
  }) as typeof createDecipheriv
  syncBuiltinESMExports()
}

/** `before` may ask a call's first argument whether it counts. */
function around<Name extends string>(
  object: { [name in Name]: unknown },
  name: Name,
  { before, after }: { readonly before?: (first: unknown) => string | null; readonly after?: string },
): void {
  const original = object[name] as (...args: unknown[]) => unknown
  object[name] = function (this: unknown, ...args: unknown[]): unknown {
    const mark = before?.(args[0])
    if (typeof mark === "string") takeMark(mark)
    const result = original.apply(this, args)
    if (after !== undefined) takeMark(after)
    return result
  }
}
