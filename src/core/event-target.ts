import { own } from "../boundary/wire/own.ts"
/** Whom an event is for, and what a listener listens to: Tauri's `EventTarget`. */
export type EventTarget =
  | { readonly kind: "Any" | "App" }
  | { readonly kind: "AnyLabel" | "Window" | "Webview" | "WebviewWindow"; readonly label: string }

const KINDS = { Any: false, App: false, AnyLabel: true, Window: true, Webview: true, WebviewWindow: true } as const

/** Own only: a `label` that every object has must not make a target for one window of one for all. */
export function hasLabel(target: EventTarget): target is Extract<EventTarget, { readonly label: string }> {
  return Object.hasOwn(target, "label")
}

/** What Rust calls alphanumeric (`Alphabetic` or a number of any kind), and four signs. Tauri lets the empty name pass. */
const EVENT_NAME = /^[\p{Alphabetic}\p{N}\-/:_]*$/u

/** Names and labels of pages are kept for as long as they listen: without a limit they could fill the Core's memory. */
const MAX_CHARACTERS = 1024

/** Reads a target as pages send it: `undefined` is any, a text is a label of any kind. Throws an `Error` for anything else. */
export function readTarget(value: unknown): EventTarget {
  if (value === undefined || value === null) return { kind: "Any" }
  if (typeof value === "string") return { kind: "AnyLabel", label: short(value, "a label") }
  const [kind, label] = typeof value === "object" ? [own(value, "kind"), own(value, "label")] : []
  if (typeof kind !== "string" || !Object.hasOwn(KINDS, kind))
    throw new Error(
      `unknown event target kind ${JSON.stringify(kind)}, expected one of ${Object.keys(KINDS).join(", ")}`,
    )
  if (!KINDS[kind as EventTarget["kind"]]) return { kind: kind as "Any" | "App" }
  if (typeof label !== "string") throw new Error(`an event target of kind ${kind} needs a label`)
  return { kind: kind as "AnyLabel", label: short(label, "a label") }
}

/** Throws an `Error`, in Tauri's words, for a name that no event can have. */
export function readEventName(value: unknown): string {
  if (typeof value === "string" && EVENT_NAME.test(short(value, "an event name"))) return value
  throw new Error("Event name must include only alphanumeric characters, `-`, `/`, `:` and `_`.")
}

function short(text: string, what: string): string {
  if (text.length > MAX_CHARACTERS) throw new Error(`${what} has at most ${MAX_CHARACTERS} characters`)
  return text
}

/** Whether an event for `emitted` reaches a listener for `listened`. A listener for any hears all that may reach it. */
export function reaches(emitted: EventTarget, listened: EventTarget): boolean {
  if (emitted.kind === "Any" || listened.kind === "Any") return true
  if (!hasLabel(emitted) || !hasLabel(listened)) return emitted.kind === listened.kind
  if (emitted.label !== listened.label) return false
  return emitted.kind === "AnyLabel" || listened.kind === "AnyLabel" || emitted.kind === listened.kind
}
