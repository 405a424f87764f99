import { command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import type { Resources } from "../core/resources.ts"
import { inTauriWords, record } from "./arguments.ts"
import { refusals } from "./refusals.ts"

/** An image that a page holds: rows of pixels from top to bottom, four bytes each. */
class RgbaImage {
  readonly rgba: Uint8Array
  readonly width: number
  readonly height: number
  /** Called once, when the page holds it no more. */
  readonly close: () => void

  constructor(rgba: Uint8Array, width: number, height: number, close: () => void) {
    this.rgba = rgba
    this.width = width
    this.height = height
    this.close = close
  }
}

/**
 * Bytes of the images of each page. Counted, because to look at every image for each new one would let a page with many of
 * them hold up the Core.
 */
class HeldBytes {
  readonly #max: number
  readonly #held = new WeakMap<Resources, number>()

  constructor(max: number) {
    this.#max = max
  }

  /** Throws an `Error` where a page would hold too many. Returns what gives them back. */
  take(bytes: number, by: Resources): () => void {
    const held = this.#held.get(by) ?? 0
    if (held + bytes > this.#max)
      throw new Error(`the images of a page may hold at most ${this.#max} bytes together: close some first`)
    this.#held.set(by, held + bytes)
    return () => void this.#held.set(by, (this.#held.get(by) ?? bytes) - bytes)
  }
}

/** Bytes that all images of a page may hold together. */
const MAX_BYTES = 64 * 1024 * 1024

/** `@tauri-apps/api/image`: images made of pixels. Files of images are the browser's to decode. */
export function imagePlugin(maxBytes: number = MAX_BYTES): Plugin {
  const held = new HeldBytes(maxBytes)
  return {
    name: "image",
    permissions: {
      default: { permissions: ["allow-new", "allow-from-bytes", "allow-from-path", "allow-rgba", "allow-size"] },
    },
    setup: () => ({
      commands: {
        ...refusals(
          "image",
          ["from_bytes", "from_path"],
          "the Core decodes no image files; let the page decode it (createImageBitmap, a canvas) and give the pixels to Image.new",
        ),
        new: command((args, { resources }) => {
          const { rgba, width, height } = record(args)
          const wide = inTauriWords("width", "new", () => readLength(width))
          const high = inTauriWords("height", "new", () => readLength(height))
          const bytes = inTauriWords("rgba", "new", () => readPixels(rgba, wide, high))
          return resources.add(new RgbaImage(bytes, wide, high, held.take(bytes.length, resources)))
        }),
        rgba: command((args, { resources }) => resources.get(record(args).rid, RgbaImage).rgba),
        size: command((args, { resources }) => {
          const { width, height } = resources.get(record(args).rid, RgbaImage)
          return { width, height }
        }),
      },
    }),
  }
}

function readLength(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff) return value as number
  throw new Error("expected a number of pixels, a u32")
}

/** Bytes in a page's arguments are a list of numbers. */
function readPixels(value: unknown, width: number, height: number): Uint8Array {
  const size = width * height * 4
  if (!Array.isArray(value) || !value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255))
    throw new Error("expected bytes")
  if (value.length !== size)
    throw new Error(`an image of ${width} × ${height} pixels has ${size} bytes of RGBA, not ${value.length}`)
  return Uint8Array.from(value)
}
