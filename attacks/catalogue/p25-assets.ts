import { symlink } from "node:fs/promises"
import { join } from "node:path"
import type { Attack, Replacement } from "../attack.ts"

const ASSETS = {
  assetProtocol: {
    enable: true,
    scope: { allow: ["$TEMP/sallyport-victim-*/notes/**"], deny: ["$TEMP/sallyport-victim-*/notes/private/**"] },
  },
}
const FILES = {
  "notes/a.txt": "0123456789",
  "notes/private/b.txt": "SECRET",
  "notes/page.html": "<!doctype html><script>parent.ran = true; parent.postMessage('ran', '*')</script>",
  "notes/picture.svg":
    '<svg xmlns="http://www.w3.org/2000/svg"><script>parent.ran = true; parent.postMessage("ran", "*")</script></svg>',
  "secret.txt": "SECRET",
}
const victim: Attack["victim"] = { security: ASSETS, files: FILES }

const SCOPE: Replacement = {
  off: "the scope of assets",
  file: "directories/path-scope.ts",
  find: "if (!this.allows(resolved)) throw",
  replace: 'if (path === "") throw',
}

/** Asks for each, and says whether what comes back holds a secret. `folder`: the app's own. */
const reads = (links: readonly string[]): string => `
  for (const link of ${JSON.stringify(links)}) {
    const response = await fetch("/__sallyport__/asset/" + link).catch(() => null)
    if (response?.ok && (await response.text()).includes("SECRET")) return true
  }
  return false`

/** What may be asked of a file of ten bytes; no answer may say that it is longer, or fail. */
const RANGES = `["bytes=0-18446744073709551615", "bytes=0-9007199254740993", "bytes=-18446744073709551616", "bytes=5-" + "9".repeat(400),
  "bytes=" + "9".repeat(400) + "-", "bytes=-" + "9".repeat(400), "bytes=9-4", "bytes=0-0,5-9", "bytes=0x1-5", "bytes=1e1-2e1", "bytes=-0",
  "bytes=10-", "bytes=0-1, -1", "items=0-5", "bytes=5--1"]`

/** P25: the user's files that the configuration opens to pages. */
export const assets: readonly Attack[] = [
  {
    id: "P25",
    name: "an asset outside the scope, by paths in disguise: dots, slashes, NUL, escapes twice and overlong, another host's prefix",
    stoppedBy: "a path is decoded once, must be plain, and the scope is asked about the file that it really leads to",
    defence: "browser",
    control: SCOPE,
    victim,
    steps: ({ page, victim: { folder } }) => {
      const secret = join(folder, "secret.txt")
      const inScope = `${folder}/notes`
      const paths = [
        secret,
        `/${secret}`,
        `${secret}/.`,
        `${inScope}/../secret.txt`,
        `${inScope}/./../secret.txt`,
        `${inScope}/a.txt/../../secret.txt`,
        `${inScope}\\..\\secret.txt`,
        `${secret}\0.txt`,
        `${inScope}/a.txt\0/../../secret.txt`,
        `${inScope}/%2e%2e/secret.txt`,
        `file://${secret}`,
        `//localhost${secret}`,
        `\\\\?\\${secret}`,
        `/proc/self/root${secret}`,
        `/proc/self/cwd${secret}`,
      ]
      return page.evaluate<boolean>(
        reads(
          paths.flatMap((path) => [
            encodeURIComponent(path),
            encodeURIComponent(encodeURIComponent(path)),
            encodeURI(path),
          ]),
        ),
      )
    },
  },
  {
    id: "P25",
    name: "an asset that is denied inside of what is allowed: written otherwise, and through a link",
    stoppedBy: "a deny counts for how a path is written and for where it leads",
    defence: "core",
    control: {
      off: "denies in the scope of assets",
      file: "directories/path-scope.ts",
      find: "if (this.denies({ lexical, real })) return false",
      replace: "",
    },
    victim,
    steps: async ({ page, victim: { folder } }) => {
      await symlink(join(folder, "notes", "private"), join(folder, "notes", "open")).catch(() => {})
      await symlink(join(folder, "notes", "private", "b.txt"), join(folder, "notes", "link.txt")).catch(() => {})
      const names = ["private/b.txt", "private//b.txt", "./private/b.txt", "open/b.txt", "link.txt", "private/./b.txt"]
      return page.evaluate<boolean>(reads(names.map((name) => encodeURIComponent(`${folder}/notes/${name}`))))
    },
  },
  {
    id: "P25",
    name: "a link among the assets that leads out of the scope",
    stoppedBy: "the scope is asked about the file that a path really leads to",
    defence: "core",
    control: SCOPE,
    victim,
    steps: async ({ page, victim: { folder } }) => {
      await symlink(join(folder, "secret.txt"), join(folder, "notes", "out.txt")).catch(() => {})
      await symlink(folder, join(folder, "notes", "up")).catch(() => {})
      return page.evaluate<boolean>(
        reads(["out.txt", "up/secret.txt"].map((name) => encodeURIComponent(join(folder, "notes", name)))),
      )
    },
  },
  {
    id: "P25",
    name: "parts of an asset by ranges that overflow, turn round, or are none",
    stoppedBy: "a range is cut to the file, and what is no range gets the whole",
    defence: "core",
    control: {
      off: "the cutting of a range to the file",
      file: "server/byte-range.ts",
      find: "Math.min(Number(last), size - 1)",
      replace: "Number(last)",
    },
    victim,
    steps: ({ page, victim: { folder } }) =>
      page.evaluate<boolean>(`
        for (const Range of ${RANGES}) {
          const asked = fetch("/__sallyport__/asset/" + ${JSON.stringify(encodeURIComponent(join(folder, "notes", "a.txt")))},
            { headers: { Range }, cache: "no-store" })
          const text = await asked.then((response) => response.text()).catch(() => null)
          if (text === null || !"0123456789".includes(text)) return true
        }
        return false`),
  },
  ...["page.html", "picture.svg"].map(
    (name): Attack => ({
      id: "P25",
      name: `an asset shown in a frame, to run its scripts in the app's origin: ${name}`,
      stoppedBy: "assets have a policy of their own: no scripts, and no origin",
      defence: "browser",
      control: {
        off: "the policy of assets",
        file: "server/asset-files.ts",
        find: '"content-security-policy": POLICY,',
        replace: '"content-security-policy": "frame-ancestors \'self\'",',
      },
      victim,
      steps: ({ page, victim: { folder } }) =>
        page.evaluate<boolean>(`
          window.ran = false
          addEventListener("message", ({ data }) => { if (data === "ran") window.ran = true })
          const frame = await attacker.frame(
            "/__sallyport__/asset/" + ${JSON.stringify(encodeURIComponent(join(folder, "notes", name)))})
          await attacker.until(() => window.ran, 300)
          frame.remove()
          return window.ran`),
    }),
  ),
]
