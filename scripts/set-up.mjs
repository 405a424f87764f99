/**
 * Makes a fresh machine ready, with any Node: installs packages when they are missing or stale, builds, and finds or
 * installs browsers and tools. Plain JavaScript, because it runs before anything is installed. Words go to standard error.
 *
 *   node scripts/set-up.mjs [--build] [--browsers chromium,firefox,webkit] [--tools spin] [-- SCRIPT ARGUMENTS…]
 *
 * It runs the script itself, with the Node that was installed: the shell that runs an npm script goes on with the one it
 * found first.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const separator = process.argv.indexOf("--")
const args = process.argv.slice(2, separator === -1 ? undefined : separator)
const script = separator === -1 ? [] : process.argv.slice(separator + 1)

/** Programs that the browsers of the tests need, any of each list, and Debian's packages that bring them. */
const BROWSERS = {
  chromium: { programs: [["chromium", "chromium-browser", "google-chrome"]], packages: ["chromium"] },
  firefox: { programs: [["firefox-esr", "firefox"]], packages: ["firefox-esr"] },
  webkit: { programs: [["WebKitWebDriver"], ["xvfb-run"]], packages: ["webkit2gtk-driver", "xvfb", "xauth"] },
}

/** The same for other tools. Spin, which checks the models, writes a program in C; faketime sets the clock of one process. */
const TOOLS = {
  spin: { programs: [["spin"], ["gcc"]], packages: ["spin", "gcc", "libc6-dev"] },
  faketime: { programs: [["faketime"]], packages: ["faketime"] },
}

installPackages()
if (args.includes("--build")) build()
installPrograms(BROWSERS, namedAfter("--browsers").filter(isWanted))
installPrograms(TOOLS, namedAfter("--tools"))
if (script.length > 0) runScript()

/** `npm ci` when what is installed is not what package-lock.json says. */
function installPackages() {
  const stamp = join(root, "node_modules", ".sallyport-lock")
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return
  say("Installing packages (npm ci) …")
  run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"])
  writeFileSync(stamp, lock)
}

/** Builds `dist/` when a source is newer. */
function build() {
  const built = join(root, "dist", "index.js")
  const newest = Math.max(...["src", "scripts"].map(newestIn), statSync(join(root, "package-lock.json")).mtimeMs)
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  say("Building …")
  run(nodeProgram(), ["scripts/build.ts"])
}

/** What is embedded is made by the build: it is no source. */
function newestIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("embedded"))
    .reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0)
}

function namedAfter(option) {
  return args.includes(option) ? (args[args.indexOf(option) + 1] ?? "").split(",") : []
}

/** A script that is run with --browser gets only the browsers that this names. */
function isWanted(browser) {
  const named = script.flatMap((word, index) =>
    word === "--browser" ? [script[index + 1]] : word.startsWith("--browser=") ? [word.slice("--browser=".length)] : [],
  )
  return named.length === 0 || named.includes(browser)
}

/** A program that cannot be had is no reason to stop: who needs it says so. */
function installPrograms(known, names) {
  const missing = names.filter((name) => !known[name].programs.every((any) => any.some(isInPath)))
  if (missing.length === 0) return
  const packages = missing.flatMap((name) => known[name].packages)
  if (process.getuid?.() !== 0 || !isInPath("apt-get")) {
    say(`Missing: ${missing.join(", ")}. On Debian: sudo apt-get install ${packages.join(" ")}`)
    return
  }
  say(`Installing ${packages.join(", ")} (apt-get) …`)
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env: environment }
  spawnSync("apt-get", ["update", "-qq"], quiet)
  const { status } = spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], quiet)
  if (status !== 0) say(`apt-get could not install ${packages.join(", ")}.`)
}

function isInPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** The `node` package holds a program of its own, so that any Node can begin. */
function nodeProgram() {
  return join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node")
}

/** Runs the script in the caller's folder, and ends as it ends. */
function runScript() {
  const [file, ...parameters] = script
  const child = spawn(nodeProgram(), [join(root, file), ...parameters], { stdio: "inherit" })
  // A terminal sends Ctrl+C to both: how to end is the script's to say.
  process.on("SIGINT", () => {})
  process.on("SIGTERM", () => child.kill("SIGTERM"))
  child.once("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
}

function run(program, parameters) {
  try {
    // What a child prints is for people: standard output belongs to whoever called.
    execFileSync(program, parameters, { cwd: root, stdio: ["ignore", process.stderr, process.stderr] })
  } catch (error) {
    say(`${program} ${parameters.join(" ")} failed${error.status === undefined ? `: ${error.message}` : ""}.`)
    process.exit(1)
  }
}

function say(text) {
  process.stderr.write(`${text}\n`)
}
