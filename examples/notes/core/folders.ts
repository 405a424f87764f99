import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const WELCOME: Readonly<Record<string, string>> = {
  "Shopping.md": `# Shopping

- bread
- tomatoes
- a lock for the shed
`,
  "Ideas.md": `# Ideas

- Ask who reads the lock file.
- A sally port has two doors and a guard between them.
`,
  // The last one is the newest: the one that is shown first.
  "Welcome.md": `# Welcome

These notes are Markdown files in a folder. Everything this window does with them passes a hook of 60 lines,
\`isolation/index.js\`, before it reaches the disk.

Play the attacker: press a button under **Compromised dependency**.
`,
}

const WELCOME_COUNT = Object.keys(WELCOME).length

/** A folder that is thrown away, with notes in it and a file beside it that no note may reach. */
export interface ThrowAway {
  readonly notes: string
  /** Absolute path of the file. */
  readonly secret: string
  /** What is in it. */
  readonly secretText: string
  remove(): Promise<void>
}

/** @param from a folder whose notes are copied; default: the welcome notes */
export async function makeThrowAway(from?: string): Promise<ThrowAway> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-notes-"))
  const notes = join(folder, "notes")
  const secret = join(folder, "secret.txt")
  const secretText = `a secret of ${new Date().toISOString()}`
  if (from === undefined) await seed(notes)
  else await cp(from, notes, { recursive: true, preserveTimestamps: true })
  await writeFile(secret, secretText)
  return { notes, secret, secretText, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Makes a folder for notes, with something to read in it when it is new or empty. */
export async function seed(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0) return
  for (const [index, [name, text]] of Object.entries(WELCOME).entries()) {
    await writeFile(join(folder, name), text)
    // File systems count in steps of some milliseconds: the order is written down.
    const modified = Date.now() / 1000 - WELCOME_COUNT + index
    await utimes(join(folder, name), modified, modified)
  }
}
