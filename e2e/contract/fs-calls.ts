import type { PackageCall } from "./package-call.ts"

/** Of `@tauri-apps/plugin-fs`. */
export const FS: readonly PackageCall[] = [
  {
    promise: "a text is written and read",
    shows: "writeTextFile readTextFile",
    script: `await fs.writeTextFile("text ü", "Hello ✓", app)
      await fs.writeTextFile("text ü", "!", { ...app, append: true })
      return fs.readTextFile("text ü", app)`,
    expected: "Hello ✓!",
  },
  {
    promise: "bytes are written and read, whole and as a stream",
    shows: "writeFile readFile",
    script: `await fs.writeFile("bytes", Uint8Array.of(0, 128, 255), app)
      const first = [...await fs.readFile("bytes", app)]
      await fs.writeFile("bytes", new Uint8Array(), app)
      const empty = [...await fs.readFile("bytes", app)]
      const stream = new ReadableStream({ start(to) { to.enqueue(bytes("one ")); to.enqueue(bytes("two")); to.close() } })
      await fs.writeFile("streamed", stream, app)
      return [first, empty, await fs.readTextFile("streamed", app)]`,
    expected: [[0, 128, 255], [], "one two"],
  },
  {
    promise: "a megabyte goes and comes back",
    shows: "writeFile readFile",
    script: `const large = new Uint8Array(1024 * 1024).map((_, index) => index % 251)
      await fs.writeFile("large", large, app)
      const back = await fs.readFile("large", app)
      return [back.length, back.every((byte, index) => byte === large[index])]`,
    expected: [1024 * 1024, true],
  },
  {
    promise: "a handle reads, writes, seeks, tells and truncates",
    shows: "create open FileHandle.read FileHandle.write FileHandle.seek FileHandle.stat FileHandle.truncate",
    script: `const made = await fs.create("handle", app)
      const written = await made.write(bytes("Hello world"))
      await made.close()
      const file = await fs.open("handle", { ...app, read: true, write: true })
      const buffer = new Uint8Array(5)
      const read = await file.read(buffer)
      const at = await file.seek(-5, fs.SeekMode.End)
      await file.write(bytes("WORLD"))
      const { size, isFile, mtime } = await file.stat()
      await file.truncate(8)
      await file.seek(0, fs.SeekMode.Start)
      const rest = new Uint8Array(20)
      const count = await file.read(rest)
      const end = await file.read(rest)
      await file.close()
      const closed = await throws(() => file.read(rest))
      return [written, text(buffer), read, at, size, isFile, mtime instanceof Date, text(rest.slice(0, count)), end, /is invalid/.test(closed)]`,
    expected: [11, "Hello", 5, 6, 11, true, true, "Hello WO", null, true],
  },
  {
    promise: "a text is read line by line, and once more from the start",
    shows: "readTextFileLines",
    script: `await fs.writeTextFile("lines", "one\\r\\ntwo\\n\\nfour", app)
      const lines = await fs.readTextFileLines("lines", app)
      const all = []
      for await (const line of lines) all.push(line)
      for await (const line of lines) { all.push(line); break }
      return all`,
    expected: ["one", "two", "", "four", "one"],
  },
  {
    promise: "directories are made, listed, measured and removed",
    shows: "mkdir readDir size exists remove",
    script: `await fs.mkdir("a/b", { ...app, recursive: true })
      await fs.writeTextFile("a/file", "12345", app)
      await fs.writeTextFile("a/b/deep", "123", app)
      const entries = (await fs.readDir("a", app)).sort((x, y) => x.name < y.name ? -1 : 1)
      const sizes = [await fs.size("a", app), await fs.size("a/file", app)]
      const refused = await throws(() => fs.remove("a", app))
      await fs.remove("a", { ...app, recursive: true })
      return [entries, sizes, /Directory not empty/.test(refused), await fs.exists("a", app), await fs.exists("", app)]`,
    expected: [
      [
        { name: "b", isDirectory: true, isFile: false, isSymlink: false },
        { name: "file", isDirectory: false, isFile: true, isSymlink: false },
      ],
      [8, 5],
      true,
      false,
      true,
    ],
  },
  {
    promise: "files are copied, renamed, truncated, and looked at",
    shows: "copyFile rename truncate stat lstat",
    script: `await fs.writeTextFile("from", "contents", app)
      const both = { fromPathBaseDir: app.baseDir, toPathBaseDir: app.baseDir }
      await fs.copyFile("from", "copy", both)
      await fs.rename("copy", "renamed", { oldPathBaseDir: app.baseDir, newPathBaseDir: app.baseDir })
      await fs.truncate("renamed", 4, app)
      const { size, isFile, birthtime } = await fs.stat("renamed", app)
      const { isSymlink } = await fs.lstat("renamed", app)
      return [await fs.readTextFile("renamed", app), size, isFile, isSymlink, await fs.exists("copy", app)]`,
    expected: ["cont", 4, true, false, false],
  },
  {
    promise: "changes are told, with and without a delay, until nobody watches any more",
    shows: "watch watchImmediate",
    script: `await fs.mkdir("watched", app)
      const soon = [], now = []
      const stopNow = await fs.watchImmediate("watched", (event) => now.push(event), app)
      const stopSoon = await fs.watch("watched", (event) => soon.push(event), { ...app, delayMs: 50 })
      await fs.writeTextFile("watched/new", "x", app)
      await until(() => now.length > 0 && soon.length > 0)
      stopNow(); stopSoon()
      return [now[0].type, soon[0].type, soon[0].paths[0].endsWith("/watched/new")]`,
    expected: [{ create: { kind: "file" } }, { create: { kind: "file" } }, true],
  },
  {
    promise: "what iOS asks for is taken",
    shows: "startAccessingSecurityScopedResource stopAccessingSecurityScopedResource",
    script: `await fs.startAccessingSecurityScopedResource("file:///x")
      await fs.stopAccessingSecurityScopedResource("file:///x")
      return true`,
    expected: true,
  },
]
