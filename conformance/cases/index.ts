import type { CaseGroup } from "../case.ts"
import { appCases, exitApp, exitCases } from "./app.ts"
import { assetsApp, assetsCases } from "./assets.ts"
import { coreApp, coreCases } from "./core.ts"
import { dpiApp, dpiCases } from "./dpi.ts"
import { eventApp, eventCases } from "./event.ts"
import { imageCases } from "./image.ts"
import { menuCases } from "./menu.ts"
import { mocksApp, mocksCases } from "./mocks.ts"
import { pathCases } from "./path.ts"
import { trayCases } from "./tray.ts"
import { webviewCases } from "./webview.ts"
import { webviewWindowCases } from "./webview-window.ts"
import { windowCases } from "./window.ts"
import { windowEventCases } from "./window-events.ts"
import { windowRefusedCases } from "./window-refused.ts"

/** All cases. Each group has an app of its own. */
export const GROUPS: readonly CaseGroup[] = [
  { name: "core", cases: coreCases, app: coreApp },
  { name: "assets", cases: assetsCases, app: assetsApp },
  { name: "dpi", cases: dpiCases, app: dpiApp },
  { name: "event", cases: eventCases, app: eventApp },
  { name: "image", cases: imageCases },
  { name: "menu", cases: menuCases },
  { name: "path", cases: pathCases },
  { name: "tray", cases: trayCases },
  { name: "app", cases: appCases },
  { name: "exit", cases: exitCases, app: exitApp },
  { name: "mocks", cases: mocksCases, app: mocksApp },
  { name: "window", cases: [...windowCases, ...windowEventCases, ...windowRefusedCases] },
  { name: "webview", cases: webviewCases },
  { name: "webviewWindow", cases: webviewWindowCases },
]
