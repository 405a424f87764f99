import type { Measure } from "../protocol/operations.ts"

/** `{ Logical: { width, height } }` or `{ Physical: … }`. Throws an `Error` for anything else. */
export function readSize(value: unknown): Measure {
  return readMeasure(value, ["width", "height"], (length) => length > 0, "above 0")
}

/** `{ Logical: { x, y } }` or `{ Physical: … }`. Throws an `Error` for anything else. */
export function readPosition(value: unknown): Measure {
  return readMeasure(value, ["x", "y"], () => true, "")
}

function readMeasure(
  value: unknown,
  names: readonly [string, string],
  isRight: (length: number) => boolean,
  range: string,
): Measure {
  for (const unit of ["Logical", "Physical"] as const) {
    const lengths = own(value, unit)
    const numbers = names.map((name) => own(lengths, name))
    const [first, second] = numbers
    if (isLength(first) && isLength(second) && numbers.every((number) => isRight(number as number)))
      return { unit, value: [first, second] }
  }
  throw new Error(`expected { Logical: { ${names} } } or { Physical: { ${names} } } with numbers ${range}`.trim())
}

/** Screens have fewer pixels. */
const isLength = (value: unknown): value is number => typeof value === "number" && Math.abs(value) < 1_000_000

/** Own members only: what `Object.prototype` lends is not in the message. */
function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

export function readBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value
  throw new Error("expected true or false")
}

export function readText(value: unknown): string {
  if (typeof value === "string") return value
  throw new Error("expected a string")
}

export function readPoint(_value: unknown, { x, y }: Readonly<Record<string, unknown>>): { x: number; y: number } {
  if (isLength(x) && isLength(y)) return { x, y }
  throw new Error("expected x and y, two numbers")
}

/** Tauri's cursors whose CSS names are not simply their own in kebab-case. */
const CURSORS: Readonly<Record<string, string>> = { default: "", arrow: "default", hand: "pointer" }
const SAME_CURSORS: ReadonlySet<string> = new Set(
  `crosshair move text wait help progress not-allowed context-menu cell vertical-text alias copy no-drop grab grabbing
  all-scroll zoom-in zoom-out e-resize n-resize ne-resize nw-resize s-resize se-resize sw-resize w-resize ew-resize
  ns-resize nesw-resize nwse-resize col-resize row-resize`.split(/\s+/),
)

/** A `CursorIcon` as CSS says it. */
export function readCursor(value: unknown): string {
  if (typeof value === "string") {
    if (Object.hasOwn(CURSORS, value)) return CURSORS[value] as string
    const css = value.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (SAME_CURSORS.has(css)) return css
  }
  throw new Error(`unknown cursor ${JSON.stringify(value)}`)
}

/** A `Color` (`#rgb`, `#rrggbb`, `#rrggbbaa`, three or four bytes in a list or by name), as CSS says it; `null` is none. */
export function readColor(value: unknown): string {
  if (value === undefined || value === null) return ""
  if (typeof value === "string" && /^#([\da-f]{3}|[\da-f]{6}|[\da-f]{8})$/i.test(value)) return value
  const [red, green, blue, alpha = 255] = Array.isArray(value)
    ? (value as unknown[])
    : [own(value, "red"), own(value, "green"), own(value, "blue"), own(value, "alpha")]
  const bytes = [red, green, blue, alpha]
  if (bytes.every((byte) => Number.isInteger(byte) && (byte as number) >= 0 && (byte as number) <= 255))
    return `#${Buffer.from(bytes as number[]).toString("hex")}`
  throw new Error("expected a color: #rrggbb, [red, green, blue] or { red, green, blue, alpha }")
}
