import { symlink } from "node:fs/promises"
import { join } from "node:path"
import type { Attack, Replacement } from "../attack.ts"

const ANY_NAME: Replacement = {
  off: "the look at the names in a path",
  file: "server/static-files.ts",
  find: "if (/%2f|%5c/i.test(path)) return null",
  replace: "if (path.length < 1e6) return decodeURIComponent(path)",
}
const ANY_PLACE: Replacement = {
  off: "the look at where a file really is",
  file: "server/static-files.ts",
  find: "if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null",
  replace: "",
}

/** A file beside the frontend's folder. Not the configuration: the app keeps its own files from all, whatever else is switched off. */
const FILES = { "secret.txt": "SECRET" }
const PATHS = `["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
  "/..%5csecret.txt", "/x/..%2f..%2fsecret.txt", "/%252e%252e%252fsecret.txt", "/....//secret.txt",
  "/..%00/secret.txt", "/index.html%2f..%2f..%2fsecret.txt", "//..%2fsecret.txt", "/..;/secret.txt",
  "/%c0%ae%c0%ae%c0%afsecret.txt", "/index.html/..%2f..%2fisolation%2findex.js"]`

const READ = (paths: string): string => `
  for (const path of ${paths}) {
    const response = await fetch(path).catch(() => null)
    if (response?.ok && /org\\.sallyport\\.victim|__TAURI_ISOLATION_HOOK__|SECRET/.test(await response.text())) return true
  }
  return false`

/** Assets: the frontend's folder is open to pages, wherever the app's own folder is. */
const ASSETS = { assetProtocol: { enable: true, scope: ["$TEMP/sallyport-victim-*/frontend/**"] } }

/** P25: files that are not the frontend's. */
export const paths: readonly Attack[] = [
  {
    id: "P25",
    name: "paths out of the frontend's folder: dots, slashes and both in disguise",
    stoppedBy: "names are looked at once decoded, and a file must really be in the folder",
    defence: "browser",
    control: [ANY_NAME, ANY_PLACE],
    victim: { files: FILES },
    steps: ({ page }) => page.evaluate<boolean>(READ(PATHS)),
  },
  {
    id: "P25",
    name: "a link in the frontend's folder that leads out of it",
    stoppedBy: "a file must really be in the folder, when every link is followed",
    defence: "core",
    control: ANY_PLACE,
    victim: { files: FILES },
    steps: async ({ page, victim }) => {
      await symlink(join(victim.folder, "secret.txt"), join(victim.folder, "frontend", "link.txt")).catch(() => {})
      await symlink(victim.folder, join(victim.folder, "frontend", "up")).catch(() => {})
      return page.evaluate<boolean>(READ(`["/link.txt", "/up/secret.txt"]`))
    },
  },
  {
    id: "P25",
    name: "a hidden file in the frontend's folder",
    stoppedBy: "names that begin with a dot are no frontend's",
    defence: "core",
    control: ANY_NAME,
    victim: { files: { "frontend/.env": "SECRET=1\n" } },
    steps: ({ page }) => page.evaluate<boolean>(READ(`["/.env", "/%2eenv", "/x/..%2f.env"]`)),
  },
  {
    id: "P25",
    name: "an asset beside the folder that is open to pages",
    stoppedBy: "the scope, asked about the file that a path really leads to",
    defence: "core",
    control: {
      off: "the scope of assets",
      file: "directories/path-scope.ts",
      find: "if (!this.allows(resolved)) throw",
      replace: 'if (path === "") throw',
    },
    victim: { security: ASSETS, files: FILES },
    steps: async ({ page, victim: { folder } }) => {
      const secret = join(folder, "secret.txt")
      const names = [secret, join(folder, "frontend", "..", "secret.txt"), `${folder}/frontend/../secret.txt`]
      const links = names.flatMap((name) => [
        encodeURIComponent(name),
        encodeURIComponent(encodeURIComponent(name)),
        name,
      ])
      return page.evaluate<boolean>(READ(JSON.stringify(links.map((link) => `/__sallyport__/asset/${link}`))))
    },
  },
  {
    id: "P25",
    name: "an asset that is run as a script of the app's",
    stoppedBy: "assets are not for what runs them, by `Sec-Fetch-Dest`",
    defence: "browser",
    control: {
      off: "the look at what an asset is for",
      file: "server/asset-files.ts",
      find: "if (RUNS.test(",
      replace: 'if (RUNS.test("") && RUNS.test(',
    },
    victim: { security: ASSETS, files: { "frontend/note.txt.js": "window.ran = true\n" } },
    steps: ({ page, victim: { folder } }) =>
      page.evaluate<boolean>(`
        const script = document.createElement("script")
        script.src = "/__sallyport__/asset/" + encodeURIComponent(${JSON.stringify(join(folder, "frontend", "note.txt.js"))})
        await new Promise((resolve) => { script.onload = script.onerror = resolve; document.body.append(script) })
        return window.ran === true`),
  },
]
