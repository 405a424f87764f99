import assert from "node:assert/strict"
import { test } from "node:test"
import { createLock, type Lock, parseLock, serializeLock } from "./lock.ts"

const A = "a".repeat(64)
const B = "0123456789abcdef".repeat(4)
const KEY = `ed25519:${"A".repeat(43)}`
const VALUE = "A".repeat(86)
const file = (path: string, sha256 = A) => ({ path, sha256 })
const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const parse = (written: string): Lock => parseLock(written, "/app/isolation.lock.json")

const locks: readonly [promise: string, lock: Lock][] = [
  ["two files", { version: 1, files: [file("index.html"), file("index.js", B)] }],
  ["a signature", { version: 1, files: [file("index.html")], signature: { publicKey: KEY, value: VALUE } }],
  ["names that are not ASCII, with spaces and dots", { version: 1, files: [file("..ü 漢/a..js"), file("z")] }],
  ["no file", { version: 1, files: [] }],
]

for (const [promise, lock] of locks) {
  test(`reads what it writes: ${promise}`, () => assert.deepEqual(parse(serializeLock(lock)), lock))
}

test("has the text that its documentation shows", () => {
  const files = [file("index.html"), file("lib/a.js", B)]
  const entry = (path: string, hash: string) => `    {\n      "path": "${path}",\n      "sha256": "${hash}"\n    }`
  assert.equal(
    serializeLock({ version: 1, files }),
    `{\n  "version": 1,\n  "files": [\n${entry("index.html", A)},\n${entry("lib/a.js", B)}\n  ]\n}\n`,
  )
})

test("is sorted by UTF-16 code units, whatever order the files come in", () => {
  const paths = ["z", "a/b", "a.js", "B", "ä", "a", "\u{10000}", "\uffee"]
  assert.deepEqual(
    createLock(paths.map((path) => file(path))).files.map(({ path }) => path),
    ["B", "a", "a.js", "a/b", "z", "ä", "\u{10000}", "\uffee"],
  )
})

const good = text({ version: 1, files: [file("index.html")] })
const withFile = (path: unknown, sha256: unknown = A): string => text({ version: 1, files: [{ path, sha256 }] })
const withSignature = (signature: unknown): string => text({ version: 1, files: [], signature })

