import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { basename, extname, join, resolve } from "node:path"

export interface NoteInfo {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly modified: number
  /** Bytes. */
  readonly size: number
}

export interface Match {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly text: string
}

const MAX_MATCHES = 200

/**
 * Notes as Markdown files in a folder.
 *
 * Paths are trusted here, on purpose: many a real command does so, and this app is to show what its isolation app adds.
 * A command of yours should check its paths as well: two doors are better than one.
 */
export class Notes {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  #at(path: string): string {
    return resolve(this.folder, path)
  }

  async list(): Promise<NoteInfo[]> {
    const notes: NoteInfo[] = []
    for (const entry of await readdir(this.folder, { withFileTypes: true })) {
      if (!entry.isFile() || extname(entry.name) !== ".md") continue
      const info = await unlessGone(stat(join(this.folder, entry.name)))
      if (info !== null) notes.push({ name: entry.name, modified: info.mtimeMs, size: info.size })
    }
    return notes.sort((a, b) => b.modified - a.modified)
  }

  read(path: string): Promise<string> {
    return readFile(this.#at(path), "utf8")
  }

  async create(path: string, text: string): Promise<void> {
    await writeFile(this.#at(path), text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST" ? isThereAlready(path) : error
    })
  }

  /** Writes beside the note first: a crash halfway leaves the old text. */
  async write(path: string, text: string): Promise<void> {
    const file = this.#at(path)
    const beside = `${file}.new`
    try {
      await writeFile(beside, text)
      await rename(beside, file)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
  }

  async rename(from: string, to: string): Promise<void> {
    if (await exists(this.#at(to))) throw isThereAlready(to)
    await rename(this.#at(from), this.#at(to))
  }

  async delete(path: string): Promise<void> {
    await rm(this.#at(path))
  }

  async deleteAll(): Promise<void> {
    for (const { name } of await this.list()) await this.delete(name)
  }

  async search(query: string): Promise<Match[]> {
    const wanted = query.toLocaleLowerCase()
    const matches: Match[] = []
    for (const { name } of await this.list()) {
      const lines = (await unlessGone(this.read(name)))?.split("\n") ?? []
      for (const [index, text] of lines.entries()) {
        if (text.toLocaleLowerCase().includes(wanted)) matches.push({ path: name, line: index + 1, text })
        if (matches.length === MAX_MATCHES) return matches
      }
    }
    return matches
  }

  /** Keeps an image beside the notes, under a name that is free. Returns its path in the folder. */
  async attach(filename: string, bytes: Uint8Array): Promise<string> {
    await mkdir(join(this.folder, "attachments"), { recursive: true })
    const extension = extname(filename)
    const stem = basename(filename, extension)
    for (let copy = 0; ; copy++) {
      const path = `attachments/${stem}${copy === 0 ? "" : `-${copy}`}${extension}`
      if (await exists(this.#at(path))) continue
      await writeFile(this.#at(path), bytes, { flag: "wx" })
      return path
    }
  }

  async image(path: string): Promise<Uint8Array> {
    return readFile(this.#at(path))
  }
}

/** `null` for a note that was deleted since the folder was listed: another call may do that at any time. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | null> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw error
  })
}

function isThereAlready(path: string): Error {
  return new Error(`there is a note "${path}" already`)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
