import assert from "node:assert/strict"
import { test } from "node:test"
import { BASE_DIRECTORIES, type BaseDirectory } from "./base-directory.ts"
import { Directories } from "./directories.ts"
import { systemOf } from "./system.fixture.ts"

const USER_DIRS = `# written by xdg-user-dirs
XDG_DESKTOP_DIR="$HOME/Schreibtisch"
XDG_MUSIC_DIR="$HOME/Music"
XDG_DOWNLOAD_DIR="/data/My \\"Downloads\\""
XDG_VIDEOS_DIR="relative"
XDG_TEMPLATES_DIR="$HOME/"
#XDG_PICTURES_DIR="$HOME/Pictures"
XDG_DOCUMENTS_DIR="$HOME/Old"
XDG_DOCUMENTS_DIR="$HOME/Documents"
`
const linux = new Directories(
  { identifier: "org.example.notes", resources: "/srv/notes" },
  systemOf("linux", {}, { "/home/ada/.config/user-dirs.dirs": USER_DIRS }),
)
const mac = new Directories({ identifier: "org.example.notes", resources: "/srv/notes" }, systemOf("darwin"))
const windows = new Directories({ identifier: "org.example.notes", resources: "C:\\notes" }, systemOf("win32"))

/** `null`: "unknown path". */
const ROWS: Readonly<
  Record<BaseDirectory, readonly [linux: string | null, mac: string | null, windows: string | null]>
> = {
  Audio: ["/home/ada/Music", "/home/ada/Music", "C:\\Users\\ada\\Music"],
  Cache: ["/home/ada/.cache", "/home/ada/Library/Caches", "C:\\Users\\ada\\AppData\\Local"],
  Config: ["/home/ada/.config", "/home/ada/Library/Application Support", "C:\\Users\\ada\\AppData\\Roaming"],
  Data: ["/home/ada/.local/share", "/home/ada/Library/Application Support", "C:\\Users\\ada\\AppData\\Roaming"],
  LocalData: ["/home/ada/.local/share", "/home/ada/Library/Application Support", "C:\\Users\\ada\\AppData\\Local"],
  Document: ["/home/ada/Documents", "/home/ada/Documents", "C:\\Users\\ada\\Documents"],
  Download: ['/data/My "Downloads"', "/home/ada/Downloads", "C:\\Users\\ada\\Downloads"],
  Picture: [null, "/home/ada/Pictures", "C:\\Users\\ada\\Pictures"],
  Public: [null, "/home/ada/Public", "C:\\Users\\Public"],
  Video: [null, "/home/ada/Movies", "C:\\Users\\ada\\Videos"],
  Resource: ["/srv/notes", "/srv/notes", "C:\\notes"],
  Temp: ["/tmp", "/tmp", "C:\\Temp"],
  AppConfig: [
    "/home/ada/.config/org.example.notes",
    "/home/ada/Library/Application Support/org.example.notes",
    "C:\\Users\\ada\\AppData\\Roaming\\org.example.notes",
  ],
  AppData: [
    "/home/ada/.local/share/org.example.notes",
    "/home/ada/Library/Application Support/org.example.notes",
    "C:\\Users\\ada\\AppData\\Roaming\\org.example.notes",
  ],
  AppLocalData: [
    "/home/ada/.local/share/org.example.notes",
    "/home/ada/Library/Application Support/org.example.notes",
    "C:\\Users\\ada\\AppData\\Local\\org.example.notes",
  ],
  AppCache: [
    "/home/ada/.cache/org.example.notes",
    "/home/ada/Library/Caches/org.example.notes",
    "C:\\Users\\ada\\AppData\\Local\\org.example.notes",
  ],
  AppLog: [
    "/home/ada/.local/share/org.example.notes/logs",
    "/home/ada/Library/Logs/org.example.notes",
    "C:\\Users\\ada\\AppData\\Local\\org.example.notes\\logs",
  ],
  Desktop: ["/home/ada/Schreibtisch", "/home/ada/Desktop", "C:\\Users\\ada\\Desktop"],
  Executable: ["/home/ada/.local/bin", null, null],
  Font: ["/home/ada/.local/share/fonts", "/home/ada/Library/Fonts", null],
  Home: ["/home/ada", "/home/ada", "C:\\Users\\ada"],
  Runtime: [null, null, null],
  Template: [null, null, "C:\\Users\\ada\\AppData\\Roaming\\Microsoft\\Windows\\Templates"],
}

for (const [name, expected] of Object.entries(ROWS))
  test(`${name} is where Tauri has it on Linux, macOS and Windows`, () => {
    for (const [index, directories] of [linux, mac, windows].entries()) {
      const path = expected[index]
      const { number } = BASE_DIRECTORIES[name as BaseDirectory]
      if (typeof path === "string") assert.equal(directories.path(number), path)
      else assert.throws(() => directories.path(number), { message: "unknown path" })
    }
  })

test("variables of the environment decide on Linux when they are absolute paths", () => {
  const env = {
    XDG_DATA_HOME: "/data",
    XDG_CACHE_HOME: "cache",
    XDG_RUNTIME_DIR: "/run/user/1",
    XDG_CONFIG_HOME: "/conf",
  }
  const files = { "/conf/user-dirs.dirs": 'XDG_MUSIC_DIR="/music"' }
  const directories = new Directories({ identifier: "a.b", resources: "/" }, systemOf("linux", env, files))
  assert.equal(directories.path("AppData"), "/data/a.b")
  assert.equal(directories.path("Font"), "/data/fonts")
  assert.equal(directories.path("Cache"), "/home/ada/.cache")
  assert.equal(directories.path("Runtime"), "/run/user/1")
  assert.equal(directories.path("Audio"), "/music")
})

test("a number that is no base directory is refused with what is expected", () => {
  for (const number of [0, 24, 1.5, Number.NaN])
    assert.throws(() => linux.path(number), /expected the number of a base directory \(1 to 23\)/)
})

test("a path in a base directory keeps its .. for the check to come; an absolute one stays", () => {
  assert.equal(linux.resolve("AppData", "a/../b"), "/home/ada/.local/share/org.example.notes/a/../b")
  assert.equal(linux.resolve("AppData", ""), "/home/ada/.local/share/org.example.notes")
  assert.equal(linux.resolve("AppData", "/etc/hosts"), "/etc/hosts")
  assert.equal(windows.resolve("Temp", "D:\\x"), "D:\\x")
})

test("resources are where Tauri's bundler puts them: .. under _up_, absolute ones under _root_", () => {
  assert.equal(linux.resolve("Resource", "../assets/./a.png"), "/srv/notes/_up_/assets/a.png")
  assert.equal(linux.resolve(11, "/etc/a"), "/srv/notes/_root_/etc/a")
  assert.equal(windows.resolve("Resource", "C:\\a\\..\\b"), "C:\\notes\\_root_\\a\\_up_\\b")
})

test("a variable counts as the whole first component only", () => {
  assert.equal(linux.expand("$APPDATA/a"), "/home/ada/.local/share/org.example.notes/a")
  assert.equal(linux.expand("$APPDATA"), "/home/ada/.local/share/org.example.notes")
  assert.equal(linux.expand("$APPDATAS/a"), "$APPDATAS/a")
  assert.equal(linux.expand("/x/$APPDATA"), "/x/$APPDATA")
  assert.equal(windows.expand("$HOME\\a"), "C:\\Users\\ada\\a")
  assert.throws(() => linux.expand("$RUNTIME/a"), { message: "unknown path" })
})
