import assert from "node:assert/strict"
import { constants, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as fc from "fast-check"
import { Directories } from "../../src/directories/directories.ts"
import { PathScope } from "../../src/directories/path-scope.ts"
import { openRegularFile } from "../../src/directories/pinned.ts"
import { systemOf } from "../../src/directories/system.fixture.ts"
import { property, type Target } from "../property.ts"

/** A folder that is open to the page, and what lies around it: each file says whether it may be read. */
const root = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-fuzz-paths-")))
process.once("exit", () => rmSync(root, { recursive: true, force: true }))
for (const folder of ["open/sub", "open/secret/sub", "open/.hidden", "outside/open", "open-too"])
  mkdirSync(join(root, folder), { recursive: true })
for (const file of ["open/a", "open/sub/b", "open/*"]) writeFileSync(join(root, file), "open")
for (const file of [
  "open/secret/a",
  "open/secret/sub/b",
  "open/.hidden/a",
  "open/.a",
  "outside/a",
  "outside/open/a",
  "open-too/a",
  "a",
])
  writeFileSync(join(root, file), "closed")
for (const [at, to] of [
  ["open/out", "../outside"],
  ["open/file", "../outside/a"],
  ["open/up", ".."],
  ["open/sub/here", "."],
  ["open/in", "sub"],
  ["open/to-secret", "secret"],
  ["open/absolute", join(root, "outside")],
  ["open/chain", "out"],
  ["open/nowhere", "../outside/new"],
  ["open/loop", "loop"],
  ["outside/in", "../open"],
] as const)
  symlinkSync(to, join(root, at))

const directories = new Directories(
  { identifier: "app", resources: root },
  systemOf("linux", { XDG_DATA_HOME: join(root, "data") }),
)
const scope = new PathScope(
  { allow: [`${root}/open/**`], deny: [`${root}/open/secret`, `${root}/open/secret/**`] },
  directories,
)

const name = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      "open",
      "sub",
      "a",
      "b",
      "out",
      "file",
      "up",
      "here",
      "in",
      "to-secret",
      "secret",
      "absolute",
      "chain",
      "nowhere",
      "loop",
      "outside",
      "open-too",
      ".hidden",
      ".a",
    ),
    weight: 8,
  },
  fc.constantFrom(
    "..",
    ".",
    "",
    "*",
    "...",
    "new",
    "A",
    "OPEN",
    "\0",
    "a\0",
    "%2e%2e",
    "a/../..",
    "\\..\\",
    "..\\",
    "é",
    "e\u0301",
    "\ud800",
    "a ",
    "a.",
  ),
)
const path = fc
  .tuple(
    fc.constantFrom("", "open", "open", "open", "outside/in", "open/../open", "open//", "./open"),
    fc.array(name, { maxLength: 5 }),
    fc.constantFrom(`${root}/`, `${root}/`, `${root}/`, "/", "", `//${root}/`, `/proc/self/root${root}/`),
  )
  .map(([start, names, base]) => base + [start, ...names].join("/"))

const isInside = (real: string): boolean =>
  real.startsWith(`${root}/open/`) &&
  !/^\/(?:secret(?:\/|$)|.*\/\.|\.)/.test(real.slice(`${root}/open`.length)) &&
  !real.includes("/.")

export const paths: Target = {
  name: "paths",
  properties: [
    property(
      "no path, however written and whatever links it takes, leads out of what is allowed",
      fc.tuple(path, fc.boolean()),
      async ([path, follow]) => {
        const resolved = await scope.resolve(path, { follow }).catch((error: unknown) => {
          assert.ok(error instanceof Error)
          return null
        })
        if (resolved === null) return
        assert.ok(isInside(resolved.real), `${path} is ${resolved.real}`)
        const handle = await openRegularFile(resolved, constants.O_RDONLY).catch(() => null)
        if (handle === null) return
        try {
          assert.equal(await handle.readFile("utf8"), "open")
        } finally {
          await handle.close()
        }
      },
    ),
    property(
      "a file that is there, inside and not denied is opened, by its own path and through links",
      path,
      async (path) => {
        if (path.includes("\0") || path.split("/").includes("..") || !path.startsWith("/") || path.startsWith("/proc"))
          return
        let real: string
        try {
          real = realpathSync(path)
        } catch {
          return
        }
        const written = path.replaceAll(/\/(?:\.?\/)+/g, "/").replace(/\/\.?$/, "")
        const isDeniedAsWritten = written.startsWith(`${root}/open/secret`)
        if (isInside(real) && !isDeniedAsWritten) assert.equal((await scope.resolve(path)).real, real)
      },
    ),
  ],
}
