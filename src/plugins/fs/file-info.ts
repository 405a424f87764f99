import type { Stats } from "node:fs"

/** `FileInfo` of `@tauri-apps/plugin-fs`, as the Core sends it: times in ms since 1970, what there is not is null. */
export interface FileInfo {
  readonly isFile: boolean
  readonly isDirectory: boolean
  readonly isSymlink: boolean
  readonly size: number
  readonly mtime: number | null
  readonly atime: number | null
  readonly birthtime: number | null
  readonly readonly: boolean
  readonly fileAttributes: number | null
  readonly dev: number | null
  readonly ino: number | null
  readonly mode: number | null
  readonly nlink: number | null
  readonly uid: number | null
  readonly gid: number | null
  readonly rdev: number | null
  readonly blksize: number | null
  readonly blocks: number | null
}

export function fileInfo(stats: Stats): FileInfo {
  const onUnix = (value: number): number | null => (process.platform === "win32" ? null : value)
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
    size: stats.size,
    mtime: time(stats.mtimeMs),
    atime: time(stats.atimeMs),
    // A file system that keeps no such time says 1970.
    birthtime: stats.birthtimeMs === 0 ? null : time(stats.birthtimeMs),
    // What Rust calls so: nobody may write.
    readonly: (stats.mode & 0o222) === 0,
    fileAttributes: null,
    dev: onUnix(stats.dev),
    ino: onUnix(stats.ino),
    mode: onUnix(stats.mode),
    nlink: onUnix(stats.nlink),
    uid: onUnix(stats.uid),
    gid: onUnix(stats.gid),
    rdev: onUnix(stats.rdev),
    blksize: onUnix(stats.blksize),
    blocks: onUnix(stats.blocks),
  }
}

function time(ms: number): number | null {
  return Number.isFinite(ms) ? Math.trunc(ms) : null
}
