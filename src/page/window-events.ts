import type { Listeners } from "./listeners.ts"
import { innerSize, outerPosition } from "./screen.ts"

/** No event tells that a window was moved: its position is asked for as long as somebody listens. In ms. */
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

  /** What is watched once somebody has listened to it. */
  const watches: Record<string, () => void> = {
    "tauri://theme-changed": () => {
      const dark = matchMedia("(prefers-color-scheme: dark)")
      dark.addEventListener("change", () => tell("tauri://theme-changed", dark.matches ? "dark" : "light"))
    },
    "tauri://scale-change": function watchScale() {
      const scaleFactor = devicePixelRatio
      const same = matchMedia(`(resolution: ${scaleFactor}dppx)`)
      const changed = (): void => {
        tell("tauri://scale-change", { scaleFactor: devicePixelRatio, size: innerSize() })
        watchScale()
      }
      same.addEventListener("change", changed, { once: true })
    },
    "tauri://move": function watchMoves() {
      let [x, y] = [screenX, screenY]
      const asking = setInterval(() => {
        if (listeners.ofWindow("tauri://move").length === 0) {
          clearInterval(asking)
          watches["tauri://move"] = watchMoves
        }
        if (x === screenX && y === screenY) return
        x = screenX
        y = screenY
        tell("tauri://move", outerPosition())
      }, ASK_MS)
    },
  }
  listeners.onListening = (event) => {
    const watch = watches[event]
    delete watches[event]
    watch?.()
  }
}
