import assert from "node:assert/strict"
import { createPrivateKey } from "node:crypto"
import { createContext, runInContext } from "node:vm"
import * as fc from "fast-check"
import { survivesHtml } from "../../src/isolation-app/check-script.ts"
import { IsolationAppError } from "../../src/isolation-app/isolation-app-error.ts"
import { joinScripts } from "../../src/isolation-app/join-scripts.ts"
import { createLock, parseLock, serializeLock } from "../../src/isolation-app/lock.ts"
import { isSignatureRight, signLock } from "../../src/isolation-app/lock-signature.ts"
import { generateSigningKeys } from "../../src/isolation-app/signing-key.ts"
import { property, type Target } from "../property.ts"
import { mutate, mutation } from "../values.ts"

/** Statements that tell how they are run: `trace` remembers. None throws, for an error ends what is joined to it, too. */
const STATEMENTS = [
  '"use strict"',
  '"use something"',
  "trace.push(typeof a, typeof b)",
  "trace.push(typeof f, typeof f === 'function' && f())",
  "trace.push((function () { return this === undefined })())",
  "trace.push(typeof globalThis.f, typeof globalThis.a)",
  "function f() { return 1 }",
  "function f() { return 2 }",
  "var a = 1",
  "var a",
  "let b = 2",
  "class B {}; trace.push(typeof B)",
  "{ let b = 3; var c = 4 }",
  "(function () { trace.push('called') })()",
  "[trace].forEach((one) => one.push('listed'))",
  "(trace.push`template`)",
  "/a/.test('a')",
  "trace.push('no end')",
  "var g = () => trace.push('arrow')",
  "// a comment",
  "/* a comment */",
  "--> a comment",
  "trace.push('<!--'.length)",
  "trace.push('<script>'.length)",
  "if (trace.length > 2) trace.push('many')",
  "label: for (;;) break label",
  ";",
  "",
]
const script = fc
  .tuple(fc.array(fc.constantFrom(...STATEMENTS), { maxLength: 4 }), fc.constantFrom("", "\n", ";", ";\n", " "))
  .map(([statements, end]) => statements.join("\n") + end)

/** What scripts leave behind them that run one after the other in one realm; `null`: one of them cannot run. */
function traceOf(scripts: readonly string[]): string | null {
  const trace: unknown[] = []
  const realm = createContext({ trace })
  try {
    for (const script of scripts) runInContext(script, realm)
    return JSON.stringify(trace)
  } catch {
    return null
  }
}

const joining = property(
  "scripts do the same when they are joined",
  fc.array(script, { minLength: 1, maxLength: 5 }),
  (scripts) => {
    const expected = traceOf(scripts)
    if (expected === null || !scripts.every(survivesHtml)) return
    const joined = joinScripts(scripts.map((text, index) => ({ name: `${index}.js`, text })))
    assert.equal(traceOf(joined), expected, joined.join("\n────\n"))
    for (const text of joined) assert.ok(survivesHtml(text), text)
    const lines = joined.join("").split("\n")
    for (const text of scripts) for (const line of text.split("\n")) assert.ok(lines.includes(line), line)
  },
)

const KEY = createPrivateKey(generateSigningKeys().privateKey)
const lock = fc
  .uniqueArray(fc.stringMatching(/^[a-z.]{1,6}(\/[a-zé ]{1,4})?$/), { maxLength: 4 })
  .map((paths) => createLock(paths.map((path, index) => ({ path, sha256: String(index % 10).repeat(64) }))))

const reading = property(
  "a lock has one text, and no other text is taken for it",
  fc.tuple(lock, fc.boolean(), fc.array(mutation, { maxLength: 4 })),
  ([unsigned, isSigned, mutations]) => {
    const original = isSigned ? signLock(unsigned, KEY) : unsigned
    const text = serializeLock(original)
    const changed = Buffer.from(mutate(Buffer.from(text), mutations)).toString()
    try {
      const read = parseLock(changed, "/app/isolation.lock.json")
      assert.equal(serializeLock(read), changed)
      // Only the signed text has its signature.
      if (read.signature !== undefined) assert.equal(isSignatureRight(read, read.signature), changed === text)
    } catch (error) {
      if (!(error instanceof IsolationAppError)) throw error
      assert.match(error.code, /^LOCK_/)
      assert.ok(changed !== text || unsigned.files.some(({ path }) => /^\.{1,2}(\/|$)/.test(path)), error.message)
    }
  },
)

/** How an isolation app is built, and how its lock is read. */
export const isolationApp: Target = { name: "isolation-app", properties: [joining, reading] }
