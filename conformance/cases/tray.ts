import assert from "node:assert/strict"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"

const REFUSED = {
  verdict: "refused",
  reason: "An app whose windows are a browser's has no icon in the system tray.",
} as const

/** Whatever a tray icon may do: there is none, so one that a page makes up stands for it. */
const METHODS: Readonly<Record<string, string>> = {
  setIcon: `setIcon("icon.png")`,
  setMenu: "setMenu(null)",
  setTooltip: `setTooltip("text")`,
  setTitle: `setTitle("text")`,
  setVisible: "setVisible(true)",
  setTempDirPath: `setTempDirPath("/tmp")`,
  setIconAsTemplate: "setIconAsTemplate(true)",
  setIconWithAsTemplate: `setIconWithAsTemplate("icon.png", true)`,
  setMenuOnLeftClick: "setMenuOnLeftClick(true)",
  setShowMenuOnLeftClick: "setShowMenuOnLeftClick(true)",
}

export const trayCases: readonly Case[] = [
  {
    shows: "tray.TrayIcon.getById",
    name: "finds none",
    async run({ page }) {
      assert.equal(await page.evaluate(`return tauri.tray.TrayIcon.getById("main")`), null)
    },
  },
  {
    shows: ["tray.TrayIcon.new", "tray.TrayIcon.removeById"],
    name: "rejects and says why",
    ...REFUSED,
    async run({ page }) {
      await refused(page, `tauri.tray.TrayIcon.new({ tooltip: "text", action() {} })`, /no icon in the system tray/)
      await refused(page, `tauri.tray.TrayIcon.removeById("main")`, /no icon in the system tray/)
    },
  },
  ...Object.entries(METHODS).map(
    ([method, call]): Case => ({
      shows: `tray.TrayIcon.${method}`,
      name: "rejects and says why",
      ...REFUSED,
      async run({ page }) {
        await refused(
          page,
          `new tauri.tray.TrayIcon(1, "main").${call}`,
          /^plugin:tray\|.* no icon in the system tray$/,
        )
      },
    }),
  ),
]
