/** What charts are drawn with, and what takes its place where the reader's screen is dark. */
export type Colors = Readonly<Record<string, readonly [light: string, dark: string]>>

/**
 * An SVG with a title, for whoever has it read aloud, and with colors that follow the reader's screen: they stand in attributes, and
 * a style sheet goes before them.
 */
export function inBothSchemes(svg: string, title: string, colors: Colors): string {
  const rules = Object.values(colors).map(
    ([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`,
  )
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join("")}}</style>`
  const name = `<title>${title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</title>`
  const start = svg.indexOf(">") + 1
  return `${svg.slice(0, start)}${name}${style}${svg.slice(start)}\n`
}
