import { execFile } from "node:child_process"
import { chmod, copyFile, mkdir, open, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { FILE_LIST, PROGRAM } from "../../../built-app.ts"
import type { Config } from "../../../config/config.ts"
import { CommandError } from "../../run-command.ts"
import { AppBuildError } from "./app-build-error.ts"
import { installed } from "./bundler.ts"
import { LOADER } from "./executable-loader.ts"

const run = promisify(execFile)

/** Node's own marks (Single executable applications, "Injecting the preparation blob"). */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2"
const BLOB = "NODE_SEA_BLOB"

/** What puts a blob into an executable. */
interface Postject {
  inject(file: string, resource: string, bytes: Buffer, options: object): Promise<void>
}

/** How one executable is made. */
export interface ExecutableMaker {
  /** Absolute path of the Node that it becomes. */
  readonly node: string
  readonly postject: Postject
}

/**
 * Makes sure that an executable can be made, before anything else is done.
 *
 * @throws CommandError
 */
export async function findExecutableMaker(root: string, node: string = process.execPath): Promise<ExecutableMaker> {
  if (!(await holdsFuse(node)))
    throw new CommandError(
      `${node}: this Node cannot become an executable of its own, as those of some distributions cannot: ` +
        `run sallyport with the Node of nodejs.org, or leave the executable out with --no-executable`,
    )
  const file = installed(root, "postject")
  if (file === null)
    throw new CommandError(
      `${root}: found no postject, which puts the app into a copy of Node: install it with ` +
        `"npm install --save-dev postject", or leave the executable out with --no-executable`,
    )
  const { default: postject, inject } = (await import(pathToFileURL(file).href)) as { default: Postject } & Postject
  return { node, postject: inject === undefined ? postject : { inject } }
}

async function holdsFuse(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: Error) => {
    throw new CommandError(`${file}: cannot be read: ${error.message}`)
  })
  try {
    const bytes = Buffer.alloc(1024 * 1024)
    for (let kept = 0, at = 0; ; ) {
      const { bytesRead } = await handle.read(bytes, kept, bytes.length - kept, at)
      if (bytesRead === 0) return false
      const length = kept + bytesRead
      if (bytes.subarray(0, length).includes(`${FUSE}:0`)) return true
      // The mark may lie across two reads.
      kept = Math.min(length, FUSE.length + 2)
      bytes.copyWithin(0, length - kept, length)
      at += bytesRead
    }
  } finally {
    await handle.close()
  }
}

/**
 * Makes the executable of an app: a copy of Node with everything in it.
 *
 * @param folder the folder that the app was written to
 * @param names of its files
 * @param file where to make it: what is around it is made, too
 * @throws AppBuildError
 */
export async function makeExecutable(
  { node, postject }: ExecutableMaker,
  folder: string,
  names: readonly string[],
  file: string,
): Promise<void> {
  const workshop = `${folder}.parts`
  try {
    await mkdir(workshop)
    const [main, list, config, blob] = ["loader.cjs", "files.json", "sea.json", "blob"].map((name) =>
      join(workshop, name),
    )
    if (main === undefined || list === undefined || config === undefined || blob === undefined) return
    await writeFile(main, LOADER)
    await writeFile(list, JSON.stringify(names.filter((name) => name !== PROGRAM)))
    const assets = { ...Object.fromEntries(names.map((name) => [name, join(folder, name)])), [FILE_LIST]: list }
    const options = { main, output: blob, disableExperimentalSEAWarning: true, useCodeCache: false, assets }
    await writeFile(config, JSON.stringify(options))
    await run(node, ["--experimental-sea-config", config])
    await mkdir(join(file, ".."), { recursive: true })
    await copyFile(node, file)
    await chmod(file, 0o755)
    if (process.platform === "darwin") await run("codesign", ["--remove-signature", file])
    await injectQuietly(postject, file, await readFile(blob))
    if (process.platform === "darwin") await run("codesign", ["--sign", "-", file])
  } catch (error) {
    throw new AppBuildError("EXECUTABLE", `the executable could not be made: ${(error as Error).message}`)
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

/** It writes of sections that it does not understand, and need not, to where a command's own words go. */
async function injectQuietly(postject: Postject, file: string, blob: Buffer): Promise<void> {
  const { log, warn, error } = console
  Object.assign(console, { log: () => {}, warn: () => {}, error: () => {} })
  try {
    const options = { sentinelFuse: FUSE, machoSegmentName: process.platform === "darwin" ? "NODE_SEA" : undefined }
    await postject.inject(file, BLOB, blob, options)
  } finally {
    Object.assign(console, { log, warn, error })
  }
}

/** A name that every system's file systems take. */
export function executableName({ productName, identifier }: Pick<Config, "productName" | "identifier">): string {
  const plain = (productName ?? "").replaceAll(/[\p{Cc}<>:"/\\|?*]+/gu, "-").replaceAll(/^[\s.-]+|[\s.-]+$/g, "")
  const name = plain === "" ? (identifier.split(".").findLast((part) => /[a-z\d]/i.test(part)) ?? "app") : plain
  return process.platform === "win32" ? `${name}.exe` : name
}
