import assert from "node:assert/strict"
import type { Page } from "../e2e/drivers/driver.ts"

/**
 * Runs an expression in the page and expects its promise to reject with text that matches `expected`.
 *
 * @throws AssertionError when it resolves, or rejects with anything else
 */
export async function refused(page: Page, expression: string, expected: RegExp): Promise<void> {
  const script = `return Promise.resolve().then(() => (${expression})).then(
    (value) => ({ resolved: JSON.stringify(value) ?? "undefined" }),
    (error) => ({ rejected: typeof error === "string" ? error : error instanceof Error ? error.message : JSON.stringify(error) }))`
  const { resolved, rejected = "" } = await page.evaluate<{ resolved?: string; rejected?: string }>(script)
  assert.equal(resolved, undefined, `${expression} resolves with ${resolved}`)
  assert.match(rejected, expected)
}
