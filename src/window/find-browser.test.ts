import assert from "node:assert/strict"
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { homedir, tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { after, test } from "node:test"
import { findAppBrowser, findProgram } from "./find-browser.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-browsers-"))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A folder for `PATH` with programs of these names. */
function pathWith(name: string, ...programs: string[]): string {
  mkdirSync(join(folder, name))
  for (const program of programs) {
    mkdirSync(dirname(join(folder, name, program)), { recursive: true })
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

test("a browser without walls keeps its profile where the app says", () =>
  assert.equal(findAppBrowser(pathWith("e", "google-chrome"))?.ownFolder, null))

test("knows a Snap by where its program leads, and which folder it can write", () => {
  const path = pathWith("f", "bin/snap")
  symlinkSync(join(path, "bin", "snap"), join(path, "google-chrome"))
  assert.equal(findAppBrowser(path)?.ownFolder, join(homedir(), "snap", "google-chrome", "common"))
})

test("knows a Snap behind a distribution's script, as Ubuntu's chromium-browser is one", () => {
  const path = pathWith("h", "google-chrome")
  writeFileSync(join(path, "google-chrome"), '#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
  assert.equal(findAppBrowser(path)?.ownFolder, join(homedir(), "snap", "chromium", "common"))
})

test("knows a Flatpak by its folder, and which folder it can write", () => {
  const path = pathWith("i", "flatpak/exports/bin/com.google.Chrome")
  symlinkSync(join(path, "flatpak/exports/bin/com.google.Chrome"), join(path, "google-chrome"))
  assert.equal(findAppBrowser(path)?.ownFolder, join(homedir(), ".var", "app", "com.google.Chrome", "data"))
})

test("finds no program that is not in PATH", () => {
  assert.equal(findProgram("xdg-open", folder), null)
  assert.equal(findProgram("xdg-open", pathWith("g", "xdg-open")), join(folder, "g", "xdg-open"))
})
