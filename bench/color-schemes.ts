/** What charts are drawn with, and what takes its place where the reader's screen is dark. */
export type Colors = Readonly<Record<string, readonly [light: string, dark: string]>>

/**
 * A drawing as an image: with a title, for whoever has it read aloud, and with colors that follow the reader's screen: they stand in
 * attributes, and a style sheet goes before them.
 */
export function inBothSchemes(drawing: string, title: string, colors: Colors): string {
  // Classes are numbered through all charts of a process, and only serve a pointer, which an image never feels.
  const svg = drawing.replace(/<style.*?<\/style>/s, "").replaceAll(/ class="[^"]*"/g, "")
  const rules = Object.values(colors).map(
    ([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  )
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join("")}}</style>`
  const name = `<title>${title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title>`
  const start = svg.indexOf(">") + 1
  return `${svg.slice(0, start)}${name}${style}${svg.slice(start)}\n`
}
