import { realpathSync } from "node:fs"
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path"
import type { Config } from "./config/config.ts"
import { namesOfLog } from "./core/audit-file-names.ts"
import type { AuditLog } from "./core/audit-log.ts"
import type { OwnFiles } from "./directories/own-files.ts"
import { stateFolder } from "./directories/state-folder.ts"

/** The configuration of Tauri's names, those of a platform too, and the private key that `sallyport keygen` writes by default. */
const BESIDE_CONFIG = /^(?:tauri\.(?:\w+\.)?conf\.json5?|tauri(?:\.\w+)?\.toml|isolation-app\.key)$/iu
/** The remembered ports, and what is written on the way to them. */
const PORT_FILES = /^port(?:\..*)?$/isu

/**
 * Lists the files that only the Core of an app may open: what it remembers and writes down, and what decides what it does at
 * the next start. Profiles of browsers, launch tickets and `/proc` are closed as patterns: see `offLimits`.
 */
export function ownFiles(
  { file, identifier, frontendDist, pattern }: Pick<Config, "file" | "identifier" | "frontendDist" | "pattern">,
  audit: AuditLog | null,
): readonly OwnFiles[] {
  const folder = dirname(file)
  const state = join(stateFolder(), identifier)
  return [
    ...(audit === null ? [] : filesOfLog(audit)),
    { folder: state, names: PORT_FILES },
    { folder: join(state, "store-locks"), names: "all" },
    { folder, names: BESIDE_CONFIG },
    { folder, names: exactly(basename(file)) },
    { folder: join(folder, "capabilities"), names: "all" },
    { folder: join(folder, "permissions"), names: "all" },
    ...(pattern.use === "isolation" ? [filesOfIsolationApp(pattern.dir, frontendDist)] : []),
  ]
}

/** The log, and what it really is where its path is a link. */
function filesOfLog(audit: AuditLog): readonly OwnFiles[] {
  const files = new Set([audit.file, realpathSync(audit.file)])
  return [...files].map((path) => ({ folder: dirname(path), names: namesOfLog(path), open: () => audit.openFile }))
}

/** With its lock. Its folder may hold the frontend's, which pages are served from: then only the files right in it count. */
function filesOfIsolationApp(dir: string, frontendDist: string | null): OwnFiles {
  const way = frontendDist === null ? ".." : relative(dir, frontendDist)
  const holdsFrontend = way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
  return { folder: dir, names: holdsFrontend ? /./su : "all" }
}

function exactly(name: string): RegExp {
  return new RegExp(`^${name.normalize("NFC").replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}$`, "iu")
}
