import { bare } from "../../boundary/wire/own.ts"
import type { Plugin, PluginHost, PluginInstance } from "../../core/plugin.ts"
import { Directories } from "../../directories/directories.ts"
import { accessCommands } from "./access-commands.ts"
import type { FsParts } from "./fs-command.ts"
import { handleCommands } from "./handle-commands.ts"
import { lineCommands } from "./line-commands.ts"
import { PageTurns } from "./page-turns.ts"
import { pathCommands } from "./path-commands.ts"
import { permissions } from "./permissions.ts"
import { Scopes } from "./scopes.ts"
import { watchCommands } from "./watch-commands.ts"
import { wholeFileCommands } from "./whole-file-commands.ts"

export interface FsOptions {
  /**
   * What is read at once, at most, in bytes: a file by `readFile`, a line, a part by `read`. Default: 63 MiB, which an answer
   * can hold under the limit `outgoingBytes`, 64 MiB.
   */
  readonly maxReadBytes?: number | undefined
}

const DEFAULT_MAX_READ_BYTES = 63 * 1024 * 1024

/**
 * The file system for pages, as `@tauri-apps/plugin-fs` calls it. A page reaches what the scopes in its window's
 * capabilities allow, and without any it reaches nothing.
 *
 * @throws RangeError for a limit that is none
 */
export function fs(options: FsOptions = {}): Plugin {
  const { maxReadBytes = DEFAULT_MAX_READ_BYTES } = bare(options)
  if (!Number.isSafeInteger(maxReadBytes) || maxReadBytes < 1)
    throw new RangeError(`fs(): maxReadBytes is ${maxReadBytes}: expected a whole number of bytes, at least 1`)
  return {
    name: "fs",
    permissions: permissions(),
    setup: (host) => start(host, maxReadBytes),
  }
}

function start({ config, identifier, folder }: PluginHost, maxReadBytes: number): PluginInstance {
  const directories = new Directories({ identifier, resources: folder })
  const scopes = new Scopes(directories, config)
  const parts: FsParts = { scopes, turns: new PageTurns(), maxReadBytes }
  return {
    readScope: (value) => scopes.read(value),
    commands: {
      ...handleCommands(parts),
      ...lineCommands(parts),
      ...wholeFileCommands(parts),
      ...pathCommands(parts),
      ...watchCommands(parts),
      ...accessCommands(),
    },
  }
}
