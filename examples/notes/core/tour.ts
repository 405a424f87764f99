import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Decision, DIAGNOSTICS_CHANNEL } from "sallyport"
import { type Driver, launch, type Page } from "../../../e2e/drivers/driver.ts"
import type { Pattern } from "./commands.ts"
import { makeThrowAway, type ThrowAway } from "./folders.ts"
import { Notes } from "./notes.ts"
import { runApp } from "./run-app.ts"

export type Layer = "hook" | "core" | "browser"

/** An attack in both patterns. `by` is the layer that stopped it under isolation. */
export interface AttackResult {
  readonly id: string
  readonly isolation: "stopped" | "succeeded"
  readonly by: Layer | null
  readonly brownfield: "stopped" | "succeeded"
}

export interface TourOptions {
  /** Where to put a PNG of the isolated window. */
  readonly screenshot: string | null
  /** Another configuration for the isolated app. */
  readonly config: string | null
}

export interface TourResult {
  /** Whether everything is as it should be: the app works, isolation stops every attack, brownfield none. */
  readonly ok: boolean
  readonly pattern: "isolation"
  /** Calls that reached the Core from the isolated window. */
  readonly calls: number
  readonly attacks: readonly AttackResult[]
  /** What is not as it should be. */
  readonly problems?: readonly string[]
}

/** What the page says of an attack; see frontend/attacks.js. */
interface PageVerdict {
  readonly stopped: boolean
  readonly by: Layer | null
  readonly detail: string
}

interface Round {
  readonly calls: number
  readonly attacks: ReadonlyMap<string, PageVerdict>
}

/** A PNG of one dot. */
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

/** Uses and attacks the app in headless Chromium, first isolated, then brownfield, each on a folder that is thrown away. */
export async function runTour({ screenshot, config }: TourOptions): Promise<TourResult> {
  const problems: string[] = []
  const driver = await launch("chromium")
  try {
    const isolated = await runRound(driver, "isolation", problems, { screenshot, config })
    const open = await runRound(driver, "brownfield", problems, { screenshot: null, config: null })
    const attacks = [...isolated.attacks].map(([id, { stopped, by }]): AttackResult => {
      const brownfield = open.attacks.get(id)?.stopped === false ? "succeeded" : "stopped"
      if (!stopped) problems.push(`${id} succeeded under isolation`)
      if (brownfield === "stopped") problems.push(`${id} did not succeed in brownfield: it proves nothing`)
      return { id, isolation: stopped ? "stopped" : "succeeded", by, brownfield }
    })
    if (attacks.length === 0) problems.push("there were no attacks")
    return {
      ok: problems.length === 0,
      pattern: "isolation",
      calls: isolated.calls,
      attacks,
      ...(problems.length === 0 ? {} : { problems }),
    }
  } finally {
    await driver.close()
  }
}

async function runRound(
  driver: Driver,
  pattern: Pattern,
  problems: string[],
  { screenshot, config }: TourOptions,
): Promise<Round> {
  const throwAway = await makeThrowAway()
  const decisions: Decision[] = []
  const listen = (decision: unknown): void => void decisions.push(decision as Decision)
  subscribe(DIAGNOSTICS_CHANNEL, listen)
  const { notes: folder, secret } = throwAway
  const app = await runApp({ pattern, folder, secret, switchPattern: () => {}, config, inBrowser: false })
  try {
    let page: Page | undefined
    await app.open("main", async (url) => {
      page = await driver.open(url)
    })
    if (page === undefined) throw new Error("the app did not show its window")
    await page.waitFor("return window.notesAttacks !== undefined")
    await useNotes(page, folder, `${pattern}: `, problems)
    const calls = decisions.filter(({ kind }) => kind === "call").length
    const attacks = new Map<string, PageVerdict>()
    for (const id of await page.evaluate<string[]>("return notesAttacks.ATTACKS.map(({ id }) => id)")) {
      decisions.length = 0
      attacks.set(id, await attack(page, id, pattern, throwAway, decisions, problems))
    }
    if (screenshot !== null) await takeScreenshot(page, screenshot)
    await page.close()
    return { calls, attacks }
  } finally {
    unsubscribe(DIAGNOSTICS_CHANNEL, listen)
    await app.close()
    await throwAway.remove()
  }
}

/** Creates, reads and attaches, as a user would; the files on disk are the proof. */
async function useNotes(page: Page, folder: string, where: string, problems: string[]): Promise<void> {
  const text = "# From the tour\n\nGrüße, 世界"
  const script = `const { invoke } = __TAURI_INTERNALS__
    await invoke("write_note", { path: "Tour.md", text: ${JSON.stringify(text)} })
    const read = await invoke("read_note", { path: "Tour.md" })
    const bytes = Uint8Array.from(atob("${DOT}"), (character) => character.charCodeAt(0))
    const { path } = await invoke("attach_image", bytes, { headers: { note: "Tour.md", filename: "dot.png" } })
    return { read, path, found: (await invoke("search_notes", { query: "grüße" })).length }`
  const { read, path, found } = await page.evaluate<{ read: string; path: string; found: number }>(script)
  if (read !== text || (await new Notes(folder).read("Tour.md")) !== text)
    problems.push(`${where}a note did not come back as it was written`)
  if (!existsSync(join(folder, path))) problems.push(`${where}the attached image is not in the folder`)
  if (found !== 1) problems.push(`${where}the search found ${found} lines instead of 1`)
}

/** Runs one attack. What the page says of it must be what the disk and the Core's decisions say. */
async function attack(
  page: Page,
  id: string,
  pattern: Pattern,
  { notes, secretText }: ThrowAway,
  decisions: readonly Decision[],
  problems: string[],
): Promise<PageVerdict> {
  const before = (await new Notes(notes).list()).length
  const verdict = await page.evaluate<PageVerdict>(`return notesAttacks.runAttack(${JSON.stringify(id)})`)
  const where = `${pattern}, ${id}: the page says "${verdict.stopped ? "stopped" : "succeeded"}" (${verdict.detail}), but`
  const readsSecret = id === "read-outside" || id === "path-traversal"
  if (readsSecret && verdict.detail.includes(secretText) === verdict.stopped)
    problems.push(`${where} the secret says otherwise`)
  if (id === "delete-all") {
    const after = (await new Notes(notes).list()).length
    if ((after === 0 && before > 0) === verdict.stopped) problems.push(`${where} there are ${after} notes left`)
  }
  const witness = { hook: "call-refused", core: "frame-refused", browser: null }[verdict.by ?? "browser"]
  if (verdict.stopped && witness !== null && !(await isSeen(witness, decisions)))
    problems.push(`${where} the Core has seen no ${witness}`)
  return verdict
}

/** The page hears of a refusal first: the sealed word to the Core is on its way. */
async function isSeen(witness: string, decisions: readonly Decision[]): Promise<boolean> {
  for (let wait = 0; wait < 100; wait++) {
    if (decisions.some(({ kind }) => kind === witness)) return true
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return false
}

/** With the panel as it looks when a user has tried every attack. */
async function takeScreenshot(page: Page, file: string): Promise<void> {
  await page.evaluate(`document.querySelector('[data-name="Welcome.md"]')?.click()
    document.getElementById("attack-all").click()`)
  await page.waitFor(
    `return document.querySelectorAll("#attack-list .stopped").length === notesAttacks.ATTACKS.length`,
    30_000,
  )
  await writeFile(file, await page.screenshot())
}
