import { type Command, command } from "../core/command.ts"
import type { Plugin } from "../core/plugin.ts"
import { readBaseDirectory } from "../directories/base-directory.ts"
import { Directories } from "../directories/directories.ts"
import { PathNames } from "../directories/path-names.ts"
import { type Arguments, inTauriWords, readOptionalText, readText, readTexts, record, required } from "./arguments.ts"

/** Where the user's and the app's directories are, and what becomes of a path: `@tauri-apps/api/path`. */
export const pathPlugin: Plugin = {
  name: "path",
  permissions: {
    default: {
      permissions: [
        "allow-resolve-directory",
        "allow-resolve",
        "allow-normalize",
        "allow-join",
        "allow-dirname",
        "allow-extname",
        "allow-basename",
        "allow-is-absolute",
      ],
    },
  },
  setup: ({ identifier, folder }) => {
    const directories = new Directories({ identifier, resources: folder })
    const names = new PathNames(directories.paths)
    const ofPath = (name: string, run: (path: string, args: Arguments) => string | boolean): Command =>
      command((given: unknown) => {
        const args = record(given)
        return run(readText(args, "path", name), args)
      })
    return {
      commands: {
        resolve_directory: command((given) => {
          const args = record(given)
          const number = required(args, "directory", "resolve_directory")
          const directory = inTauriWords("directory", "resolve_directory", () => readBaseDirectory(number))
          const path = readOptionalText(args, "path", "resolve_directory")
          return path === undefined ? directories.path(directory) : directories.resolve(directory, path)
        }),
        resolve: command((args) => names.resolve(readTexts(record(args), "paths", "resolve"), workingDirectory())),
        join: command((args) => names.join(readTexts(record(args), "paths", "join"))),
        normalize: ofPath("normalize", (path) => names.normalize(path)),
        dirname: ofPath("dirname", (path) => names.dirname(path)),
        extname: ofPath("extname", (path) => names.extname(path)),
        basename: ofPath("basename", (path, args) => names.basename(path, readOptionalText(args, "ext", "basename"))),
        is_absolute: ofPath("is_absolute", (path) => names.isAbsolute(path)),
      },
    }
  },
}

function workingDirectory(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw new Error(`failed to read current dir: ${(error as Error).message}`)
  }
}
