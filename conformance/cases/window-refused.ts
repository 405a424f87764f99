import type { Case } from "../case.ts"
import { refused } from "../refused.ts"
import { MONITOR } from "./every-browser.ts"

const OWN = "tauri.window.getCurrentWindow()"

/** Methods that a browser window has nothing for: their arguments, the reason, and what they take because it holds anyway. */
const METHODS: readonly (readonly [method: string, args: string, reason: string, holding?: string])[] = [
  ["requestUserAttention", "1", "a page cannot make the taskbar ask for attention: use a notification", "null"],
  ["setResizable", "false", "a browser window is always resizable", "true"],
  ["setEnabled", "false", "a browser window always takes input: disable parts of the page instead", "true"],
  ["setMaximizable", "false", "a browser window can always be maximized", "true"],
  ["setMinimizable", "false", "a browser window can always be minimized", "true"],
  ["setClosable", "false", "a browser window can always be closed by its user", "true"],
  ["minimize", "", "a page cannot minimize its window"],
  ["hide", "", "a page cannot hide its window: close it, and create it anew"],
  ["setDecorations", "false", "the browser draws the frame of its windows", "true"],
  ["setShadow", "false", "the desktop draws the shadow of a browser window", "true"],
  ["setEffects", "{ effects: ['mica'] }", "a page has nothing behind it but its browser's window"],
  ["setAlwaysOnTop", "true", "the browser decides that, and lets no page change it", "false"],
  ["setAlwaysOnBottom", "true", "the browser decides that, and lets no page change it", "false"],
  ["setContentProtected", "true", "a page cannot be hidden from screenshots", "false"],
  [
    "setMinSize",
    "new tauri.dpi.LogicalSize(1, 1)",
    "a page cannot limit the size of its window: let its layout do with less",
    "null",
  ],
  [
    "setMaxSize",
    "new tauri.dpi.LogicalSize(1, 1)",
    "a page cannot limit the size of its window: limit its layout",
    "null",
  ],
  ["setSizeConstraints", "{ minWidth: 5 }", "a page cannot limit the size of its window: let its layout do with less"],
  [
    "setFullscreenOnMonitor",
    "{ x: 0, y: 0 }",
    "a page becomes fullscreen on the monitor that its window is on: use setFullscreen()",
  ],
  ["setFocusable", "false", "a browser window always takes the focus", "true"],
  ["setIcon", "'icon.png'", "a browser shows the page's own icon: <link rel=icon>"],
  ["setSkipTaskbar", "true", "a browser window always stands in the taskbar", "false"],
  ["setCursorGrab", "true", "only requestPointerLock() of an element keeps the pointer in a page", "false"],
  ["setCursorPosition", "new tauri.dpi.LogicalPosition(1, 1)", "a page cannot move the pointer"],
  ["setIgnoreCursorEvents", "true", "a browser window takes every click on it", "false"],
  ["startDragging", "", "a browser window is moved by the frame that the browser gives it"],
  ["startResizeDragging", "'East'", "a browser window is resized by the frame that the browser gives it"],
  ["setBadgeCount", "5", "badges belong to installed web apps", "undefined"],
  ["setBadgeLabel", "'5'", "badges belong to installed web apps", "undefined"],
  ["setOverlayIcon", "'icon.png'", "a page has no say in the taskbar", "undefined"],
  [
    "setProgressBar",
    "{ status: 'normal', progress: 50 }",
    "a page has no say in the taskbar: show progress in the page or in its title",
  ],
  ["setVisibleOnAllWorkspaces", "true", "the browser decides that, and lets no page change it", "false"],
  ["setTitleBarStyle", "'overlay'", "the browser draws the frame of its windows"],
  ["setTheme", "'dark'", "a page follows the browser's theme: offer one of its own in CSS", "null"],
  [
    "onDragDropEvent",
    "() => {}",
    "a browser tells no page the paths of the files that are dragged onto it: listen to the page's own dragover and drop events, which give their contents",
  ],
]

const escaped = (text: string): RegExp => new RegExp(text.replaceAll(/[()[\]{}.?*+|\\^$]/g, "\\$&"))

export const windowRefusedCases: readonly Case[] = [
  ...METHODS.map(
    ([method, args, reason, holding]): Case => ({
      shows: `window.Window.${method}`,
      name: holding === undefined ? "says why not" : "says why not, and takes what holds anyway",
      verdict: "refused",
      reason,
      async run({ page }) {
        await refused(page, `${OWN}.${method}(${args})`, escaped(reason))
        if (holding !== undefined) await page.evaluate(`await ${OWN}.${method}(${holding})`)
      },
    }),
  ),
  {
    shows: "window.Window.clearEffects",
    name: "resolves: a browser window has no effects",
    run: async ({ page }) => page.evaluate(`await ${OWN}.clearEffects()`),
  },
  {
    shows: "window.cursorPosition",
    name: "says why not",
    verdict: "refused",
    reason: "a page learns of the pointer by events, and only while it is over the page",
    run: async ({ page }) => refused(page, "tauri.window.cursorPosition()", /a page learns of the pointer by events/),
  },
  {
    shows: ["window.primaryMonitor", "window.availableMonitors"],
    name: "tells of the only monitor where the browser says that there is no other, and says that it cannot elsewhere",
    verdict: "refused",
    reason:
      "only Chromium says whether there are further monitors: with one there it works; elsewhere use currentMonitor()",
    everyBrowser: MONITOR,
    async run({ page }) {
      if ((await page.evaluate("return screen.isExtended")) === false)
        return void (await page.evaluate(`const [first, ...others] = await tauri.window.availableMonitors()
          const primary = await tauri.window.primaryMonitor()
          if (others.length > 0 || first.size.width !== screen.width || primary.size.width !== screen.width) throw new Error("wrong")`))
      for (const name of ["primaryMonitor", "availableMonitors"])
        await refused(page, `tauri.window.${name}()`, /no monitor but the one that its window is on/)
    },
  },
  ...["activityName", "sceneIdentifier"].map(
    (method): Case => ({
      shows: `window.Window.${method}`,
      name: "says that it belongs to phones",
      verdict: "not applicable",
      reason: "Android's and iOS's own",
      run: async ({ page }) => refused(page, `${OWN}.${method}()`, /only$/),
    }),
  ),
]
