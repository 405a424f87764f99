import assert from "node:assert/strict"
import { posix, win32 } from "node:path"
import { test } from "node:test"
import { PathNames } from "./path-names.ts"

const unix = new PathNames(posix)
const windows = new PathNames(win32)

/** What it gives, or the message it throws. */
function outcome(run: () => string): string {
  try {
    return run()
  } catch (error) {
    return `throws ${(error as Error).message}`
  }
}

const NORMALIZE: readonly (readonly [string, string])[] = [
  ["", ""],
  [".", "."],
  ["..", ".."],
  ["/", "/"],
  ["./", "./"],
  ["../", "../"],
  ["a/../", "./"],
  ["a//b/./c/../d", "a/b/d"],
  ["/a/b/../..", "/"],
  ["/../../a", "/a"],
  ["../a", "a"],
  ["a/..", ""],
  ["a/b/", "a/b/"],
  ["a\\b", "a\\b"],
  ["/ä/€", "/ä/€"],
]
for (const [path, expected] of NORMALIZE)
  test(`normalize(${JSON.stringify(path)}) is ${JSON.stringify(expected)}`, () =>
    assert.equal(unix.normalize(path), expected))

const JOIN: readonly (readonly [readonly string[], string])[] = [
  [[], "."],
  [[""], "."],
  [["", "a"], "a"],
  [["a", "/b"], "a/b"],
  [["/a", "b"], "/a/b"],
  [["/a/", "/b/", "c/"], "/a/b/c"],
  [["a", "..", "..", "b"], "b"],
  [["a", ".."], "."],
  [["/", ".."], "/"],
  [["/a", "", ".", "b"], "/a/b"],
]
for (const [parts, expected] of JOIN)
  test(`join(${JSON.stringify(parts)}) is ${expected}`, () => assert.equal(unix.join(parts), expected))

const RESOLVE: readonly (readonly [readonly string[], string])[] = [
  [[], "/home/user"],
  [["."], "/home/user"],
  [["a"], "/home/user/a"],
  [["", "a", ""], "/home/user/a"],
  [["/foo/bar", "/tmp/file", "baz"], "/tmp/file/baz"],
  [["..", "..", ".."], "/"],
]
for (const [parts, expected] of RESOLVE)
  test(`resolve(${JSON.stringify(parts)}) is ${expected}`, () =>
    assert.equal(unix.resolve(parts, "/home/user"), expected))

const DIRNAME: readonly (readonly [string, string])[] = [
  ["/a/b", "/a"],
  ["/a/b/", "/a"],
  ["/a", "/"],
  ["/a//b", "/a"],
  ["/a//b/c", "/a//b"],
  ["a/./b", "a"],
  ["./b", "."],
  ["a", ""],
  [".", ""],
  ["..", ""],
  ["/a/..", "/a"],
  ["a/.", ""],
  ["/", "throws path does not have a parent"],
  ["/.", "throws path does not have a parent"],
  ["", "throws path does not have a parent"],
]
for (const [path, expected] of DIRNAME)
  test(`dirname(${JSON.stringify(path)}) ${expected}`, () =>
    assert.equal(
      outcome(() => unix.dirname(path)),
      expected,
    ))

const BASENAME: readonly (readonly [string, string | undefined, string])[] = [
  ["/path/to/some-json-file.json", ".json", "some-json-file"],
  ["/path/to/some-json-file.json", "json", "some-json-file."],
  ["/path/to/file.html.json", ".json", "file.html"],
  ["/path/to/file.json.json", ".json", "file.json"],
  ["/path/to/file.json.html", ".json", "file.json.html"],
  ["/path/to/file.json", "", "file.json"],
  [".json", ".json", ""],
  ["a/", undefined, "a"],
  ["a/.", undefined, "a"],
  ["a//", undefined, "a"],
  ["/", undefined, "throws path does not have a basename"],
  ["", undefined, "throws path does not have a basename"],
  [".", undefined, "throws path does not have a basename"],
  ["a/..", undefined, "throws path does not have a basename"],
]
for (const [path, ext, expected] of BASENAME)
  test(`basename(${JSON.stringify(path)}, ${ext}) ${expected}`, () =>
    assert.equal(
      outcome(() => unix.basename(path, ext)),
      expected,
    ))

const EXTNAME: readonly (readonly [string, string])[] = [
  ["a.txt", "txt"],
  ["/a.b/c.tar.gz", "gz"],
  ["a.", ""],
  ["a.txt/", "txt"],
  [".bashrc", "throws path does not have an extension"],
  ["..", "throws path does not have an extension"],
  ["a", "throws path does not have an extension"],
  ["a.b/c", "throws path does not have an extension"],
  ["", "throws path does not have an extension"],
]
for (const [path, expected] of EXTNAME)
  test(`extname(${JSON.stringify(path)}) ${expected}`, () =>
    assert.equal(
      outcome(() => unix.extname(path)),
      expected,
    ))

test("only what begins at the root is absolute", () => {
  assert.deepEqual(
    ["/a", "/", "a", "", "./a", "C:\\a"].map((path) => unix.isAbsolute(path)),
    [true, true, false, false, false, false],
  )
  assert.deepEqual(
    ["C:\\a", "c:/a", "\\\\server\\share", "\\a", "C:a", "a"].map((path) => windows.isAbsolute(path)),
    [true, true, true, false, false, false],
  )
})

test("Windows' paths have drives, shares and two separators", () => {
  assert.equal(windows.normalize("C:\\a/b\\..\\c\\"), "C:\\a\\c\\")
  assert.equal(windows.normalize("\\\\?\\C:\\a"), "C:\\a")
  assert.equal(windows.join(["C:\\a", "\\b", "c/d"]), "C:\\a\\b\\c\\d")
  assert.equal(windows.resolve(["D:\\x", "\\y"], "C:\\work"), "D:\\y")
  assert.equal(windows.resolve(["x"], "C:\\work"), "C:\\work\\x")
  assert.equal(windows.dirname("C:\\a"), "C:\\")
  assert.equal(
    outcome(() => windows.dirname("C:\\")),
    "throws path does not have a parent",
  )
  assert.equal(
    outcome(() => windows.dirname("\\\\server\\share\\")),
    "throws path does not have a parent",
  )
  assert.equal(windows.basename("C:\\a\\b.txt", ".txt"), "b")
  assert.equal(windows.extname("C:/a/b.txt"), "txt")
})
