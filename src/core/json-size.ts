const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const COLON = 0x3a
const UPPER_E = 0x45
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const LOWER_E = 0x65
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Bytes that V8 takes, at most, for each piece of what it parses (64-bit, without pointer compression; json-size-heap.test.ts
 * measures them). Each includes the slot that refers to it, where no comma does.
 */
const COST = {
  /** Header with room for four properties. */
  object: 64,
  /** Header, that of its items, and the first slot. */
  list: 64,
  /** Slot of one more item. */
  item: 8,
  /** A name that no other object has gives the object a hidden class of its own; one that reads as an index, a table. */
  property: 144,
  /** Header, padding, and an entry in the table of strings. */
  text: 48,
  /** A number on the heap, for each sign that it may be no small integer. */
  double: 16,
  /** Any other character, of which ten digits are a number on the heap. */
  character: 2,
}

/** What a JSON text takes in memory once it is parsed, at most, in bytes. */
export interface JsonSize {
  readonly total: number
  /** Each list or object in the list `calls` of the outermost object, in order. Part of `total`. */
  readonly calls: readonly SizedCall[]
  /** Whether a name in the outermost object is written with an escape: then the parser may take another list for `calls`. */
  readonly hasEscapedName: boolean
}

export interface SizedCall {
  /** Where its text begins and ends, in bytes. */
  readonly start: number
  readonly end: number
  readonly size: number
}

/** A text of at least so many bytes may count for more than a text. */
export interface LongText {
  readonly bytes: number
  readonly extra: number
}

const CALLS = Buffer.from("calls")

/**
 * Tells by the bytes of a JSON text, before it is parsed, what the value will take in memory; `null` when it is nested more than
 * `nesting` deep. A byte of UTF-8 that reads as a bracket, a quote or a backslash is one. What it says of a text that is no JSON
 * is of no use.
 *
 * A page pays three bytes for an object of 64, and none of its counts can be believed.
 *
 * @param longText what each text of that length counts for besides
 */
export function measureJson(json: Uint8Array, nesting: number, longText: LongText | null = null): JsonSize | null {
  const { length } = json
  const calls: SizedCall[] = []
  let [total, depth] = [0, 0]
  /** Of the last text in the outermost object. */
  let [nameStart, nameEnd, isNameEscaped] = [0, 0, false]
  let hasEscapedName = false
  let isInCalls = false
  let [callStart, sizeBefore] = [0, 0]
  for (let at = 0; at < length; at++) {
    const byte = json[at]
    if (byte === QUOTE) {
      const start = at + 1
      let [isWide, isEscaped] = [false, false]
      for (at++; at < length && json[at] !== QUOTE; at++) {
        const inside = json[at] as number
        if (inside === BACKSLASH) {
          isEscaped = true
          at++
        } else if (inside >= 0x80) isWide = true
      }
      const bytes = at - start
      total += COST.text + (isWide || isEscaped ? 2 * bytes : bytes)
      if (longText !== null && bytes >= longText.bytes) total += longText.extra
      if (depth === 1) [nameStart, nameEnd, isNameEscaped] = [start, at, isEscaped]
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > nesting) return null
      if (depth === 3 && isInCalls) [callStart, sizeBefore] = [at, total]
      total += byte === OPEN_LIST ? COST.list : COST.object
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (depth === 3 && isInCalls) calls.push({ start: callStart, end: at + 1, size: total - sizeBefore })
      depth--
    } else if (byte === COLON) {
      total += COST.property
      if (depth === 1) {
        hasEscapedName ||= isNameEscaped
        isInCalls = CALLS.equals(json.subarray(nameStart, nameEnd))
        // Of two members of one name, the last counts.
        if (isInCalls) calls.length = 0
      }
    } else if (byte === COMMA) total += COST.item
    else if (byte === DOT || byte === LOWER_E || byte === UPPER_E || byte === MINUS) total += COST.double
    else total += COST.character
  }
  return { total, calls, hasEscapedName }
}
