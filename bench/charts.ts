import { type EChartsCoreOption, init } from "echarts"
import { BROWSERS, type BrowserName } from "../e2e/drivers/driver.ts"
import { type Colors, inBothSchemes } from "./color-schemes.ts"
import type { FigureName } from "./figures.ts"
import { PEERS } from "./peers/index.ts"
import type { Results } from "./results.ts"

const WIDTH = 900
const ROW_HEIGHT = 44

const COLORS = {
  ground: ["#ffffff", "#0d1117"],
  text: ["#24292f", "#e6edf3"],
  rule: ["#d0d7de", "#3d444d"],
  chromium: ["#0969da", "#58a6ff"],
  firefox: ["#bc4c00", "#f0883e"],
  webkit: ["#1a7f37", "#3fb950"],
} as const satisfies Colors

export const BROWSER_TITLES: Readonly<Record<BrowserName, string>> = {
  chromium: "Chromium",
  firefox: "Firefox",
  webkit: "WebKitGTK",
}

/** A chart in docs: two figures side by side. */
export interface Chart {
  readonly file: string
  readonly title: string
  readonly panels: readonly [Panel, Panel]
}

interface Panel {
  readonly figure: FigureName
  readonly title: string
  /** Where the axis begins. */
  readonly from: number
}

/** Whoever cannot take as many. */
const EXCEPT = PEERS.flatMap(({ title, mostAtOnce }) =>
  mostAtOnce === undefined ? [] : [` (${title}: ${mostAtOnce.toLocaleString("en-US")})`],
).join("")

export const CHARTS: readonly Chart[] = [
  {
    file: "benchmarks-rates.svg",
    title: "Calls per second, logarithmic: more is better",
    panels: [
      { figure: "burst_per_s", title: `20,000 issued at once${EXCEPT}`, from: 100 },
      { figure: "inflight64_per_s", title: "64 in flight", from: 100 },
    ],
  },
  {
    file: "benchmarks-latency.svg",
    title: "One call after the other, µs, logarithmic: less is better",
    panels: [
      { figure: "serial_p50_us", title: "p50", from: 10 },
      { figure: "serial_p99_us", title: "p99", from: 10 },
    ],
  },
]

/** Who is measured, in rows from above, and its figure by browser. */
export function rowsOf(
  results: Results,
  figure: FigureName,
): { readonly title: string; readonly values: { readonly [name in BrowserName]?: number | null } }[] {
  const row = (title: string, of: (name: BrowserName) => number | null | undefined) => ({
    title,
    values: Object.fromEntries(BROWSERS.map((name) => [name, of(name) ?? null])),
  })
  return [
    row("Sallyport, isolated", (name) => results.browsers[name]?.isolated[figure]),
    row("Sallyport, brownfield", (name) => results.browsers[name]?.brownfield[figure]),
    ...PEERS.map(({ name: peer, title }) => row(title, (name) => results.peers[name]?.[peer]?.[figure])),
  ]
}

/** A chart as SVG, the same for the same figures. */
export function drawChart(chart: Chart, results: Results): string {
  const rows = rowsOf(results, chart.panels[0].figure).length
  const height = 100 + rows * ROW_HEIGHT
  const drawing = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height })
  try {
    drawing.setOption(optionsOf(chart, results))
    return inBothSchemes(drawing.renderToSVGString(), chart.title, COLORS)
  } finally {
    drawing.dispose()
  }
}

function optionsOf({ title, panels }: Chart, results: Results): EChartsCoreOption {
  const text = { color: COLORS.text[0], fontSize: 12, fontFamily: "sans-serif" }
  const [left, gap, right] = [176, 40, 56]
  const width = (WIDTH - left - gap - right) / 2
  const titles = rowsOf(results, panels[0].figure).map((row) => row.title)
  return {
    animation: false,
    backgroundColor: COLORS.ground[0],
    title: { text: title, left: 8, top: 6, borderColor: COLORS.ground[0], textStyle: { ...text, fontSize: 15 } },
    legend: {
      top: 8,
      right: 16,
      itemGap: 24,
      borderColor: COLORS.ground[0],
      textStyle: text,
      data: BROWSERS.map((name) => BROWSER_TITLES[name]),
    },
    grid: panels.map((_, panel) => ({ left: left + panel * (width + gap), width: width - 8, top: 64, bottom: 28 })),
    xAxis: panels.map((panel, gridIndex) => ({
      gridIndex,
      type: "log",
      min: panel.from,
      position: "top",
      name: panel.title,
      nameLocation: "middle",
      nameGap: 22,
      nameTextStyle: text,
      axisLabel: { show: false },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: COLORS.rule[0] } },
    })),
    yAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: "category",
      inverse: true,
      data: titles,
      axisLabel: { ...text, show: gridIndex === 0 },
      axisLine: { lineStyle: { color: COLORS.rule[0] } },
      axisTick: { show: false },
    })),
    series: panels.flatMap(({ figure }, panel) =>
      BROWSERS.map((name) => ({
        type: "bar",
        name: BROWSER_TITLES[name],
        xAxisIndex: panel,
        yAxisIndex: panel,
        barCategoryGap: "16%",
        barGap: "10%",
        data: rowsOf(results, figure).map(({ values }) => values[name] ?? null),
        itemStyle: { color: COLORS[name][0] },
        label: {
          ...text,
          fontSize: 10,
          show: true,
          position: "right",
          formatter: ({ value }: { value: number | null }) => (value === null ? "" : significant(value)),
        },
      })),
    ),
  }
}

/** What somebody who does not see the chart should know: its first panel, Sallyport's own rows. */
export function altText({ title, panels: [panel] }: Chart, results: Results): string {
  const rows = rowsOf(results, panel.figure)
  const told = rows.slice(0, 2).map(({ title, values }) => {
    const figures = BROWSERS.flatMap((name) => {
      const value = values[name] ?? null
      return value === null ? [] : [`${BROWSER_TITLES[name]} ${significant(value)}`]
    })
    return `${title}: ${figures.join(", ")}`
  })
  return `${title}. ${panel.title}: ${told.join("; ")}. The others are in the tables below.`
}

/** Three figures: more are chance. */
function significant(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US")
}
