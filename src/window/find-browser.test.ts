import assert from "node:assert/strict"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { after, test } from "node:test"
import { findAppBrowser, findProgram } from "./find-browser.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-browsers-"))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A folder for `PATH` with programs of these names. */
function pathWith(name: string, ...programs: string[]): string {
  mkdirSync(join(folder, name))
  for (const program of programs) {
    writeFileSync(join(folder, name, program), "#!/bin/sh\n")
    chmodSync(join(folder, name, program), 0o755)
  }
  return join(folder, name)
}

test("takes Chrome before Chromium, Edge and Brave, wherever they stand in PATH", () => {
  const path = [
    pathWith("a", "brave-browser", "microsoft-edge"),
    pathWith("b", "chromium"),
    pathWith("c", "google-chrome"),
  ]
  assert.equal(findAppBrowser(path.join(delimiter))?.program, join(folder, "c", "google-chrome"))
  assert.equal(findAppBrowser(path.slice(0, 2).join(delimiter))?.name, "Chromium")
})

test("does not take a file that cannot be executed", () => {
  const path = pathWith("d", "google-chrome")
  chmodSync(join(path, "google-chrome"), 0o644)
  assert.notEqual(findAppBrowser(path)?.program, join(path, "google-chrome"))
})

test("knows a Snap by where its program leads", () => {
  const path = pathWith("e", "snap")
  mkdirSync(join(path, "bin"))
  writeFileSync(join(path, "bin", "snap"), "#!/bin/sh\n")
  chmodSync(join(path, "bin", "snap"), 0o755)
  symlinkSync(join(path, "bin", "snap"), join(path, "google-chrome"))
  assert.equal(findAppBrowser(path)?.isConfined, true)
  assert.equal(findAppBrowser(pathWith("f", "google-chrome"))?.isConfined, false)
})

test("finds no program that is not in PATH", () => {
  assert.equal(findProgram("xdg-open", folder), null)
  assert.equal(findProgram("xdg-open", pathWith("g", "xdg-open")), join(folder, "g", "xdg-open"))
})
