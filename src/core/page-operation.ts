import type { Operation, OperationArguments, OperationName } from "../protocol/operations.ts"

const NO_TAB = "the browser did not do it: a page can in a window of its own, but in no tab"
const MONITORS = "the browser tells a page of no monitor but the one that its window is on: use currentMonitor()"
const UNSEEN = "the browser does not say it of a page that cannot be seen"
const STYLE = "the page does not take it"

/** What a page's call rejects with when its browser does not do what it was asked for. */
const REFUSALS: Readonly<Record<OperationName, string>> = {
  scale_factor: UNSEEN,
  inner_position: UNSEEN,
  outer_position: UNSEEN,
  inner_size: UNSEEN,
  outer_size: UNSEEN,
  title: UNSEEN,
  theme: UNSEEN,
  is_fullscreen: UNSEEN,
  is_minimized: "of a page that cannot be seen the browser does not say why",
  is_maximized: UNSEEN,
  is_focused: UNSEEN,
  is_visible: UNSEEN,
  current_monitor: MONITORS,
  primary_monitor: MONITORS,
  available_monitors: MONITORS,
  monitor_from_point: MONITORS,
  set_title: "the document has another title: something else sets it",
  set_size: NO_TAB,
  set_position: NO_TAB,
  center: NO_TAB,
  maximize: NO_TAB,
  unmaximize: "the page did not maximize its window, so it does not know what size to give it back, or this is a tab",
  toggle_maximize: NO_TAB,
  show: "a page that cannot be seen cannot change that: its user has to",
  set_focus: "the browser did not give the window the focus: its user has to",
  set_fullscreen:
    "the browser did not do it: entering needs a click or a key just before, and leaves only what a page has entered",
  set_cursor: STYLE,
  set_cursor_visible: STYLE,
  set_background_color: STYLE,
  reload: "the page stays as it is",
  close: "the browser lets no page close a window that it did not open",
}

/**
 * What a command returns to have the page that called do something about its own window. The call settles in the page,
 * with what came of it: the Core neither waits for that nor believes it.
 */
export class PageOperation<Name extends OperationName = OperationName> {
  readonly #name: Name
  readonly #argument: OperationArguments[Name]

  constructor(name: Name, argument: OperationArguments[Name]) {
    this.#name = name
    this.#argument = argument
  }

  /** As it is sent. */
  get message(): Operation {
    return [this.#name, this.#argument, REFUSALS[this.#name]]
  }
}
