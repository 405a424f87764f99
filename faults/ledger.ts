/**
 * What runs in the page: keeps a book of its calls. Each has a number of its own, for ever; a call is `lost` while it has not
 * settled. `listening` is how many functions listen to messages of frames, of those that were added since the book was opened: one that is added
 * again is the same listener.
 */
export const LEDGER = `
const book = new Map()
// Pages come one after the other, and their calls stand in one journal.
let last = Math.floor(Math.random() * 2 ** 20) * 100000
const listeners = new Set()
const codes = {}
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
EventTarget.prototype.addEventListener = function (type, ...rest) { if (type === "message") listeners.add(rest[0]); return add.call(this, type, ...rest) }
EventTarget.prototype.removeEventListener = function (type, ...rest) { if (type === "message") listeners.delete(rest[0]); return remove.call(this, type, ...rest) }
window.call = (cmd, more) => {
  const n = ++last
  book.set(n, 0)
  const settled = (how) => { book.set(n, book.get(n) + 1); codes[how] = (codes[how] ?? 0) + 1 }
  return __TAURI_INTERNALS__.invoke(cmd, { n, ...more }).then(
    (value) => { settled("answered"); return { n, value } },
    (error) => { settled(error?.code ?? "rejected"); return { n, code: error?.code ?? null, message: String(error?.message ?? error) } },
  )
}
window.report = () => ({
  made: book.size,
  lost: [...book.values()].filter((times) => times === 0).length,
  codes,
  frames: document.querySelectorAll("iframe").length,
  listening: listeners.size,
})
`

/** What the page's book says. */
export interface Report {
  readonly made: number
  readonly lost: number
  /** How often calls settled with each code; `answered` for those that resolved. */
  readonly codes: Readonly<Record<string, number>>
  readonly frames: number
  readonly listening: number
}

/** What became of one call. */
export interface Settled {
  readonly n: number
  readonly value?: unknown
  readonly code?: string | null
  readonly message?: string
}
