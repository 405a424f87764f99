import { execFileSync } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Fault, Scene } from "../fault.ts"
import { openRawWindow, RawPage } from "../raw-page.ts"

/** A disk so small that some calls fill it, in a folder that is deleted afterwards. Only root can have one. */
async function withSmallDisk(use: (folder: string) => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("only root can mount a small disk (tmpfs) for this: run it as root")
  const folder = await mkdtemp(join(tmpdir(), "sallyport-disk-"))
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder])
    try {
      await use(folder)
    } finally {
      // Lazily: whoever still has a file open there is about to end.
      execFileSync("umount", ["--lazy", folder])
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Calls are made, each an entry, until the disk is full, and some more. */
async function fill({ findings, start }: Scene, disk: string): Promise<void> {
  const audit = join(disk, "audit.jsonl")
  const ballast = join(disk, "ballast")
  await writeFile(ballast, Buffer.alloc(20 * 1024))
  const subject = await start({ audit, keepRunning: false })
  const page = await RawPage.open(await openRawWindow(subject))
  let n = 0
  const call = async (): Promise<void> => {
    if ((await page.invoke(++n, "count", { n }))?.[1] !== 1) findings.add("lost", `call ${n} was not answered`)
  }
  while (said(subject.logged) === 0 && n < MOST_CALLS) await call()
  for (let more = 0; more < 50; more++) await call()
  await findings.goesOn("the app says that the audit log cannot be written", () => said(subject.logged) > 0)
  if (said(subject.logged) > 1)
    findings.add("stopped", `the app says ${said(subject.logged)} times that the disk is full`)
  await rm(ballast)
  await findings.goesOn("the audit log is written again when there is room", async () => (await callsIn(audit)) === n)
  await findings.ranOnce(subject)
  page.socket.destroy()
  await findings.goesOn("an app whose last window is closed ends", () => subject.ended === 0)
  for (const line of (await readFile(audit, "utf8")).trimEnd().split("\n")) JSON.parse(line)
}

const MOST_CALLS = 2000

const said = (lines: readonly string[]): number => lines.filter((line) => /^audit: .*ENOSPC/.test(line)).length

async function callsIn(file: string): Promise<number> {
  return (await readFile(file, "utf8")).split("\n").filter((line) => line.includes('"kind":"call"')).length
}

export const diskFull: Fault = {
  id: "disk-full",
  name: "the disk that the audit log is written to fills up, and has room again later",
  outcome:
    "every call is answered; entries wait in memory, up to 4 MiB of them, and are written when there is room; what finds no room to wait is counted",
  seen: "in the app's log: `audit: … cannot be written: ENOSPC`, once, and `audit: … is written again`",
  browsers: [],
  run: (scene) => withSmallDisk((disk) => fill(scene, disk)),
  controls: [
    {
      breaks: "stopped",
      change: {
        off: "the second try of a file that could not be written",
        file: "core/audit-writer.ts",
        find: "const RETRY_MS = 1000",
        replace: "const RETRY_MS = 2 ** 30",
      },
    },
  ],
}
