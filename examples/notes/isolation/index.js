// The guard of Notes: every invoke() of the window passes this hook before it reaches the Core. What is not listed here
// cannot be called, and what throws here is refused. Keep it short enough to be read in a minute.

const MAX_TEXT = 1_000_000 // characters
const MAX_IMAGE = 10_000_000 // bytes

/** How the images that may be attached begin. */
const IMAGE_TYPES = [
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x47, 0x49, 0x46, 0x38], // GIF
]

/** A note is a Markdown file directly in the folder: no separators, no "..", nothing hidden, no drive and no stream (":"). */
function requireNote(path) {
  if (typeof path !== "string" || !/^[^./\\:\0][^/\\:\0]{0,100}\.md$/.test(path))
    throw new Error(`"${path}" is no note`)
}

function requireImageFile(path) {
  if (!/^attachments\/[^./\\:\0][^/\\:\0]{0,100}\.(png|jpe?g|gif)$/i.test(path))
    throw new Error(`"${path}" is no image`)
}

function requireText(text) {
  if (typeof text !== "string" || text.length > MAX_TEXT) throw new Error(`a text has at most ${MAX_TEXT} characters`)
}

function requireImage(image) {
  if (!(image instanceof ArrayBuffer) || image.byteLength > MAX_IMAGE)
    throw new Error(`an image has at most ${MAX_IMAGE} bytes`)
  const start = new Uint8Array(image, 0, Math.min(8, image.byteLength))
  if (!IMAGE_TYPES.some((type) => type.every((byte, index) => start[index] === byte))) throw new Error("not an image")
}

/** Each command that the window may call, and what its arguments must be. */
const ALLOWED = {
  app_info: () => {},
  list_notes: () => {},
  search_notes: ({ query }) => requireText(query),
  read_note: ({ path }) => requireNote(path),
  create_note: ({ path, text }) => [requireNote(path), requireText(text)],
  write_note: ({ path, text }) => [requireNote(path), requireText(text)],
  rename_note: ({ from, to }) => [requireNote(from), requireNote(to)],
  delete_note: ({ path }) => requireNote(path),
  attach_image: ({ payload, options }) => [
    requireImage(payload),
    requireImageFile(`attachments/${decodeURIComponent(options.headers.filename)}`),
  ],
  read_image: ({ path }) => requireImageFile(path),
  switch_pattern: () => {},
}

window.__TAURI_ISOLATION_HOOK__ = (payload, { window }) => {
  if (window !== "main" || !Object.hasOwn(ALLOWED, payload.cmd)) throw new Error(`${payload.cmd} is not allowed`)
  ALLOWED[payload.cmd](payload)
  return payload
}
