/** What the browser says about this page's window and the monitor that it is on. Positions and sizes in physical pixels. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Tauri's `Monitor`. */
interface Monitor {
  /** No browser tells. */
  readonly name: null
  readonly scaleFactor: number
  readonly position: Point
  readonly size: Size
  readonly workArea: { readonly position: Point; readonly size: Size }
}

declare global {
  /** Members that not every browser has. */
  interface Screen {
    readonly left?: number
    readonly top?: number
    readonly availLeft?: number
    readonly availTop?: number
    /** Window Management: whether there are further monitors. */
    readonly isExtended?: boolean
  }
  interface Window {
    readonly mozInnerScreenX?: number
    readonly mozInnerScreenY?: number
  }
}

const physical = (length: number): number => Math.round(length * devicePixelRatio)
const point = (x: number, y: number): Point => ({ x: physical(x), y: physical(y) })
const size = (width: number, height: number): Size => ({ width: physical(width), height: physical(height) })

export const innerSize = (): Size => size(innerWidth, innerHeight)
export const outerSize = (): Size => size(outerWidth, outerHeight)
export const outerPosition = (): Point => point(screenX, screenY)

/** Only Firefox says it. Elsewhere: what a browser puts around a page stands above it, but for borders of one width. */
export function innerPosition(): Point {
  const border = (outerWidth - innerWidth) / 2
  return point(
    window.mozInnerScreenX ?? screenX + border,
    window.mozInnerScreenY ?? screenY + outerHeight - innerHeight - border,
  )
}

/** Where the desktop lets windows be, in CSS pixels. */
export function workArea(): [left: number, top: number, width: number, height: number] {
  const { availLeft = 0, availTop = 0, availWidth, availHeight } = screen
  return [availLeft, availTop, availWidth, availHeight]
}

export function currentMonitor(): Monitor {
  const [left, top, width, height] = workArea()
  // A single monitor begins at 0. Of several, only Firefox says more than the work area.
  const [x, y] = screen.isExtended ? [left, top] : [0, 0]
  return {
    name: null,
    scaleFactor: devicePixelRatio,
    position: point(screen.left ?? x, screen.top ?? y),
    size: size(screen.width, screen.height),
    workArea: { position: point(left, top), size: size(width, height) },
  }
}

export function contains({ position, size }: Monitor, { x, y }: Point): boolean {
  return x >= position.x && y >= position.y && x < position.x + size.width && y < position.y + size.height
}

/** The only monitor; `undefined` where there are more, or where the browser does not say whether there are. */
export function onlyMonitor(): Monitor | undefined {
  return screen.isExtended === false ? currentMonitor() : undefined
}
