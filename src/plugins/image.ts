import { command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import { inTauriWords, record } from "./arguments.ts"
import { refusals } from "./refusals.ts"

/** An image that a page holds: rows of pixels from top to bottom, four bytes each. */
export class RgbaImage {
  readonly rgba: Uint8Array
  readonly width: number
  readonly height: number

  constructor(rgba: Uint8Array, width: number, height: number) {
    this.rgba = rgba
    this.width = width
    this.height = height
  }
}

/** Bytes that all images of a page may hold together. */
const MAX_BYTES = 64 * 1024 * 1024

/** `@tauri-apps/api/image`: images made of pixels. Files of images are the browser's to decode. */
export const imagePlugin = (maxBytes: number = MAX_BYTES): Plugin => ({
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
        const held = resources.all(RgbaImage).reduce((total, image) => total + image.rgba.length, bytes.length)
        if (held > maxBytes)
          throw new Error(`the images of a page may hold at most ${maxBytes} bytes together: close some first`)
        return resources.add(new RgbaImage(bytes, wide, high))
      }),
      rgba: command((args, { resources }) => resources.get(record(args).rid, RgbaImage).rgba),
      size: command((args, { resources }) => {
        const { width, height } = resources.get(record(args).rid, RgbaImage)
        return { width, height }
      }),
    },
  }),
})

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
