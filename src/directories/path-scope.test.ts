import assert from "node:assert/strict"
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, beforeEach, test } from "node:test"
import { Directories } from "./directories.ts"
import { ForbiddenPathError, PathScope, type PathScopeOptions } from "./path-scope.ts"
import { systemOf } from "./system.fixture.ts"

const root = await realpath(await mkdtemp(join(tmpdir(), "sallyport-scope-")))
after(() => rm(root, { recursive: true, force: true }))

/** `$APPDATA` is `<root>/data/app`. */
const directories = new Directories(
  { identifier: "app", resources: join(root, "resources") },
  systemOf("linux", { XDG_DATA_HOME: join(root, "data") }),
)
const app = join(root, "data", "app")

beforeEach(async () => {
  await rm(root, { recursive: true, force: true })
  await mkdir(join(app, "notes", "sub"), { recursive: true })
  await mkdir(join(root, "outside"))
  await writeFile(join(app, "notes", "a.txt"), "a")
  await writeFile(join(root, "outside", "secret"), "secret")
})

function scopeOf(
  allow: readonly unknown[],
  deny: readonly unknown[] = [],
  options: PathScopeOptions = {},
  where: Directories = directories,
): PathScope {
  return new PathScope({ allow, deny }, where, options)
}

async function isAllowed(scope: PathScope, path: string, follow = true): Promise<boolean> {
  try {
    await scope.resolve(path, { follow })
    return true
  } catch (error) {
    if (error instanceof ForbiddenPathError) return false
    throw error
  }
}

test("without a pattern nothing is allowed", async () => {
  assert.equal(await isAllowed(scopeOf([]), join(app, "notes")), false)
})

test("a pattern allows what it matches, existing or not, and nothing else", async () => {
  const scope = scopeOf(["$APPDATA/notes/*", { path: "$RESOURCE/**" }])
  assert.equal(await isAllowed(scope, join(app, "notes/a.txt")), true)
  assert.equal(await isAllowed(scope, join(app, "notes/new")), true)
  assert.equal(await isAllowed(scope, join(app, "notes/sub/new")), false)
  assert.equal(await isAllowed(scope, join(app, "notes")), false)
  assert.equal(await isAllowed(scope, join(root, "resources/x/y/z")), true)
  assert.equal(await isAllowed(scope, `${app}/notes//./a.txt/`), true)
})

test("denied is denied, however wide the allowing pattern is, dot files included", async () => {
  const scope = scopeOf(["**"], ["$APPDATA/notes/**"])
  assert.equal(await isAllowed(scope, join(root, "outside/secret")), true)
  assert.equal(await isAllowed(scope, join(app, "notes/a.txt")), false)
  assert.equal(await isAllowed(scope, join(app, "notes/.hidden/x")), false)
})

test("a directory says whether it holds anything that is denied", async () => {
  const scope = scopeOf(["**"], ["$APPDATA/notes/**/secret*"])
  const holdsDenied = (path: string): Promise<boolean> => scope.holdsDenied({ lexical: path, real: path })
  assert.equal(await holdsDenied(app), false)
  await writeFile(join(app, "notes", "sub", "secret.txt"), "")
  for (const path of [root, app, join(app, "notes"), join(app, "notes/sub")])
    assert.equal(await holdsDenied(path), true)
  assert.equal(await holdsDenied(join(root, "outside")), false)
})

test("no scope opens the browsers' profiles, launch tickets, or what the system tells of processes", async () => {
  const scope = scopeOf(["**"], [], { requireLiteralLeadingDot: false })
  for (const path of [
    join(app, "windows"),
    join(app, "windows/main/Default/Cookies"),
    "/home/ada/snap/chromium/common/app/windows/main",
    "/home/ada/.var/app/org.chromium.Chromium/data/app/windows/main/x",
    "/tmp/sallyport-open-1a2B3c/open.html",
    "/proc/self/mem",
    `/proc/${process.pid}/environ`,
  ])
    assert.equal(scope.allows({ lexical: path, real: path }), false, path)
  assert.equal(await isAllowed(scope, join(app, "windows.json")), true)
  assert.equal(await isAllowed(scope, "/proc/self/environ"), false)
})

