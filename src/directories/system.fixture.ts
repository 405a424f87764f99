import type { System } from "./system.ts"

/** A user's system that is not this one. `files`: text by absolute path. */
export function systemOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): System {
  const isWindows = platform === "win32"
  return {
    platform,
    env,
    home: isWindows ? "C:\\Users\\ada" : "/home/ada",
    temp: isWindows ? "C:\\Temp" : "/tmp",
    read: (file) => files[file] ?? null,
  }
}
