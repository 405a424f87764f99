import { BOTH, type Rule } from "../rule.ts"

export const payloadArgs: Rule = {
  code: "PAYLOAD_ARGS",
  severity: "warning",
  targets: BOTH,
  summary: "The hook reads payload.args, which does not exist",
  why: "The arguments of a call are in payload.payload. payload.args is undefined in Tauri and in Sallyport (but for a call that has an argument of that name), so a check of payload.args.path checks nothing, or refuses everything.",
  mend: "Read payload.payload, and the argument in it: payload.payload.path.",
  *check(app) {
    if (!app.isWhole) return
    const nodes = new Set(app.followed.flatMap(({ facts }) => [...facts.args]))
    for (const node of nodes) yield app.at(node, "payload.args is undefined: the arguments are in payload.payload")
  },
}