test("names that begin with a dot need the dot, unless requireLiteralLeadingDot is false", async () => {
  const path = join(app, "notes/.hidden")
  assert.equal(await isAllowed(scopeOf(["$APPDATA/**"]), path), false)
  assert.equal(await isAllowed(scopeOf(["$APPDATA/notes/.*"]), path), true)
  assert.equal(await isAllowed(scopeOf(["$APPDATA/**"], [], { requireLiteralLeadingDot: false }), path), true)
})

test("a link out of the scope leads nowhere: to a file, to a folder, through a link, for a file to be made", async () => {
  await symlink(join(root, "outside", "secret"), join(app, "notes", "file"))
  await symlink(join(root, "outside"), join(app, "notes", "folder"))
  await symlink(join(app, "notes", "folder"), join(app, "notes", "again"))
  const scope = scopeOf(["$APPDATA/**"])
  for (const name of ["file", "folder", "folder/secret", "folder/new/file", "again/secret"])
    assert.equal(await isAllowed(scope, join(app, "notes", name)), false, name)
})

test("a link that leads nowhere is refused: what is opened through it would be made there", async () => {
  await symlink(join(root, "outside", "new"), join(app, "notes", "dangling"))
  const scope = scopeOf(["$APPDATA/**"])
  await assert.rejects(scope.resolve(join(app, "notes/dangling")), /is a link that leads nowhere/)
  await assert.rejects(scope.resolve(join(app, "notes/dangling/x")), /is a link that leads nowhere/)
})

test("a link itself is within the scope it lies in, for what does not follow it", async () => {
  await symlink(join(root, "outside"), join(app, "notes", "folder"))
  const scope = scopeOf(["$APPDATA/**"])
  const { real } = await scope.resolve(join(app, "notes/folder"), { follow: false })
  assert.equal(real, join(app, "notes/folder"))
  assert.equal(await isAllowed(scope, join(app, "notes/folder/secret"), false), false)
})

test("a link within the scope leads to what it leads to, unless that or the link is denied", async () => {
  await symlink(join(app, "notes", "a.txt"), join(app, "link"))
  assert.equal(await isAllowed(scopeOf(["$APPDATA/**"]), join(app, "link")), true)
  assert.equal(await isAllowed(scopeOf(["$APPDATA/**"], ["$APPDATA/notes/**"]), join(app, "link")), false)
  assert.equal(await isAllowed(scopeOf(["$APPDATA/**"], ["$APPDATA/l*"]), join(app, "link")), false)
})

test("a scope that begins with a link opens what that leads to when the scope is read", async () => {
  await symlink(join(root, "outside"), join(root, "data", "linked"))
  const scope = scopeOf([join(root, "data/linked/**")], [])
  assert.equal(await isAllowed(scope, join(root, "data/linked/secret")), true)
  assert.equal(await isAllowed(scope, join(root, "outside/secret")), true)
  const denying = scopeOf(["**"], [join(root, "data/linked/**")])
  assert.equal(await isAllowed(denying, join(root, "outside/secret")), false)
})

test("a folder that becomes a link after the scope is read opens nothing", async () => {
  const scope = scopeOf(["$APPDATA/notes/**"])
  await rename(join(app, "notes"), join(app, "moved"))
  await symlink(join(root, "outside"), join(app, "notes"))
  assert.equal(await isAllowed(scope, join(app, "notes/secret")), false)
})

test("scopes that share their patterns look up once where they begin", async () => {
  const patterns = new Map()
  scopeOf(["$APPDATA/notes/**"], [], { patterns })
  await rename(join(app, "notes"), join(app, "moved"))
  await symlink(join(root, "outside"), join(app, "notes"))
  const later = scopeOf(["$APPDATA/notes/**"], [], { patterns })
  assert.equal(await isAllowed(later, join(app, "notes/secret")), false)
})

for (const [name, path, expected] of [
  ["a parent", `${app}/notes/../../x`, /cannot traverse directory, rewrite the path without the use of `\.\.\/`/],
  ["a parent at the end", `${app}/..`, /cannot traverse directory/],
  ["NUL", `${app}/notes/a.txt\0.png`, /cannot hold a NUL character/],
  ["half a character", `${app}/notes/\ud800`, /lone surrogate/],
  ["a relative path", "notes/a.txt", /is not an absolute path/],
  ["the empty path", "", /is not an absolute path/],
  ["a path without end", `/${"a/".repeat(20_000)}`, /too long/],
] as const)
  test(`${name} is refused before the file system is asked`, async () => {
    await assert.rejects(scopeOf(["**"]).resolve(path), expected)
  })

