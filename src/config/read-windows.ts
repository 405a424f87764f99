import { bare } from "../boundary/wire/own.ts"
import { WINDOW } from "./known-keys.ts"
import { Place, type Report } from "./place.ts"
import { isRecord } from "./records.ts"

/** One entry of `app.windows`, with Tauri's defaults. */
export interface WindowConfig {
  readonly label: string
  /** `null`: the page's own title. */
  readonly title: string | null
  /** Relative to the app origin: `index.html`, `/settings?tab=1`. */
  readonly url: string
  /** In CSS pixels. */
  readonly width: number
  readonly height: number
  /** Whether the window is opened with the app. */
  readonly create: boolean
}

/** The window of an app whose configuration names none. */
export const DEFAULT_WINDOW: WindowConfig = {
  label: "main",
  title: null,
  url: "index.html",
  width: 800,
  height: 600,
  create: true,
}

/** What Rust calls alphanumeric (`Alphabetic` or a number of any kind), and four signs. */
const LABEL = /^[\p{Alphabetic}\p{N}\-/:_]+$/u

export function readWindows(place: Place): readonly WindowConfig[] {
  const firstWith = new Map<string, Place>()
  return place.list("a list of windows").map((item) => {
    const { label, ...config } = readWindow(item)
    const first = firstWith.get(label)
    if (first === undefined) firstWith.set(label, item)
    else item.report("LABEL_TWICE", `has the label ${JSON.stringify(label)} of ${first.path}: give it one of its own`)
    return { label, ...config }
  })
}

/**
 * One window as a page describes it that wants it created: what may stand in `app.windows`, and `null`s where Tauri has
 * options. `ignored`: what it asks for that a configuration may hold, and that no browser window has.
 *
 * @param origin the app's: an address there may be given in full
 * @throws Error that names all that is wrong
 */
export function readWindowOptions(
  options: unknown,
  origin: string,
): { readonly window: WindowConfig; readonly ignored: readonly string[] } {
  const given = Object.entries(isRecord(options) ? options : {}).filter(([, value]) => value !== null)
  const record = bare(Object.fromEntries(given))
  if (typeof record.url === "string") record.url = inApp(record.url, origin)
  const problems: Report["problems"] = []
  const window = readWindow(new Place(record, ["options"], { problems, fileOf: () => "" }))
  if (typeof record.url === "string" && isElsewhere(record.url))
    throw new Error(`options.url: a window of the app shows pages of the app, and ${record.url} is none of them`)
  if (problems.length > 0) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join("; "))
  const { others } = WINDOW
  return { window, ignored: given.flatMap(([key]) => (others.includes(key) ? [key] : [])) }
}

const isElsewhere = (url: string): boolean => URL.canParse(url)

/** An address within the app as its path; any other as it is. */
function inApp(url: string, origin: string): string {
  const parsed = URL.parse(url)
  return parsed?.origin === origin ? parsed.pathname + parsed.search + parsed.hash : url
}

function readWindow(place: Place): WindowConfig {
  const window = place.section(WINDOW)
  return {
    label: readLabel(window("label")),
    title: window("title").string() ?? null,
    url: readUrl(window("url")),
    width: readLength(window("width"), 800),
    height: readLength(window("height"), 600),
    create: window("create").boolean() ?? true,
  }
}

function readLabel(place: Place): string {
  const { value = "main" } = place
  if (typeof value === "string" && LABEL.test(value)) return value
  place.refuse('a label of letters, digits, "-", "/", ":" and "_"')
  return place.path
}

function readUrl(place: Place): string {
  const { value = "index.html" } = place
  if (typeof value === "string" && staysInApp(value)) return value
  place.refuse('a path of the app: "index.html" or "/settings?tab=1"')
  return "index.html"
}

/**
 * Asks the parser that a browser has, so that `/\example.org` or a tab in the middle mean here what they mean there. What
 * is at home on two origins names neither of them.
 */
function staysInApp(url: string): boolean {
  return ["http://a.invalid", "http://b.invalid"].every((origin) => {
    const resolved = URL.parse(url, origin)
    return resolved?.origin === origin && !resolved.pathname.startsWith("/__sallyport__")
  })
}

function readLength(place: Place, fallback: number): number {
  const { value = fallback } = place
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value
  place.refuse("a length in CSS pixels, above 0")
  return fallback
}
