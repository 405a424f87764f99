/** A document's bytes, as text in which every ASCII character is itself. */
export interface OpenedHtml {
  /** Latin-1 has a character for every byte: written back, all bytes are what they were, whatever they mean. */
  readonly latin1: string
  /** What the bytes or `Content-Type` say; `null`: nothing. */
  readonly encoding: string | null
}

/**
 * Opens a document so that ASCII can be put into it. A byte order mark decides, and is left out: it counts only at the very
 * start, and what it says goes into `Content-Type`. UTF-16, in which ASCII would be no text, becomes UTF-8.
 *
 * @param charset what `Content-Type` says
 */
export function openHtml(html: Uint8Array, charset: string | undefined): OpenedHtml {
  const bytes = Buffer.from(html.buffer, html.byteOffset, html.byteLength)
  if (bytes.subarray(0, 3).equals(UTF_8_MARK)) return { latin1: bytes.toString("latin1", 3), encoding: "utf-8" }
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0)
  const encoding = mark === 0xfeff ? "utf-16be" : mark === 0xfffe ? "utf-16le" : encodingNamed(charset)
  if (!encoding?.startsWith("utf-16")) return { latin1: bytes.toString("latin1"), encoding }
  return { latin1: Buffer.from(new TextDecoder(encoding).decode(bytes)).toString("latin1"), encoding: "utf-8" }
}

/** The encoding that a label names (Encoding Standard, 4.2), or `null`. */
export function encodingNamed(label: string | undefined): string | null {
  if (label === undefined) return null
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}

const UTF_8_MARK = Uint8Array.of(0xef, 0xbb, 0xbf)
