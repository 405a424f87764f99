import assert from "node:assert/strict"
import { after, before, test } from "node:test"
import { type Driver, launch } from "../../e2e/drivers/driver.ts"
import { AppWindow } from "./app-window.ts"
import { batches, flow, payloads } from "./in-page.ts"
import { takeWindows } from "./load-windows.ts"
import type { Point } from "./sweep.ts"

let driver: Driver
before(async () => {
  driver = await launch("chromium")
})
after(() => driver.close())

/** Asserts nothing about times, and not which thread was busy: both depend on chance. */
function isMeasured({ x, calls, perSecond, p99Us }: Point, expected: number): void {
  assert.equal(x, expected)
  assert.ok(calls > 0 && perSecond > 0 && p99Us >= 0)
}

test("each of what can grow is measured in a page", async () => {
  const window = await AppWindow.open(driver, { pattern: "isolation" })
  try {
    isMeasured(await window.take(64, batches, 64, 200), 64)
    isMeasured(await window.take(1000, payloads, "raw", 1000, 200), 1000)
    isMeasured(await window.take(1000, payloads, "text", 1000, 200), 1000)
    isMeasured(await window.take(1, flow, "wait", { ms: 1 }, 8, 200), 1)
    isMeasured(await window.take(5000, flow, "echo", { hookUs: 5000 }, 1, 300), 5000)
  } finally {
    await window.close()
  }
})

test("windows of the load generator are measured", async () => {
  isMeasured(await takeWindows(3, 300), 3)
})
