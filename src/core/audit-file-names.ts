import { readdirSync } from "node:fs"
import { basename, dirname, join, parse } from "node:path"

/** Older files have six digits before their ending, counted up: `audit.000001.jsonl`. So their names say their order, and stay. */
const LAST_NUMBER = 999_999

/** An audit log's older file. */
export interface OlderFile {
  readonly number: number
  readonly path: string
}

/** @throws Error when there is no further number */
export function olderFile(file: string, number: number): OlderFile {
  if (number > LAST_NUMBER)
    throw new Error(`${file} has had ${LAST_NUMBER} older files: move them to another folder, then it can begin anew`)
  const { dir, name, ext } = parse(file)
  return { number, path: join(dir, `${name}.${String(number).padStart(6, "0")}${ext}`) }
}

/** The older files that stand beside a log, the oldest first. */
export function olderFiles(file: string): OlderFile[] {
  const { name, ext } = parse(basename(file))
  return readdirSync(dirname(file) || ".")
    .flatMap((entry) => {
      const digits = entry.slice(name.length + 1, entry.length - ext.length)
      return entry === `${name}.${digits}${ext}` && /^\d{6}$/.test(digits) && Number(digits) > 0 ? [Number(digits)] : []
    })
    .sort((a, b) => a - b)
    .map((number) => olderFile(file, number))
}

/**
 * Matches the names that a log's files have, will have and are made under: the newest, the older ones, the next one, its lock.
 * Whatever begins with the log's own name counts, and letters of two cases are the same.
 */
export function namesOfLog(file: string): RegExp {
  const { base, name, ext } = parse(basename(file))
  return new RegExp(`^(?:${quoted(base)}(?:\\..*)?|${quoted(name)}\\.\\d+${quoted(ext)})$`, "ius")
}

function quoted(text: string): string {
  return text.normalize("NFC").replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
}
