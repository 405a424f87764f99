import { readFile, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { BROWSERS } from "../e2e/drivers/driver.ts"
import { altText, BROWSER_TITLES, CHARTS, drawChart } from "./charts.ts"
import type { Machine } from "./machine.ts"
import { markdownTable, withSection } from "./markdown.ts"
import { PEERS } from "./peers/index.ts"
import type { Results } from "./results.ts"
import { effortsInWords, patternTable, peerTable, shown, type Table } from "./table.ts"

/** Writes the figures and their charts into a folder that holds `benchmarks.md`; what people wrote there stays. */
export async function writeDocument(results: Results, folder: string): Promise<void> {
  for (const chart of CHARTS) await writeFile(`${folder}/${chart.file}`, drawChart(chart, results))
  const file = `${folder}/benchmarks.md`
  await writeFile(file, withSection(await readFile(file, "utf8"), "figures", section(results)))
}

/** What stands in the document, as lines of Markdown. */
export function section(results: Results): string[] {
  const { machine, browsers, peers, core, command_line, efforts } = results
  return [
    machineInWords(machine),
    ...CHARTS.flatMap((chart) => ["", `![${altText(chart, results)}](${chart.file})`]),
    ...BROWSERS.flatMap((name) => {
      const result = browsers[name]
      if (result === undefined) return []
      const beside = peers[name] ?? {}
      return [
        "",
        `**${BROWSER_TITLES[name]} ${result.version}**`,
        "",
        ...asMarkdown(patternTable(result)),
        ...(Object.keys(beside).length === 0 ? [] : ["", ...asMarkdown(peerTable(result.isolated, beside, efforts))]),
      ]
    }),
    "",
    "The first table's ratio is isolated ÷ brownfield, and what stands in brackets is isolated ÷ that peer: of rates more is better, of times less.",
    "",
    ...effortsInWords(efforts),
    "",
    `An idle session takes ${shown(core.heap_per_session_bytes)} bytes of the Core's heap. \`sallyport check\` takes ${shown(command_line.check_20_files_ms)} ms for an isolation app of 20 files, and \`sallyport test --node\` ${shown(command_line.test_1000_cases_ms)} ms for 1,000 cases.`,
    "",
    "What is measured beside Sallyport, and how it is set up:",
    "",
    ...PEERS.map(({ title, packages, endsIn, setUp }) => {
      const versions = packages.map((name) => `${name} ${versionOf(name)}`).join(", ")
      return `- ${title} (${versions}): ${setUp}.${endsIn === "frame" ? " Its calls end in the frame, and reach no Core." : ""}`
    }),
  ]
}

function machineInWords({ cores, processor, memory_bytes, os, node, sallyport, month }: Machine): string {
  const memory = Math.round(memory_bytes / 2 ** 30)
  return `Machine: ${cores} cores (${processor}), ${memory} GiB, ${os}, Node ${node}. Version ${sallyport}, one run of ${month}.`
}

function asMarkdown([head = [], ...rows]: Table): string[] {
  return markdownTable(head, rows)
}

/** Of what is installed. Some packages do not let their package.json be imported: it is found beside what can. */
function versionOf(name: string): string {
  const { resolve } = createRequire(import.meta.url)
  const [root = ""] = new RegExp(`^.*/node_modules/${name}/`).exec(resolve(name)) ?? []
  return (createRequire(import.meta.url)(`${root}package.json`) as { version: string }).version
}
