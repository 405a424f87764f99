import type { HookScript } from "./hook-scripts.ts"
import type { ScriptCoverage } from "./node-realm.ts"

/** How much of a file ran. */
export interface FileCoverage {
  readonly file: string
  readonly lines: { readonly total: number; readonly covered: number }
  /** Blocks that V8 counts by themselves: the arms of conditions, bodies of loops, functions. */
  readonly branches: { readonly total: number; readonly covered: number }
  /** Numbers of the lines that never ran, from 1. Blank lines do not count. */
  readonly missed: readonly number[]
}

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

/** Sums up V8's counts of one or more runs, file by file, in the order in which a browser runs them. */
export function coverageOf(scripts: readonly HookScript[], counted: readonly ScriptCoverage[]): FileCoverage[] {
  const files = [...new Set(scripts.map(({ file }) => file))]
  return files.map((file) => {
    const parts = scripts.filter((script) => script.file === file)
    const counts = parts.map((part, index) => countPart(part, runsOf(file, index, parts.length, counted)))
    const lines = counts.flatMap(({ lines }) => lines)
    const branches = counts.flatMap(({ branches }) => branches)
    return {
      file,
      lines: { total: lines.length, covered: lines.filter(({ ran }) => ran).length },
      branches: { total: branches.length, covered: branches.filter((ran) => ran).length },
      missed: lines.filter(({ ran }) => !ran).map(({ line }) => line),
    }
  })
}

/** Several scripts of one page have its address each: V8 lists them in the order in which they ran, once a run. */
function runsOf(file: string, index: number, parts: number, counted: readonly ScriptCoverage[]): ScriptCoverage[] {
  return counted.filter((run) => run.file === file).filter((_, at) => at % parts === index)
}

function countPart(
  { text, lineOffset }: HookScript,
  runs: readonly ScriptCoverage[],
): { readonly lines: { readonly line: number; readonly ran: boolean }[]; readonly branches: boolean[] } {
  const ranByRun = runs.map((run) => ranOffsets(text.length, run))
  const ran = (offset: number): boolean => ranByRun.some((offsets) => offsets[offset] === 1)
  const lines: { line: number; ran: boolean }[] = []
  let start = 0
  for (const [index, line] of text.split("\n").entries()) {
    const first = start + line.search(/\S/)
    // A line ran when any of its characters did: the arm of a condition on the same line is a branch.
    if (line.trim() !== "")
      lines.push({ line: lineOffset + index + 1, ran: anyRan(ran, first, start + line.trimEnd().length) })
    start += line.length + 1
  }
  const blocks = new Map<string, boolean>()
  for (const { functions } of runs)
    for (const { ranges } of functions)
      for (const { startOffset, endOffset, count } of ranges) {
        const block = `${startOffset}-${endOffset}`
        blocks.set(block, (blocks.get(block) ?? false) || count > 0)
      }
  return { lines, branches: [...blocks.values()] }
}

function anyRan(ran: (offset: number) => boolean, start: number, end: number): boolean {
  for (let offset = start; offset < end; offset++) if (ran(offset)) return true
  return false
}

/** One byte a character: whether it ran. Inner ranges come after those around them and say more. */
function ranOffsets(length: number, { functions }: ScriptCoverage): Uint8Array {
  const ran = new Uint8Array(length)
  const ranges: Range[] = functions.flatMap(({ ranges }) => [...ranges])
  const outerFirst = ranges.sort((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset))
  for (const { startOffset, endOffset, count } of outerFirst) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return ran
}

/** Numbers as ranges: `3, 7-9`. */
export function asRanges(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = []
  for (const number of numbers) {
    const current = ranges.at(-1)
    if (current !== undefined && current[1] === number - 1) current[1] = number
    else ranges.push([number, number])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ")
}
