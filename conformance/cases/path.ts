import assert from "node:assert/strict"
import { mkdir, writeFile } from "node:fs/promises"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import type { Case, CaseContext } from "../case.ts"

const IDENTIFIER = "org.sallyport.e2e"

/** Where each directory is, for a user whose directories are all set, in `folder`. */
const DIRECTORIES: Readonly<Record<string, (folder: string) => string>> = {
  audioDir: (folder) => join(folder, "Music"),
  cacheDir: (folder) => join(folder, "cache"),
  configDir: (folder) => join(folder, "config"),
  dataDir: (folder) => join(folder, "data"),
  localDataDir: (folder) => join(folder, "data"),
  documentDir: (folder) => join(folder, "Documents"),
  downloadDir: (folder) => join(folder, "Downloads"),
  pictureDir: (folder) => join(folder, "Pictures"),
  publicDir: (folder) => join(folder, "Public"),
  videoDir: (folder) => join(folder, "Videos"),
  resourceDir: (folder) => folder,
  tempDir: () => tmpdir(),
  appConfigDir: (folder) => join(folder, "config", IDENTIFIER),
  appDataDir: (folder) => join(folder, "data", IDENTIFIER),
  appLocalDataDir: (folder) => join(folder, "data", IDENTIFIER),
  appCacheDir: (folder) => join(folder, "cache", IDENTIFIER),
  appLogDir: (folder) => join(folder, "data", IDENTIFIER, "logs"),
  desktopDir: (folder) => join(folder, "Desktop"),
  executableDir: (folder) => join(folder, "bin"),
  fontDir: (folder) => join(folder, "data", "fonts"),
  homeDir: () => homedir(),
  runtimeDir: (folder) => join(folder, "run"),
  templateDir: (folder) => join(folder, "Templates"),
}

const USER_DIRS = {
  MUSIC: "Music",
  DOCUMENTS: "Documents",
  DOWNLOAD: "Downloads",
  PICTURES: "Pictures",
  PUBLICSHARE: "Public",
  VIDEOS: "Videos",
  DESKTOP: "Desktop",
  TEMPLATES: "Templates",
}

/** Runs something as a user whose directories lie in `folder`, or are not set at all. */
async function asUser(folder: string, isSet: boolean, run: () => Promise<void>): Promise<void> {
  const before = { ...process.env }
  const names = { CONFIG_HOME: "config", CACHE_HOME: "cache", DATA_HOME: "data", BIN_HOME: "bin", RUNTIME_DIR: "run" }
  for (const [name, value] of Object.entries(names)) process.env[`XDG_${name}`] = join(folder, value)
  await mkdir(join(folder, "config"), { recursive: true })
  const lines = Object.entries(USER_DIRS).map(([key, name]) => `XDG_${key}_DIR="${folder}/${name}"\n`)
  await writeFile(join(folder, "config", "user-dirs.dirs"), isSet ? lines.join("") : "")
  if (!isSet) delete process.env.XDG_RUNTIME_DIR
  try {
    await run()
  } finally {
    for (const name of Object.keys(names)) delete process.env[`XDG_${name}`]
    Object.assign(process.env, before)
  }
}

/** What a call in the page came to: its value, or what it rejected with. */
function outcome({ page }: CaseContext, call: string): Promise<unknown> {
  return page.evaluate(`try { return await tauri.path.${call} } catch (error) { return { rejected: error } }`)
}

/** One function, with calls and what they come to. */
function table(
  name: string,
  promise: string,
  rows: readonly (readonly [args: readonly unknown[], expected: unknown])[],
): Case {
  return {
    shows: `path.${name}`,
    name: promise,
    leavesPage: true,
    async run(context) {
      for (const [args, expected] of rows) {
        const text = args.map((arg) => JSON.stringify(arg)).join(", ")
        assert.deepEqual(await outcome(context, `${name}(${text})`), expected, `${name}(${text})`)
      }
    },
  }
}

const rejected = (message: string): { rejected: string } => ({ rejected: message })

export const pathCases: readonly Case[] = [
  {
    shows: Object.keys(DIRECTORIES).map((name) => `path.${name}`),
    name: "every directory is where the user and the system have it",
    leavesPage: true,
    async run(context) {
      const { folder } = context.testApp
      await asUser(folder, true, async () => {
        for (const [name, expected] of Object.entries(DIRECTORIES))
          assert.equal(await outcome(context, `${name}()`), expected(folder), name)
      })
    },
  },
  {
    shows: ["path.audioDir", "path.runtimeDir", "path.templateDir"],
    name: "a directory that is not set is an unknown path",
    leavesPage: true,
    async run(context) {
      await asUser(context.testApp.folder, false, async () => {
        for (const name of ["audioDir", "runtimeDir", "templateDir"])
          assert.deepEqual(await outcome(context, `${name}()`), rejected("unknown path"), name)
      })
    },
  },
  {
    shows: "path.resolveResource",
    name: "resources lie in the folder of the configuration, those from above it under _up_",
    leavesPage: true,
    async run(context) {
      const { folder } = context.testApp
      assert.equal(await outcome(context, `resolveResource("lang/de.json")`), join(folder, "lang/de.json"))
      assert.equal(await outcome(context, `resolveResource("../a/b")`), join(folder, "_up_/a/b"))
      assert.equal(await outcome(context, `resolveResource("/a")`), join(folder, "_root_/a"))
    },
  },
  {
    shows: ["path.sep", "path.delimiter"],
    name: "the separators are the system's",
    leavesPage: true,
    async run({ page }) {
      assert.deepEqual(await page.evaluate("return [tauri.path.sep(), tauri.path.delimiter()]"), ["/", ":"])
    },
  },
  table("join", "joins parts, absolute ones made relative", [
    [["a", "/b", "../c"], "a/c"],
    [[""], "."],
    [[], "."],
    [["", "a"], "a"],
    [["/a", "b"], "/a/b"],
  ]),
  table("resolve", "starts anew at an absolute part, at the working directory without one", [
    [["/x", "/a", "b", ".."], "/a"],
    [["x"], join(process.cwd(), "x")],
    [[], process.cwd()],
  ]),
  table("normalize", "takes . and .. out, and leaves a separator at the end", [
    [["/a/./b/../c/"], "/a/c/"],
    [[""], ""],
    [["."], "."],
    [[".."], ".."],
  ]),
  table("dirname", "gives what a path lies in, and rejects for what lies in nothing", [
    [["/a/b"], "/a"],
    [["a"], ""],
    [["/"], rejected("path does not have a parent")],
  ]),
  table("extname", "gives the extension without its dot, and rejects without one", [
    [["/a/b.tar.gz"], "gz"],
    [[".hidden"], rejected("path does not have an extension")],
  ]),
  table("basename", "gives the last name, without a suffix where one is given, and rejects without one", [
    [["/a/b.txt"], "b.txt"],
    [["/a/b.txt", ".txt"], "b"],
    [["/a/b.txt", "xt"], "b.t"],
    [["/"], rejected("path does not have a basename")],
  ]),
  table("isAbsolute", "says whether a path begins at the root", [
    [["/a"], true],
    [["a"], false],
    [["C:\\a"], false],
  ]),
]
