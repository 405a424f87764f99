import { relative, sep } from "node:path"
import { type InspectedScript, inspectIsolationApp } from "./inspect.ts"
import { joinScripts } from "./join-scripts.ts"
import { Page, type PageElement } from "./page.ts"
import { scriptKind } from "./script-kind.ts"
import { checkForTauri } from "./tauri-rules.ts"
import { toScript } from "./to-script.ts"

/** What says how to run a script, and no more than every browser assumes. */
const ASSUMED = ["type", "language", "nonce", "async", "defer"]

/** What a line comment in an inlined script cannot hold. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}<>]/gu

/** The one page that an isolation app becomes. */
export interface BuiltPage {
  readonly html: string
  /** Absolute paths of what it was made of, sorted. */
  readonly sources: readonly string[]
}

/**
 * Makes one page of a source folder: what a launch would make of it, as a file. TypeScript is without its types, scripts are inlined
 * and those that follow one another are one.
 *
 * @throws IsolationAppError
 */
export async function buildPage(source: string): Promise<BuiltPage> {
  const inspection = await inspectIsolationApp(
    source,
    (error) => {
      throw error
    },
    { toScript },
  )
  if (inspection?.served == null) throw new Error("the inspection reported nothing and served nothing")
  checkForTauri(inspection)
  const { folder, served, scripts } = inspection
  const page = new Page(served.join(""))
  const elements = page.elements("script").filter(({ attributes }) => scriptKind(attributes) === "classic")
  for (const element of elements) element.removeAttributes(ASSUMED)
  const nameOf = ({ file }: InspectedScript): string =>
    relative(folder.dir, file).split(sep).join("/").replaceAll(UNFIT, "?")
  for (const group of groups(elements)) {
    const named = group.map((element) => {
      const script = scripts[elements.indexOf(element)]
      return { name: script === undefined ? "" : nameOf(script), text: element.text }
    })
    const texts = joinScripts(named)
    for (const [index, element] of group.entries()) {
      const text = texts[index]
      if (text === undefined) element.removeWithSpaceBefore()
      else element.setText(`\n${text}`)
    }
  }
  return { html: page.serialize(), sources: folder.paths }
}

/** Scripts that stand together, with nothing but white space between them, and are scripts and nothing else. */
function groups(elements: readonly PageElement[]): readonly (readonly PageElement[])[] {
  const found: PageElement[][] = []
  for (const element of elements) {
    const last = found.at(-1)
    const before = last?.at(-1)
    const isPlain = element.attributes.size === 0 && before?.attributes.size === 0
    if (last !== undefined && before !== undefined && isPlain && element.isNextTo(before)) last.push(element)
    else found.push([element])
  }
  return found
}
