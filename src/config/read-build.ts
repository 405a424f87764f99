import { dirname, resolve } from "node:path"
import type { MemoryFiles } from "../files/memory-files.ts"
import { kindOf } from "./find-file.ts"
import { BUILD } from "./known-keys.ts"
import type { Place } from "./place.ts"

/** Where the frontend comes from. */
export interface Build {
  /** Absolute path of the folder with the built frontend. */
  readonly frontendDist: string | null
  /** `http:` or `https:` URL of the development server. */
  readonly devUrl: string | null
}

/** @param options as `readConfig` takes them */
export async function readBuild(
  place: Place,
  file: string,
  {
    dev = false,
    withoutFrontend = false,
    files = null,
  }: { readonly dev?: boolean; readonly withoutFrontend?: boolean; readonly files?: MemoryFiles | null },
): Promise<Build> {
  const build = place.section(BUILD)
  const devUrl = readDevUrl(build("devUrl").nullable)
  const isUnused = withoutFrontend || (dev && devUrl !== null)
  return { frontendDist: await readFrontendDist(build("frontendDist").nullable, file, isUnused, files), devUrl }
}

function readDevUrl(place: Place): string | null {
  const expected = 'the http or https URL of the development server: "http://localhost:5173"'
  const devUrl = place.string(expected)
  if (devUrl === undefined) return null
  if (/^https?:$/.test(URL.parse(devUrl)?.protocol ?? "")) return devUrl
  return place.refuse(expected) ?? null
}

async function readFrontendDist(
  place: Place,
  file: string,
  unused: boolean,
  files: MemoryFiles | null,
): Promise<string | null> {
  const expected = "the folder with the built frontend, relative to this file"
  const written = place.string(expected)
  if (written === undefined) return null
  if (written === "") return place.refuse(expected) ?? null
  if (/^[a-z][a-z\d+.-]+:/i.test(written)) {
    return (
      place.refuse(`${expected}: Sallyport serves the frontend itself (a development server goes to "devUrl")`) ?? null
    )
  }
  const folder = resolve(dirname(file), written)
  const kind = files === null ? await kindOf(folder) : files.kindOf(folder)
  if (unused || kind === "folder") return folder
  const what = kind === "file" ? "is a file, not a folder" : "does not exist: build the frontend first"
  return place.report("FOLDER_MISSING", `${JSON.stringify(written)} resolves to ${folder}, which ${what}`) ?? null
}
