import { createHash } from "node:crypto"
import { chmodSync, closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"

/** Longer paths fit into no `sockaddr_un`: it has 108 bytes on Linux, 104 on macOS, with a NUL at the end. */
const PATH_BYTES = 103

/**
 * The sockets of one claim (claim.ts): files `<hash>.<number>` in a folder that only its user can enter, which keeps other users from
 * connecting. On Windows one named pipe, which the system lets only its user write to.
 */
export class SocketFolder {
  readonly #folder: string
  readonly #hash: string
  /** Names the folder in short, where its path is too long for a socket. */
  #descriptor: number | null = null

  /**
   * @param folder is made, with mode 0700
   * @param claimed what is claimed; the user and the machine are part of the name, because a home folder may be shared by several machines
   * @throws Error where the folder cannot be made, or is another user's
   */
  constructor(folder: string, claimed: readonly string[]) {
    const user = process.getuid?.() ?? process.env.USERNAME ?? ""
    const whole = JSON.stringify(["sallyport 1", folder, hostname(), user, ...claimed])
    this.#folder = folder
    this.#hash = createHash("sha256").update(whole).digest("base64url").slice(0, 22)
    if (process.platform !== "win32") makePrivate(folder)
  }

  /** Numbers of the sockets, also of those that processes which were killed have left. */
  numbers(): readonly number[] {
    if (process.platform === "win32") return [1]
    const start = `${this.#hash}.`
    return readdirSync(this.#folder)
      .filter((name) => name.startsWith(start))
      .map((name) => Number(name.slice(start.length)))
      .filter((number) => Number.isSafeInteger(number) && number > 0)
  }

  /** Address of a socket. */
  path(number: number): string {
    if (process.platform === "win32") return `\\\\.\\pipe\\sallyport-${this.#hash}`
    const name = `${this.#hash}.${number}`
    const path = join(this.#folder, name)
    if (Buffer.byteLength(path) <= PATH_BYTES) return path
    if (process.platform !== "linux") throw new Error(`${path} is too long for a socket`)
    this.#descriptor ??= openSync(this.#folder, constants.O_RDONLY | constants.O_DIRECTORY)
    return `/proc/self/fd/${this.#descriptor}/${name}`
  }

  /** Deletes a socket that no process listens on. */
  remove(number: number): void {
    if (process.platform === "win32") return
    rmSync(join(this.#folder, `${this.#hash}.${number}`), { force: true })
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }
}

function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(folder)
  if ((mode & constants.S_IFMT) !== constants.S_IFDIR) throw new Error(`${folder} is not a folder`)
  if (uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user`)
  if ((mode & 0o777) !== 0o700) chmodSync(folder, 0o700)
}
