import type { Replacement } from "../attacks/attack.ts"

/** Promises that several faults look at, each as it is broken. */

export const RUNS_TWICE: Replacement = {
  off: "the rule that a call runs once",
  file: "core/dispatcher.ts",
  find: "? command.handler(call.args as never, context)",
  replace: "? (command.handler(call.args as never, context), command.handler(call.args as never, context))",
}

export const FRAMES_STAY: Replacement = {
  off: "the removal of a frame",
  file: "page/isolation-frame.ts",
  find: "this.#element.remove()",
  replace: "",
}

export const SESSIONS_STAY: Replacement = {
  off: "the end of a session with its socket",
  file: "core/core.ts",
  find: "      session.gone(reason)\n",
  replace: "",
}

export const SENT_CALLS_WAIT: Replacement = {
  off: "the rejection of calls that were sent",
  file: "page/calls.ts",
  find: "if (!kept.has(id)) this.refuse(",
  replace: "if (!kept.has(id) && unseen.has(id)) this.refuse(",
}
