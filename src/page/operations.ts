import type { Measure, Operation, OperationArguments, OperationName } from "../protocol/operations.ts"
import { keepTitle } from "./identity.ts"
import {
  contains,
  currentMonitor,
  innerPosition,
  innerSize,
  onlyMonitor,
  outerPosition,
  outerSize,
  workArea,
} from "./screen.ts"

/** How long a browser may take to do what it was asked for, in ms: it says of nothing that it will not. */
const DONE_MS = 1000
const ASK_MS = 50

/** Whether the browser has done it: asked until it has. */
type IsDone = () => boolean

/** What an operation found out, or how to see that it is done; `undefined`: this browser cannot do it. */
type Outcome = unknown | IsDone | undefined

/** Pixels are cut somewhere. */
const near = (left: number, right: number): boolean => Math.abs(left - right) < 1.5

const inCss = ({ unit, value }: Measure): [number, number] => {
  const scale = unit === "Logical" ? 1 : devicePixelRatio
  return [value[0] / scale, value[1] / scale]
}

const has = (query: string): boolean => matchMedia(`(${query})`).matches
const isVisible = (): boolean => document.visibilityState === "visible"
const isFullscreen = (): boolean => document.fullscreenElement !== null || has("display-mode: fullscreen")

/** A window that fills the work area: no browser says more. */
function isMaximized(): boolean {
  const [, , width, height] = workArea()
  return !isFullscreen() && outerWidth > width - 2 && outerHeight > height - 2
}

type Bounds = readonly [x: number, y: number, width: number, height: number]
const bounds = (): Bounds => [screenX, screenY, outerWidth, outerHeight]

/** Size first: a window that is too large for where it is to be is not let there. */
function toBounds(x: number, y: number, width: number, height: number): IsDone {
  return () => {
    if (!near(outerWidth, width) || !near(outerHeight, height)) resizeTo(width, height)
    else if (!near(screenX, x) || !near(screenY, y)) moveTo(x, y)
    else return true
    return false
  }
}

/** Of the window before it was maximized. */
let restored: Bounds | undefined

function maximize(): Outcome {
  if (isMaximized()) return null
  restored = bounds()
  return toBounds(...workArea())
}

function unmaximize(): Outcome {
  return isMaximized() ? restored && toBounds(...restored) : null
}

let cursor = ""
let isCursorVisible = true

function setStyle(property: "cursor" | "backgroundColor", value: string): Outcome {
  const { style } = document.documentElement
  style[property] = value
  return value === "" || style[property] !== "" ? null : undefined
}

const showCursor = (): Outcome => setStyle("cursor", isCursorVisible ? cursor : "none")

/** Everything that the Core can have this page do about its own window. */
const OPERATIONS: { readonly [Name in OperationName]: (argument: OperationArguments[Name]) => Outcome } = {
  scale_factor: () => devicePixelRatio,
  inner_position: innerPosition,
  outer_position: outerPosition,
  inner_size: innerSize,
  outer_size: outerSize,
  title: () => document.title,
  theme: () => (has("prefers-color-scheme: dark") ? "dark" : "light"),
  is_fullscreen: isFullscreen,
  // Of a page that cannot be seen the browser does not say why.
  is_minimized: () => (isVisible() ? false : undefined),
  is_maximized: isMaximized,
  is_focused: () => document.hasFocus(),
  is_visible: isVisible,
  current_monitor: currentMonitor,
  primary_monitor: onlyMonitor,
  available_monitors: () => onlyMonitor() && [onlyMonitor()],
  monitor_from_point: (point) => (contains(currentMonitor(), point) ? currentMonitor() : onlyMonitor() && null),
  set_title: (title) => {
    keepTitle(title)
    document.title = title
    return () => document.title === title.replace(/[\t\n\f\r ]+/g, " ").trim()
  },
  set_size: (measure) => {
    const [width, height] = inCss(measure)
    return toBounds(screenX, screenY, width + outerWidth - innerWidth, height + outerHeight - innerHeight)
  },
  set_position: (measure) => toBounds(...inCss(measure), outerWidth, outerHeight),
  center: () => {
    const [left, top, width, height] = workArea()
    const [x, y] = [left + (width - outerWidth) / 2, top + (height - outerHeight) / 2]
    return toBounds(Math.round(x), Math.round(y), outerWidth, outerHeight)
  },
  maximize,
  unmaximize,
  toggle_maximize: () => (isMaximized() ? unmaximize() : maximize()),
  show: () => (isVisible() ? null : undefined),
  set_focus: () => {
    focus()
    return () => document.hasFocus()
  },
  set_fullscreen: async (wanted) => {
    if (wanted && !isFullscreen()) await document.documentElement.requestFullscreen()
    else if (!wanted && document.fullscreenElement !== null) await document.exitFullscreen()
    return () => isFullscreen() === wanted
  },
  set_cursor: (value) => {
    cursor = value
    return showCursor()
  },
  set_cursor_visible: (visible) => {
    isCursorVisible = visible
    return showCursor()
  },
  set_background_color: (color) => setStyle("backgroundColor", color),
  reload: () => location.reload(),
  close: () => {
    close()
    // Who is still here later was not closed.
    return () => false
  },
}

/** Does one, and resolves with what came of it; rejects with a text, as Tauri does, when this browser does not do it. */
export async function perform([name, argument, refusal]: Operation): Promise<unknown> {
  let reason = ""
  try {
    const outcome = await (OPERATIONS[name] as (argument: unknown) => Outcome)(argument)
    if (typeof outcome !== "function" && outcome !== undefined) return outcome
    for (const end = performance.now() + DONE_MS; outcome !== undefined && performance.now() < end; ) {
      if ((outcome as IsDone)()) return null
      await new Promise((resolve) => setTimeout(resolve, ASK_MS))
    }
  } catch (error) {
    reason = ` (${(error as Error).message})`
  }
  throw `${name}: ${refusal}${reason}`
}
