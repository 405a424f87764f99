import { isDeepStrictEqual } from "node:util"
import type { Answer } from "./hook-under-test.ts"
import type { Expectation } from "./test-file.ts"

/** What is wrong with an answer, in words; `null` when it is what was expected. */
export function judge(answer: Answer, expect: Expectation): string | null {
  if (expect === "pass") return answer.passed ? null : `expected it to pass, but it was ${refusal(answer)}`
  if (expect === "refuse")
    return answer.passed ? `expected a refusal, but it passed with ${shown(answer.payload)}` : null
  if ("refuse" in expect) {
    if (answer.passed) return `expected a refusal, but it passed with ${shown(answer.payload)}`
    const isSaid = answer.message.includes(expect.refuse)
    return isSaid ? null : `expected a refusal that says "${expect.refuse}", but it was ${refusal(answer)}`
  }
  if (!answer.passed) return `expected it to pass with ${shown(expect.payload)}, but it was ${refusal(answer)}`
  if (isDeepStrictEqual(plain(answer.payload), plain(expect.payload))) return null
  return `expected it to pass with ${shown(expect.payload)}, but it passed with ${shown(answer.payload)}`
}

function refusal({ code, message }: Answer & { passed: false }): string {
  return `refused with ${code}: ${message}`
}

/** Bytes as their numbers, anything else as JSON has it: a case cannot expect what JSON cannot say. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return [...new Uint8Array(value)]
  return JSON.parse(JSON.stringify(value ?? {}))
}

/** A value in one line that a person can take in. */
export function shown(value: unknown): string {
  const text = JSON.stringify(plain(value))
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} characters)`
}
