import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { bare } from "../boundary/wire/own.ts"
import { stateFolder } from "../directories/state-folder.ts"

/** Ports that are remembered: as many copies of an app have the same ones each time, in the order of their starts. */
const MAX_PORTS = 8

/**
 * The ports that an app has had, in a file with one a line: first the one that its pages' storage is under, then those that
 * it takes while the ones before are taken. A port is part of the page's origin: with another one, its storage is another.
 */
export class RememberedPort {
  readonly #file: string

  constructor(identifier: string, folder: string = stateFolder()) {
    this.#file = join(folder, identifier, "port")
  }

  /** Returns the ports to try, in their order; none at the first start. */
  async read(): Promise<readonly number[]> {
    const lines = (await readFile(this.#file, "utf8").catch(() => "")).split("\n").slice(0, MAX_PORTS)
    return lines.map(Number).filter((port) => Number.isInteger(port) && port >= 1024 && port <= 65_535)
  }

  /**
   * Remembers a port behind those that are remembered already, so that a second copy of the app does not cost the first one its
   * storage. When there is no room, it takes the last one's place.
   *
   * @throws Error of `node:fs`: then the next start takes another port
   */
  async write(port: number): Promise<void> {
    const ports = await this.read()
    if (ports.includes(port)) return
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 })
    // Another copy may read it at this moment: half a file would be no ports.
    const beside = `${this.#file}.${process.pid}`
    try {
      await writeFile(beside, [...ports.slice(0, MAX_PORTS - 1), port].join("\n"), bare({ mode: 0o600, flush: false }))
      await rename(beside, this.#file)
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {})
      throw error
    }
  }
}
