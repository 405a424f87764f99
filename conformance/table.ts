import { API_VERSION } from "./exports.ts"
import type { Row } from "./verdicts.ts"

const INTRODUCTION = `# Tauri frontends on Sallyport

<!-- Made by \`npm run tauri-table\` from the cases in conformance/: do not edit. -->

A frontend that was written for Tauri v2 runs here as it is: \`@tauri-apps/api\` finds what it expects. What to know when you bring one:

- **The Core is TypeScript.** Commands, plugins and their permissions are yours to bring; the names and shapes on the wire are Tauri's.
- **A window is a browser's.** What only a native window can do rejects, with a message that says so and why. Nothing resolves without having been done: catch the
  rejection, or do not call it.
- **Arguments that hang in Tauri work here**, \`{ payload: … }\` for instance, and a call that the hook refuses rejects instead of staying pending for ever.
- **Listeners survive a lost connection.** The page listens again by itself when it gets a new session; channels and resources end with the old one.
- **JSON arguments have at most 512 KiB**, \`plugins.sallyport.limits.jsonBytes\`: larger ones reject with \`JSON_TOO_LARGE\`. Send them as a \`Uint8Array\` or an \`ArrayBuffer\` ([guide](guide.md#limits)).
- **Stores merge.** A save keeps what another instance or a person has changed in the file meanwhile, and defaults alone are not written ([guide](guide.md#files-and-stores)).
`

/** docs/tauri.md: what becomes of every function. The same rows always give the same text. */
export function table(rows: readonly Row[]): string {
  const modules = Map.groupBy(rows, (row) => row.function.split(".")[0] as string)
  const sections = [...modules].map(
    ([module, of]) => `## @tauri-apps/api/${module}\n\n| function | | |\n| --- | --- | --- |\n${of.map(line).join("")}`,
  )
  const works = rows.filter(({ verdict }) => verdict === "works").length
  const count = `Of the ${rows.length} functions, methods and accessors that version ${API_VERSION} exports, ${works} work. Each line is shown by tests in Chromium, Firefox and WebKitGTK, isolated.
\`WebviewWindow\` has the methods of \`Window\` and \`Webview\` besides its own: they are listed with theirs.
`
  return `${INTRODUCTION}\n${count}\n${sections.join("\n")}`
}

function line({ function: name, verdict, reason }: Row): string {
  return `| \`${name.slice(name.indexOf(".") + 1)}\` | ${verdict} | ${reason.replaceAll("|", "\\|")} |\n`
}
