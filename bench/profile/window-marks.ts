/**
 * A script that runs in page and frame before every other, and from outside of the bridge and the runtime takes a moment
 * down whenever a call passes one of the doors that they use: port, socket, cipher. It leaves their source as it is.
 */
export const WINDOW_MARKS = `(() => {
  const marks = []
  const now = () => performance.timeOrigin + performance.now()
  const mark = (name) => void marks.push([name, now()])
  Object.defineProperty(globalThis, "benchMarks", { value: { mark, take: () => marks.splice(0) } })

  const before = (object, name, mark) => {
    const original = object[name]
    object[name] = function (...args) {
      mark()
      return original.apply(this, args)
    }
  }
  // The clock first: asking for the data may be what reads the message.
  const heard = (kind) => (handler) => function (event) {
    const time = now()
    const name = kind(event.data)
    if (name !== null) marks.push([name, time])
    return handler.call(this, event)
  }
  const listening = (prototype, kind) => {
    const wrap = heard(kind)
    const { set, ...rest } = Object.getOwnPropertyDescriptor(prototype, "onmessage")
    Object.defineProperty(prototype, "onmessage", {
      ...rest,
      set(handler) {
        set.call(this, typeof handler === "function" ? wrap(handler) : handler)
      },
    })
    const { addEventListener } = EventTarget.prototype
    prototype.addEventListener = function (type, handler, ...more) {
      const isMessage = type === "message" && typeof handler === "function"
      return addEventListener.call(this, type, isMessage ? wrap(handler) : handler, ...more)
    }
  }

  // What only says that a batch was taken, and what only asks whether somebody is there, is not a call's.
  const isCalls = (data) => data instanceof ArrayBuffer || (typeof data === "string" && data.length > 2 && data.startsWith("["))
  listening(MessagePort.prototype, (data) => (isCalls(data) ? "heard" : null))
  listening(WebSocket.prototype, (data) => (typeof data === "string" ? null : "replied"))
  const { postMessage } = MessagePort.prototype
  MessagePort.prototype.postMessage = function (data, ...more) {
    if (isCalls(data)) mark("posted")
    return postMessage.call(this, data, ...more)
  }
  before(WebSocket.prototype, "send", () => mark("sent"))
  if (globalThis.SubtleCrypto !== undefined) {
    const { encrypt } = SubtleCrypto.prototype
    SubtleCrypto.prototype.encrypt = function (...args) {
      mark("encrypt")
      const sealed = encrypt.apply(this, args)
      sealed.then(() => mark("sealed"))
      return sealed
    }
  }
})()
`

/** A script that makes calls one after the other, and returns the page's moments. */
export const serialCalls = (calls: number): string => `const { invoke } = __TAURI_INTERNALS__
  const { mark, take } = globalThis.benchMarks
  take()
  for (let n = 0; n < ${calls}; n++) {
    mark("invoke")
    await invoke("echo", { path: "notes/a.md", n })
    mark("settled")
  }
  return take()`

/** The same without moments: how long each call took, in ms. */
export const plainCalls = (calls: number): string => `const { invoke } = __TAURI_INTERNALS__; const times = []
  for (let n = 0; n < ${calls}; n++) {
    const started = performance.now()
    await invoke("echo", { path: "notes/a.md", n })
    times.push(performance.now() - started)
  }
  return times`
