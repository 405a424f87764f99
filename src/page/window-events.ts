import type { Listeners } from "./listeners.ts"
import { innerSize, outerPosition } from "./screen.ts"

const MOVE = "tauri://move"
/** No event tells that a window was moved: its position is asked for, as long as somebody listens. In ms. */
const ASK_MS = 100

/** Tells this page's own listeners what happens to its window, as Tauri does. Nobody else would know. */
export function watchWindow(listeners: Listeners): void {
  const tell = (event: string, payload: unknown): void => {
    const ids = listeners.ofWindow(event)
    if (ids.length > 0) listeners.receive([event, payload, ids])
  }

  addEventListener("resize", () => tell("tauri://resize", innerSize()))

  let hadFocus = document.hasFocus()
  // A moment later: when the focus goes into a frame of the page, the window has lost it only in between.
  const askForFocus = (): unknown =>
    setTimeout(() => {
      if (hadFocus === document.hasFocus()) return
      hadFocus = !hadFocus
      tell(hadFocus ? "tauri://focus" : "tauri://blur", null)
    })
  addEventListener("focus", askForFocus)
  addEventListener("blur", askForFocus)

  const dark = matchMedia("(prefers-color-scheme: dark)")
  dark.addEventListener("change", () => tell("tauri://theme-changed", dark.matches ? "dark" : "light"))

  const watchScale = (): void =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        tell("tauri://scale-change", { scaleFactor: devicePixelRatio, size: innerSize() })
        watchScale()
      },
      { once: true },
    )
  watchScale()

  let asking: ReturnType<typeof setInterval> | undefined
  listeners.onListening = (event) => {
    if (event !== MOVE || asking !== undefined) return
    let [x, y] = [screenX, screenY]
    asking = setInterval(() => {
      if (x !== screenX || y !== screenY) {
        ;[x, y] = [screenX, screenY]
        tell(MOVE, outerPosition())
      }
      if (listeners.ofWindow(MOVE).length > 0) return
      clearInterval(asking)
      asking = undefined
    }, ASK_MS)
  }
}
