import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { IsolationApp } from "../../isolation-app/isolation-app.ts"
import { Page } from "../../isolation-app/page.ts"
import { scriptKind } from "../../isolation-app/script-kind.ts"

/** A script of an isolation app, in the order in which a browser runs them. */
export interface HookScript {
  /** Absolute path: of the script, or of the page that holds it. */
  readonly file: string
  readonly text: string
  /** Lines of the file before the text. */
  readonly lineOffset: number
}

/** The scripts that the frame will run, each with the file it came from: positions in errors and coverage are its own. */
export function hookScripts({ dir, files, render }: IsolationApp): HookScript[] {
  const texts = files.map(({ path }) => [join(dir, path), normalized(readFileSync(join(dir, path), "utf8"))] as const)
  const index = join(dir, "index.html")
  const page = texts.find(([file]) => file === index)?.[1] ?? ""
  return new Page(render(""))
    .elements("script")
    .filter(({ attributes }) => scriptKind(attributes) === "classic")
    .map(({ text }) => {
      const file = texts.find(([path, content]) => path !== index && content === text)?.[0]
      if (file !== undefined) return { file, text, lineOffset: 0 }
      const start = page.indexOf(text)
      return { file: index, text, lineOffset: start === -1 ? 0 : page.slice(0, start).split("\n").length - 1 }
    })
}

/** As the isolation app's reader has it. */
const normalized = (text: string): string => text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n")
