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

function isMeasured({ x, calls, perSecond, p99Us, busiest }: Point, expected: number): void {
  assert.equal(x, expected)
  assert.ok(calls > 0 && perSecond > 0 && p99Us > 0)
  assert.ok(busiest.length > 0, "nobody was busy")
}

test("each of what can grow is measured in a page, and the hook takes as long as it is told", async () => {
  const window = await AppWindow.open(driver, { pattern: "isolation" })
  try {
    isMeasured(await window.take(64, batches, 64, 200), 64)
    isMeasured(await window.take(1000, payloads, "raw", 1000, 200), 1000)
    isMeasured(await window.take(1000, payloads, "text", 1000, 200), 1000)
    isMeasured(await window.take(1, flow, "wait", { ms: 1 }, 8, 200), 1)
    const hooked = await window.take(5000, flow, "echo", { hookUs: 5000 }, 1, 300)
    isMeasured(hooked, 5000)
    // Loops that have become faster since they were measured take less.
    assert.ok(hooked.perSecond < 1000, `${hooked.perSecond} calls a second with a hook of 5 ms`)
  } finally {
    await window.close()
  }
})

test("windows of the load generator are measured, and the Core is one of the busy", async () => {
  const point = await takeWindows(3, 300)
  isMeasured(point, 3)
  assert.ok(point.busiest.some(({ name }) => name === "Core, main thread"))
})
