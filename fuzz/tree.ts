import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as fc from "fast-check"
import { Directories } from "../src/directories/directories.ts"
import { PathScope } from "../src/directories/path-scope.ts"
import { systemOf } from "../src/directories/system.fixture.ts"

/** A folder that is open to the page, and what lies around it. Every file says where it is: what was read tells of what. */
export const root: string = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-fuzz-paths-")))
process.once("exit", () => rmSync(root, { recursive: true, force: true }))

/** What a file holds, by its path in `root`. */
export const contentOf = (path: string): string => `<title>${path}</title>\n`.repeat(4)

/** The path in `root` of the file that `content`, or a part of it with its beginning, is of. */
export const pathIn = (content: string): string | null => /<title>([^<]+)<\/title>/.exec(content)?.[1] ?? null

for (const path of [
  "open/a",
  "open/sub/b",
  "open/*",
  "open/index.html",
  "open/sub/index.html",
  "open/page.html",
  "open/secret/a",
  "open/secret/sub/b",
  "open/.hidden/a",
  "open/.a",
  "outside/a",
  "outside/index.html",
  "outside/open/a",
  "open-too/a",
  "a",
]) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), contentOf(path))
}
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

/** All of the folder but what begins with a dot, and a folder that is denied. */
export const scope: PathScope = new PathScope(
  { allow: [`${root}/open/**`], deny: [`${root}/open/secret`, `${root}/open/secret/**`] },
  new Directories({ identifier: "app", resources: root }, systemOf("linux", { XDG_DATA_HOME: join(root, "data") })),
)

/** Whether the scope holds a real path. */
export const isInScope = (real: string): boolean =>
  real.startsWith(`${root}/open/`) && !/^\/secret(?:\/|$)|\/\./.test(real.slice(`${root}/open`.length))

/** Names that are there, and names that are not, or mean something. */
export const name: fc.Arbitrary<string> = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      "open",
      "sub",
      "a",
      "b",
      "page.html",
      "page",
      "index.html",
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

/** Paths into the folder, around it and out of it, in every spelling. */
export const anyPath: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "open", "open", "open", "outside/in", "open/../open", "open//", "./open"),
    fc.array(name, { maxLength: 5 }),
    fc.constantFrom(`${root}/`, `${root}/`, `${root}/`, "/", "", `//${root}/`, `/proc/self/root${root}/`),
  )
  .map(([start, names, base]) => base + [start, ...names].join("/"))

/** Paths that lead to a file of the tree, through links or not. */
export const way: fc.Arbitrary<string> = fc.constantFrom(
  "open/a",
  "open/sub/b",
  "open/*",
  "open/in/b",
  "open/sub/here/here/b",
  "open/page.html",
  "open/sub/index.html",
  "outside/in/a",
  "open/file",
  "open/out/a",
  "open/up/open/a",
  "open/chain/a",
  "open/absolute/a",
  "open/to-secret/a",
  "open/secret/a",
  "open/.a",
  "open/.hidden/a",
)