test("what the system says of a path is told within the scope only", async () => {
  const scope = scopeOf(["$APPDATA/**"])
  await assert.rejects(scope.resolve(join(app, "notes/a.txt/b")), { code: "ENOTDIR" })
  await assert.rejects(scope.resolve(join(root, "outside/secret/b")), ForbiddenPathError)
  await assert.rejects(scope.resolve(join(app, "x".repeat(300))), { code: "ENAMETOOLONG" })
})

for (const [value, expected] of [
  [7, /holds 7: expected a pattern/],
  [{}, /holds {}: expected a pattern/],
  [{ path: "" }, /expected a pattern/],
  ["$APPDTA/x", /there is no variable \$APPDTA: use one of \$AUDIO/],
  ["notes/*", /"notes\/\*" cannot be used: it is relative/],
  ["/a/../b", /"\.\." is not taken in a pattern/],
  ["/a**", /must stand alone between separators/],
  ["/a\0", /NUL/],
] as const)
  test(`the value ${JSON.stringify(value)} of a scope is an error that says what to do`, () => {
    assert.throws(() => scopeOf([value]), expected)
    assert.throws(() => scopeOf([], [value]), expected)
  })

test("a pattern in a directory that is not set allows nothing, and that is no error", async () => {
  assert.equal(await isAllowed(scopeOf(["$RUNTIME/**"]), "/run/user/1/x"), false)
})

test("a pattern of another platform allows nothing, and that is no error", async () => {
  assert.equal(await isAllowed(scopeOf(["C:\\Users\\**", "d:/x/*", "\\\\server\\share\\*"]), "/Users/x"), false)
  const windows = new Directories({ identifier: "app", resources: "C:\\notes" }, systemOf("win32"))
  assert.equal(scopeOf(["/Users/**"], [], {}, windows).allows({ lexical: "C:\\Users\\x", real: "C:\\Users\\x" }), false)
})

test("a folder of the user's with brackets in its name is no pattern", async () => {
  const where = new Directories(
    { identifier: "app", resources: "/" },
    systemOf("linux", { XDG_DATA_HOME: join(root, "d[a-z]") }),
  )
  const scope = scopeOf(["$APPDATA/**"], [], {}, where)
  assert.equal(await isAllowed(scope, join(root, "d[a-z]/app/x")), true)
  assert.equal(await isAllowed(scope, join(root, "da/app/x")), false)
})

test("denied names come back in no other letters where the file system takes them for the same", () => {
  const mac = new Directories({ identifier: "app", resources: "/" }, systemOf("darwin"))
  const scope = scopeOf(["/v/**"], ["/v/Secré/**"], {}, mac)
  for (const real of ["/v/secré/x", "/v/SECRÉ/x", "/v/Secre\u0301/x"])
    assert.equal(scope.allows({ lexical: real, real }), false, real)
  assert.equal(scope.allows({ lexical: "/v/open", real: "/v/open" }), true)
  assert.equal(scope.allows({ lexical: "/V/open", real: "/V/open" }), false)
})

test("on Windows both separators count, letters of both cases are the same, and tricks of names are refused", async () => {
  const windows = new Directories({ identifier: "app", resources: "C:\\notes" }, systemOf("win32"))
  const scope = scopeOf(["$APPDATA/notes/**"], ["$APPDATA\\notes\\secret"], {}, windows)
  const at = (name: string): boolean => {
    const path = `C:\\Users\\ada\\AppData\\Roaming\\app\\notes\\${name}`
    return scope.allows({ lexical: path, real: path })
  }
  assert.equal(at("a.txt"), true)
  assert.equal(at(".a\\B"), true)
  assert.equal(at("SECRET"), false)
  for (const [path, expected] of [
    ["C:\\a\\b.", /cannot end with a dot or a space/],
    ["C:\\a \\b", /cannot end with a dot or a space/],
    ["C:\\a\\b::$DATA", /cannot hold a colon/],
    ["C:\\a\\CON", /name of a device/],
    ["C:\\a\\com1.txt", /name of a device/],
    ["\\\\?\\C:\\a", /paths of devices/],
    ["\\\\.\\pipe\\a", /paths of devices/],
    ["\\a", /has no drive/],
    ["C:a", /not an absolute path/],
    ["C:\\a/..\\b", /cannot traverse/],
  ] as const)
    await assert.rejects(scopeOf(["**"], [], {}, windows).resolve(path), expected, path)
})
