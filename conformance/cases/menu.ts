import assert from "node:assert/strict"
import type { Case } from "../case.ts"
import { refused } from "../refused.ts"

const REFUSED = {
  verdict: "refused",
  reason: "A browser window has no native menus: draw the menu in the page.",
} as const
const WHY = /^plugin:menu\|\w+ is not supported: a browser window has no native menus; draw the menu in the page$/

const TEXT = ["text()", `setText("a")`]
const ENABLED = ["isEnabled()", "setEnabled(true)"]
const ACCELERATOR = [`setAccelerator("Ctrl+A")`]
const ITEM = `{ id: "a", text: "A" }`
const HOLDER = [
  `append(${ITEM})`,
  `prepend([${ITEM}])`,
  `insert(${ITEM}, 0)`,
  `remove(new tauri.menu.MenuItem(2, "b"))`,
  "removeAt(0)",
  "items()",
  `get("a")`,
  "popup()",
]

/** What each class can do: no instance can be had, so one that a page makes up stands for it. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  MenuItem: [...TEXT, ...ENABLED, ...ACCELERATOR],
  CheckMenuItem: [...TEXT, ...ENABLED, ...ACCELERATOR, "isChecked()", "setChecked(true)"],
  IconMenuItem: [...TEXT, ...ENABLED, ...ACCELERATOR, `setIcon("icon.png")`],
  PredefinedMenuItem: TEXT,
  Submenu: [
    ...TEXT,
    ...ENABLED,
    ...HOLDER,
    "setAsWindowsMenuForNSApp()",
    "setAsHelpMenuForNSApp()",
    `setIcon("icon.png")`,
  ],
  Menu: [...HOLDER, "setAsAppMenu()", "setAsWindowMenu()"],
}

/** Arguments that `new` takes. */
const OPTIONS: Readonly<Record<string, string>> = {
  PredefinedMenuItem: `{ item: "Separator" }`,
  Submenu: `{ text: "Sub", items: [${ITEM}] }`,
  Menu: `{ items: [${ITEM}] }`,
}

export const menuCases: readonly Case[] = [
  ...Object.entries(METHODS).map(
    ([name, calls]): Case => ({
      shows: [`menu.${name}.new`, ...calls.map((call) => `menu.${name}.${call.slice(0, call.indexOf("("))}`)],
      name: "rejects and says why",
      ...REFUSED,
      async run({ page }) {
        await refused(page, `tauri.menu.${name}.new(${OPTIONS[name] ?? `{ text: "A", action() {} }`})`, WHY)
        for (const call of calls) await refused(page, `new tauri.menu.${name}(1, "a").${call}`, WHY)
      },
    }),
  ),
  {
    shows: "menu.Menu.default",
    name: "rejects and says why",
    ...REFUSED,
    async run({ page }) {
      await refused(page, "tauri.menu.Menu.default()", WHY)
    },
  },
  {
    shows: ["menu.CheckMenuItem.id", "menu.CheckMenuItem.kind", "menu.itemFromKind"],
    name: "makes of an answer's triple the item that it names",
    async run({ page }) {
      const script = `const kinds = { Submenu: "Submenu", Predefined: "PredefinedMenuItem", Check: "CheckMenuItem", Icon: "IconMenuItem", MenuItem: "MenuItem" }
        return Object.entries(kinds).map(([kind, name]) => {
          const item = tauri.menu.itemFromKind([1, "a", kind])
          return [item instanceof tauri.menu[name], item.id, item.kind === kind, item.rid]
        })`
      assert.deepEqual(
        await page.evaluate(script),
        Array.from({ length: 5 }, () => [true, "a", true, 1]),
      )
    },
  },
]
