/**
 * Prints the titles of files of tests as one JSON object, without running a test: `node print-titles.ts FILE…`. A file that cannot
 * be imported is missing in it.
 */
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"

const recorder = new URL("recorder.ts", import.meta.url).href

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "node:test" && context.parentURL !== recorder
      ? { url: recorder, shortCircuit: true }
      : nextResolve(specifier, context),
})

const { takeTitles } = (await import(recorder)) as typeof import("./recorder.ts")
const titles: Record<string, readonly string[]> = {}
for (const file of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(file).href)
    titles[file] = takeTitles()
  } catch (error) {
    process.stderr.write(`${file}: ${String(error)}\n`)
    takeTitles()
  }
}
process.stdout.write(JSON.stringify(titles), () => process.exit())
