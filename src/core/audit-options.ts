import { bare } from "../boundary/wire/own.ts"
/** Where and how decisions are written down. */
export interface AuditOptions {
  /** The file that is appended to; a new one can be read by its owner only. Older ones stand beside it: `audit.000001.jsonl`, … */
  readonly file: string
  /** Bytes that a file may have: the entry that would be more begins a new one. Default: 64 MiB. `Infinity`: one file. */
  readonly maxBytes?: number | undefined
  /** How many files are kept, the newest included; older ones are deleted. Default: 10. `Infinity`: all. */
  readonly maxFiles?: number | undefined
  /** Whether each entry names the one before by its hash, so that `sallyport audit verify` sees what was cut or edited. Default: false. */
  readonly chain?: boolean | undefined
}

export type ResolvedAuditOptions = { readonly [Name in keyof AuditOptions]-?: Exclude<AuditOptions[Name], undefined> }

const DEFAULTS = { maxBytes: 64 * 1024 * 1024, maxFiles: 10, chain: false }

/** Less than this would be a file for every few entries. */
const LEAST_BYTES = 4096
/** With fewer than two there would be none to keep while the newest is still empty. */
const LEAST_FILES = 2

/**
 * Completes what an app's author wrote.
 *
 * @throws TypeError for an option that there is not, and a value that it cannot have
 */
export function resolveAuditOptions(given: string | AuditOptions): ResolvedAuditOptions {
  const options: AuditOptions | null =
    typeof given === "string" ? bare({ file: given }) : isRecord(given) ? bare(given) : null
  if (options === null)
    throw new TypeError(`audit is ${String(given)}: expected a file's path, or { file, maxBytes, maxFiles, chain }`)
  for (const name of Object.keys(options))
    if (name !== "file" && !Object.hasOwn(DEFAULTS, name))
      throw new TypeError(`audit.${name}: there is no such option; there are file, ${Object.keys(DEFAULTS).join(", ")}`)
  const { file } = options
  if (typeof file !== "string" || file === "")
    throw new TypeError(`audit.file is ${show(file)}: expected a file's path`)
  const maxBytes = options.maxBytes ?? DEFAULTS.maxBytes
  if (!isCount(maxBytes, LEAST_BYTES))
    throw new TypeError(
      `audit.maxBytes is ${show(maxBytes)}: expected a number of bytes from ${LEAST_BYTES}, or Infinity`,
    )
  const maxFiles = options.maxFiles ?? DEFAULTS.maxFiles
  if (!isCount(maxFiles, LEAST_FILES))
    throw new TypeError(
      `audit.maxFiles is ${show(maxFiles)}: expected a number of files from ${LEAST_FILES}, or Infinity`,
    )
  const chain = options.chain ?? DEFAULTS.chain
  if (typeof chain !== "boolean") throw new TypeError(`audit.chain is ${show(chain)}: expected true or false`)
  return { file, maxBytes, maxFiles, chain }
}

function isCount(value: unknown, least: number): boolean {
  return (
    typeof value === "number" && value >= least && (Number.isSafeInteger(value) || value === Number.POSITIVE_INFINITY)
  )
}

function show(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value)
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null
}
