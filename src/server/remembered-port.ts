import { mkdir, readFile, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { stateFolder } from "../directories/state-folder.ts"

/** The port that an app had last time. It is part of the page's origin: with another one, the page's storage is another. */
export class RememberedPort {
  readonly #file: string

  constructor(identifier: string, folder: string = stateFolder()) {
    this.#file = join(folder, identifier, "port")
  }

  async read(): Promise<number | null> {
    const port = Number(await readFile(this.#file, "utf8").catch(() => ""))
    return Number.isInteger(port) && port >= 1024 && port <= 65_535 ? port : null
  }

  /**
   * Remembers a port; called when there is none yet, so that a second copy of the app, on another port, does not cost the
   * first its storage. Storage that is empty at the next start is the worst that a failure can cause, so it is no error.
   */
  async write(port: number): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 })
      await writeFile(this.#file, String(port), { mode: 0o600 })
    } catch {}
  }
}
