import { globalCalls } from "../global-calls.ts"
import { BOTH, type Rule } from "../rule.ts"

const COMPILERS = new Set([
  ...["eval", "Function", "execScript", "WebAssembly.compile", "WebAssembly.instantiate", "WebAssembly.Module"],
  ...["WebAssembly.compileStreaming", "WebAssembly.instantiateStreaming"],
])
const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate"])

export const evalCall: Rule = {
  code: "EVAL_CALL",
  severity: "error",
  targets: BOTH,
  summary: "A text is run as code, which the isolation frame forbids",
  why: "The frame's policy lists the scripts that were checked, by their hashes: eval(), new Function(), timers of texts and WebAssembly throw.",
  mend: "Write the code itself: a function for the timer, a table of functions for what differs.",
  *check(app) {
    for (const { name, node } of globalCalls(app)) {
      const [first] = node.arguments
      const isText = first?.type === "TemplateLiteral" || (first?.type === "Literal" && typeof first.value === "string")
      if (COMPILERS.has(name) || (TIMERS.has(name) && isText))
        yield app.at(node, `${name}${isText && TIMERS.has(name) ? " of a text" : ""} throws in the isolation frame`)
    }
  },
}
