import { bare } from "../boundary/wire/own.ts"
import type { IsolationAppFile } from "./folder.ts"
import { IsolationAppError, type IsolationAppErrorCode } from "./isolation-app-error.ts"

/** The lock's name in the folder of its isolation app. */
export const LOCK_NAME = "isolation.lock.json"

export const LOCK_VERSION = 1

/** What an isolation app consisted of when it was locked. */
export interface Lock {
  readonly version: typeof LOCK_VERSION
  /** Sorted by path (UTF-16 code units), each path once. */
  readonly files: readonly IsolationAppFile[]
  readonly signature?: LockSignature
}

export interface LockSignature {
  /** `ed25519:` and 43 characters: who says to have signed. */
  readonly publicKey: string
  /** 64 bytes in base64url. */
  readonly value: string
}

/** @param files each path once */
export function createLock(files: readonly IsolationAppFile[]): Lock {
  const sorted = files.map(({ path, sha256 }) => ({ path, sha256 })).sort((a, b) => (a.path < b.path ? -1 : 1))
  return { version: LOCK_VERSION, files: sorted }
}

/** The one text that a lock has. What differs from it in a single byte is refused, so two readers never see two locks. */
export function serializeLock(lock: Lock): string {
  const { version, files, signature } = bare(lock)
  const unsigned = { version, files: files.map(({ path, sha256 }) => ({ path, sha256 })) }
  const whole =
    signature === undefined
      ? unsigned
      : { ...unsigned, signature: { publicKey: signature.publicKey, value: signature.value } }
  return `${JSON.stringify(whole, null, 2)}\n`
}

/**
 * @param text with `\n` for line ends, without byte order mark
 * @param file the lock's absolute path, for errors
 * @throws IsolationAppError LOCK_NOT_JSON, LOCK_VERSION, LOCK_INVALID, LOCK_PATH, LOCK_NOT_CANONICAL
 */
export function parseLock(text: string, file: string): Lock {
  const fail = (code: IsolationAppErrorCode, what: string): never => {
    throw new IsolationAppError(code, file, what)
  }
  const lock = readLock(parseJson(text, fail), fail)
  const expected = serializeLock(lock)
  if (expected !== text) {
    const line = firstDifference(text.split("\n"), expected.split("\n")) + 1
    throw new IsolationAppError("LOCK_NOT_CANONICAL", file, "this line is not as a lock has it", { line, column: 1 })
  }
  return lock
}

type Fail = (code: IsolationAppErrorCode, what: string) => never

function parseJson(text: string, fail: Fail): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return fail("LOCK_NOT_JSON", `this is no JSON: ${(error as Error).message}`)
  }
}

function readLock(value: unknown, fail: Fail): Lock {
  const lock = record(value, "the lock", ["version", "files", "signature"], fail)
  if (lock.version !== LOCK_VERSION) {
    return Number.isInteger(lock.version)
      ? fail("LOCK_VERSION", `this lock has version ${lock.version}, and this Sallyport reads version ${LOCK_VERSION}`)
      : fail("LOCK_INVALID", '"version" is no whole number')
  }
  if (!Array.isArray(lock.files)) return fail("LOCK_INVALID", '"files" is no list')
  const files = lock.files.map((entry: unknown, index) => readEntry(entry, `files[${index}]`, fail))
  for (const [index, { path }] of files.entries()) {
    const before = files[index - 1]?.path
    if (before === path) return fail("LOCK_INVALID", `"files" has ${JSON.stringify(path)} twice`)
    if (before !== undefined && before > path) return fail("LOCK_NOT_CANONICAL", '"files" is not sorted by path')
  }
  if (!Object.hasOwn(lock, "signature")) return { version: LOCK_VERSION, files }
  return { version: LOCK_VERSION, files, signature: readSignature(lock.signature, fail) }
}

function readEntry(value: unknown, where: string, fail: Fail): IsolationAppFile {
  const { path, sha256 } = record(value, where, ["path", "sha256"], fail)
  if (typeof path !== "string") return fail("LOCK_INVALID", `${where}.path is no text`)
  const wrong = wrongPath(path)
  if (wrong !== null) return fail("LOCK_PATH", `${where}.path is ${JSON.stringify(path)}, which ${wrong}`)
  if (typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256)) return { path, sha256 }
  return fail("LOCK_INVALID", `${where}.sha256 is not 64 hexadecimal digits, in lower case`)
}

/** Why no file of the folder has this path when it is written the one way that a lock writes it, or `null`. */
function wrongPath(path: string): string | null {
  if (path === LOCK_NAME) return "is the lock itself"
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) return "is absolute"
  const parts = path.split("/")
  if (parts.includes("..")) return "leads out of a folder"
  if (parts.includes("") || parts.includes(".")) return "has an empty part"
  if (path.includes("\\")) return "has a backslash"
  // They would reach a terminal with the error that names the file.
  return /\p{Cc}/u.test(path) ? "has a control character" : null
}

function readSignature(value: unknown, fail: Fail): LockSignature {
  const { publicKey, value: bytes } = record(value, "signature", ["publicKey", "value"], fail)
  if (typeof publicKey !== "string" || !/^ed25519:[\w-]{43}$/.test(publicKey)) {
    return fail("LOCK_INVALID", 'signature.publicKey is not "ed25519:" and 43 characters of base64url')
  }
  if (typeof bytes === "string" && /^[\w-]{86}$/.test(bytes)) return { publicKey, value: bytes }
  return fail("LOCK_INVALID", "signature.value is not 86 characters of base64url")
}

function record(value: unknown, where: string, keys: readonly string[], fail: Fail): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail("LOCK_INVALID", `${where} is no object`)
  }
  const other = Object.keys(value).find((key) => !keys.includes(key))
  if (other !== undefined) return fail("LOCK_INVALID", `${where} has a key ${JSON.stringify(other)} that no lock has`)
  return bare(value as Readonly<Record<string, unknown>>)
}

function firstDifference(lines: readonly string[], others: readonly string[]): number {
  const index = lines.findIndex((line, at) => line !== others[at])
  return index === -1 ? lines.length : index
}
