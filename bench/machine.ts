import { readFileSync } from "node:fs"
import { cpus, totalmem, type } from "node:os"

/** What the figures were measured on. */
export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memory_bytes: number
  readonly os: string
  readonly node: string
  readonly sallyport: string
  /** `2026-11` */
  readonly month: string
}

export function describeMachine(): Machine {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string
  }
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() || "unknown processor",
    memory_bytes: totalmem(),
    os: osName(),
    node: process.versions.node,
    sallyport: version,
    month: new Date().toISOString().slice(0, 7),
  }
}

/** What a Linux distribution calls itself (os-release(5)); elsewhere the kernel's name. */
function osName(): string {
  try {
    const [, name] = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(readFileSync("/etc/os-release", "utf8")) ?? []
    return name ?? type()
  } catch {
    return type()
  }
}
