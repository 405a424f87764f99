/**
 * What a page does about its own window when the Core, having let the call through, tells it to: what only the page can
 * know or do. Types only. Sizes and positions that a page answers with are in physical pixels, as Tauri's are.
 */
export interface OperationArguments {
  scale_factor: null
  inner_position: null
  outer_position: null
  inner_size: null
  outer_size: null
  title: null
  theme: null
  is_fullscreen: null
  is_minimized: null
  is_maximized: null
  is_focused: null
  is_visible: null
  current_monitor: null
  primary_monitor: null
  available_monitors: null
  monitor_from_point: { readonly x: number; readonly y: number }
  set_title: string
  /** Of the page's area. */
  set_size: Measure
  set_position: Measure
  center: null
  maximize: null
  unmaximize: null
  toggle_maximize: null
  show: null
  set_focus: null
  set_fullscreen: boolean
  /** A CSS value; empty for the page's own. */
  set_cursor: string
  set_cursor_visible: boolean
  set_background_color: string
  reload: null
  close: null
}

/** Width and height, or x and y. */
export interface Measure {
  readonly unit: "Logical" | "Physical"
  readonly value: readonly [number, number]
}

export type OperationName = keyof OperationArguments

/** An operation as it is sent. `refusal`: what the call rejects with, behind the name, when the browser does not do it. */
export type Operation = readonly [name: OperationName, argument: unknown, refusal: string]