const refused: readonly [promise: string, written: string, code: string, says: RegExp][] = [
  ["no text at all", "", "LOCK_NOT_JSON", /this is no JSON: /],
  ["half a lock", good.slice(0, 40), "LOCK_NOT_JSON", /this is no JSON: /],
  ["100,000 levels", "[".repeat(100_000), "LOCK_NOT_JSON", /this is no JSON/],
  ["a list", "[]\n", "LOCK_INVALID", /the lock is no object/],
  ["null", "null\n", "LOCK_INVALID", /the lock is no object/],
  ["a later version", text({ version: 2, hashes: {} }), "LOCK_INVALID", /a key "hashes" that no lock has/],
  [
    "a later version, otherwise alike",
    text({ version: 2, files: [] }),
    "LOCK_VERSION",
    /has version 2.*reads version 1/,
  ],
  ["no version", text({ files: [] }), "LOCK_INVALID", /"version" is no whole number/],
  ["a version in words", text({ version: "1", files: [] }), "LOCK_INVALID", /"version" is no whole number/],
  ["no files", text({ version: 1 }), "LOCK_INVALID", /"files" is no list/],
  ["files by name", text({ version: 1, files: { a: A } }), "LOCK_INVALID", /"files" is no list/],
  ["a file that is a text", text({ version: 1, files: ["a"] }), "LOCK_INVALID", /files\[0\] is no object/],
  ["a path that is a number", withFile(1), "LOCK_INVALID", /files\[0\]\.path is no text/],
  ["a hash that is short", withFile("a", "ab"), "LOCK_INVALID", /files\[0\]\.sha256 is not 64 hex/],
  ["a hash in upper case", withFile("a", A.toUpperCase()), "LOCK_INVALID", /in lower case/],
  ["a hash and a line end", withFile("a", `${A}\n`), "LOCK_INVALID", /64 hex/],
  ["a hash that is null", withFile("a", null), "LOCK_INVALID", /64 hex/],
  ["a key more in a file", text({ version: 1, files: [{ ...file("a"), size: 1 }] }), "LOCK_INVALID", /a key "size"/],
  ["__proto__", '{"__proto__": {"version": 1, "files": []}}\n', "LOCK_INVALID", /a key "__proto__"/],
  ["a file twice", text({ version: 1, files: [file("a"), file("a", B)] }), "LOCK_INVALID", /"files" has "a" twice/],
  ["a file outside", withFile("../a.js"), "LOCK_PATH", /files\[0\]\.path is "\.\.\/a\.js", which leads out/],
  ["a file that goes out and in", withFile("lib/../a.js"), "LOCK_PATH", /leads out/],
  ["an absolute path", withFile("/etc/passwd"), "LOCK_PATH", /is absolute/],
  ["an absolute path of Windows", withFile("C:/a.js"), "LOCK_PATH", /is absolute/],
  ["a backslash", withFile("lib\\a.js"), "LOCK_PATH", /has a backslash/],
  ["an empty path", withFile(""), "LOCK_PATH", /has an empty part/],
  ["a dot", withFile("./a.js"), "LOCK_PATH", /has an empty part/],
  ["two slashes", withFile("lib//a.js"), "LOCK_PATH", /has an empty part/],
  ["a NUL", withFile("a\0.js"), "LOCK_PATH", /"a\\u0000\.js", which has a control character/],
  ["an escape sequence for terminals", withFile("\u001b[2Ja"), "LOCK_PATH", /"\\u001b\[2Ja"/],
  ["itself", withFile("isolation.lock.json"), "LOCK_PATH", /is the lock itself/],
  ["files in another order", text({ version: 1, files: [file("b"), file("a")] }), "LOCK_NOT_CANONICAL", /not sorted/],
  ["keys in another order", text({ files: [], version: 1 }), "LOCK_NOT_CANONICAL", /json:2:1: this line is not/],
  ["a key twice", good.replace('"files"', '"files": [],\n  "files"'), "LOCK_NOT_CANONICAL", /json:3:1: this line/],
  ["a path twice in a file", good.replace('"path"', '"path": "x", "path"'), "LOCK_NOT_CANONICAL", /json:5:1: /],
  ["other spaces", `${JSON.stringify({ version: 1, files: [] })}\n`, "LOCK_NOT_CANONICAL", /json:1:1: /],
  ["no line end", good.trimEnd(), "LOCK_NOT_CANONICAL", /json:10:1: /],
  ["more after it", `${good}\n`, "LOCK_NOT_CANONICAL", /json:11:1: /],
  ["a number that is written otherwise", good.replace("1", "1.0"), "LOCK_NOT_CANONICAL", /json:2:1: /],
  ["a letter that is written otherwise", good.replace("html", "\\u0068tml"), "LOCK_NOT_CANONICAL", /json:5:1: /],
  ["a signature that is null", withSignature(null), "LOCK_INVALID", /signature is no object/],
  ["a signature that is a text", withSignature("x"), "LOCK_INVALID", /signature is no object/],
  ["a signature of nobody", withSignature({ value: VALUE }), "LOCK_INVALID", /signature\.publicKey is not/],
  ["a key of another kind", withSignature({ publicKey: "rsa:x", value: VALUE }), "LOCK_INVALID", /publicKey is not/],
  ["a signature without a value", withSignature({ publicKey: KEY }), "LOCK_INVALID", /signature\.value is not 86/],
  ["a value in base64", withSignature({ publicKey: KEY, value: `+${VALUE.slice(1)}` }), "LOCK_INVALID", /base64url/],
]

for (const [promise, written, code, says] of refused) {
  test(`refuses a lock with ${promise}`, () => assert.throws(() => parse(written), { code, message: says }))
}
