import type { Profiler } from "node:inspector"

/** A script as its engine has it. */
export interface ScriptText {
  /** Line of its document that it begins in, from 0. */
  readonly startLine: number
  readonly text: string
}

/** The line that the bundler leaves before each file's part. */
const FILE_LINE = /^\s*\/\/ ((?:src|node_modules)\/\S+)$/

/** A profile in which the address of a function is the file that it is from, where its script was made by the bundler. */
export function withSources(profile: Profiler.Profile, scripts: ReadonlyMap<string, ScriptText>): Profiler.Profile {
  const files = new Map<string, readonly (string | undefined)[]>()
  for (const [id, { text }] of scripts) files.set(id, filesByLine(text))
  const nodes = profile.nodes.map((node) => {
    const { scriptId, lineNumber } = node.callFrame
    const startLine = scripts.get(scriptId)?.startLine ?? 0
    const url = files.get(scriptId)?.[lineNumber - startLine]
    return url === undefined ? node : { ...node, callFrame: { ...node.callFrame, url } }
  })
  return { ...profile, nodes }
}

/** Which file each line of a bundle is from. */
export function filesByLine(text: string): (string | undefined)[] {
  let file: string | undefined
  return text.split("\n").map((line) => {
    file = FILE_LINE.exec(line)?.[1] ?? file
    return file
  })
}
