// What a compromised dependency could try, tried for real. Each attack is judged by what it achieved, not by what it was
// told: a file's text read, notes gone, a note written by a call that nobody allowed.

const IPC_PATH = "/__sallyport__/ipc"
/** The Core closes a session with this code when a frame is not the next one that the sandbox sealed. */
const FRAME_REFUSED = 4005
/** An id that the app's own calls do not reach. */
const FORGED_ID = 4_000_000_000
/** How long an attack waits for its effect, in ms. */
const PATIENCE_MS = 3000

const invoke = (cmd, args, options) => window.__TAURI_INTERNALS__.invoke(cmd, args, options)

export const ATTACKS = [
  {
    id: "read-outside",
    title: "Read a file outside",
    explanation: "read_note with an absolute path",
    run: readOutside,
  },
  {
    id: "path-traversal",
    title: "Climb out with ../",
    explanation: "read_note with a path that leaves the folder",
    run: traverse,
  },
  {
    id: "delete-all",
    title: "Delete all notes",
    explanation: "a command that the window has no use for",
    run: deleteAll,
  },
  {
    id: "forge-frame",
    title: "Forge a frame",
    explanation: "a call of its own making, on the app's socket",
    run: forge,
  },
  { id: "replay-frame", title: "Replay a frame", explanation: "a real call, caught and sent again", run: replay },
  {
    id: "around-the-sandbox",
    title: "Go around the guard",
    explanation: "a socket of its own, with this window's credential",
    run: goAround,
  },
]

/** Resolves with { id, stopped, by, detail }; `by` is "hook", "core" or "browser", or null when it succeeded. */
export async function runAttack(id) {
  const attack = ATTACKS.find((one) => one.id === id)
  try {
    return { id, ...(await attack.run()) }
  } catch (error) {
    return {
      id,
      stopped: true,
      by: layerOf(error),
      detail: `${error.code ?? error.name ?? "Error"}: ${error.message ?? error}`,
    }
  }
}

function layerOf(error) {
  if (error?.name === "IsolationError") return error.code.startsWith("HOOK_") ? "hook" : "core"
  return error instanceof DOMException ? "browser" : "core"
}

async function readOutside() {
  const { secret } = await invoke("app_info")
  return { stopped: false, by: null, detail: await invoke("read_note", { path: secret }) }
}

async function traverse() {
  const { secret } = await invoke("app_info")
  const name = secret.split(/[/\\]/).at(-1)
  return { stopped: false, by: null, detail: await invoke("read_note", { path: `../${name}` }) }
}

async function deleteAll() {
  // sallyport-ignore-next-line COMMAND_NOT_NAMED: an attack, which the hook must refuse
  await invoke("delete_all_notes")
  const { length } = await invoke("list_notes")
  return length === 0
    ? succeeded("all notes are gone")
    : { stopped: true, by: null, detail: `${length} notes are still there` }
}

async function forge() {
  const { socket, frame } = await capture()
  // A sealed frame begins with its version and its number: the next number is no secret. The rest is.
  const call = inTheClear("attack-forge.md")
  const header = new Uint8Array(9)
  if (frame[0] === 1) header.set(frame.subarray(0, 9))
  header[8]++
  const isSealed = frame[0] === 1 && frame.length >= 25
  const forged = isSealed ? joined(header, call, new Uint8Array(16)) : call
  return outcome(socket, "attack-forge.md", () => rawSend(socket, forged))
}

async function replay() {
  const note = "attack-replay.md"
  const { socket, frame } = await capture(() => invoke("write_note", { path: note, text: "written by an attack" }))
  await invoke("delete_note", { path: note })
  // A frame that is not sealed may be used again as it is.
  return outcome(socket, note, () => rawSend(socket, frame))
}

async function goAround() {
  const { credential } = JSON.parse(sessionStorage.getItem("sallyport"))
  const socket = new WebSocket(`ws://${location.host}${IPC_PATH}`)
  socket.binaryType = "arraybuffer"
  await event(socket, "open")
  socket.send(JSON.stringify({ hello: 1, credential }))
  await event(socket, "message")
  const result = await outcome(socket, "attack-around.md", () => socket.send(inTheClear("attack-around.md")))
  socket.close()
  return result
}

/** Gets hold of the app's socket and of the last frame that a call sends on it, by replacing `send` under it. */
async function capture(call = () => invoke("list_notes")) {
  const { send } = WebSocket.prototype
  let caught = null
  WebSocket.prototype.send = function (data) {
    if (typeof data !== "string") caught = { socket: this, frame: new Uint8Array(data).slice() }
    return send.call(this, data)
  }
  try {
    await call()
  } finally {
    WebSocket.prototype.send = send
  }
  return caught
}

function rawSend(socket, bytes) {
  WebSocket.prototype.send.call(socket, bytes)
}

/** Sends, and waits for what comes of it: the note is there, or the Core has closed the socket. */
async function outcome(socket, note, send) {
  const closed = event(socket, "close")
  send()
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    const code = await Promise.race([closed.then(({ code }) => code), pause(50)])
    if (code === FRAME_REFUSED)
      return {
        stopped: true,
        by: "core",
        detail: "not the next frame that the sandbox sealed: session ended",
      }
    if (code !== undefined) return { stopped: true, by: "core", detail: `the Core closed the socket (${code})` }
    if (await isThere(note)) return succeeded(`${note} was written`)
  }
  return { stopped: true, by: null, detail: "nothing happened" }
}

async function isThere(note) {
  try {
    return (await invoke("list_notes")).some(({ name }) => name === note)
  } catch {
    return false
  }
}

/** A payload with one call as brownfield has it: the JSON's length, the JSON. */
function inTheClear(note) {
  const call = [FORGED_ID, "write_note", { path: note, text: "written by an attack" }]
  const json = new TextEncoder().encode(JSON.stringify({ calls: [call], blobs: [] }))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, json.length)
  return joined(length, json)
}

function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}

function succeeded(detail) {
  return { stopped: false, by: null, detail }
}

function event(target, type) {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }))
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
