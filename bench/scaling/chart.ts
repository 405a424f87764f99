import { type EChartsCoreOption, init } from "echarts"
import { type Colors, inBothSchemes } from "../color-schemes.ts"
import type { Line, Sweep } from "./sweep.ts"

const [WIDTH, HEIGHT] = [860, 360]

const COLORS = {
  text: ["#57606a", "#9ea7b3"],
  rule: ["#d0d7de", "#3d444d"],
  isolated: ["#0969da", "#58a6ff"],
  brownfield: ["#bc4c00", "#f0883e"],
} as const satisfies Colors

/** A chart of calls per second and p99, one beside the other, as SVG that is legible on light and dark. */
export function drawSweep(sweep: Sweep): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT })
  try {
    chart.setOption(optionsOf(sweep))
    return inBothSchemes(chart.renderToSVGString(), `${sweep.title}: calls per second, and p99`, COLORS)
  } finally {
    chart.dispose()
  }
}

/** What the chart shows, as ECharts takes it: a panel with calls per second, and one with p99 in ms. */
export function optionsOf({ title, axis, label, lines }: Sweep): EChartsCoreOption {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b)
  const panels = [
    { name: "calls per second", value: (point: Line["points"][number]) => significant(point.perSecond) },
    { name: "p99, ms", value: (point: Line["points"][number]) => significant(point.p99Us / 1000) },
  ]
  const text = { color: COLORS.text[0], fontSize: 12, fontFamily: "sans-serif" }
  return {
    animation: false,
    title: { text: title, left: 8, top: 6, textStyle: { ...text, fontSize: 15 } },
    // Without a canvas a text is taken for narrower than it is.
    legend: { data: lines.map(({ name }) => name), left: 8, top: 32, itemGap: 32, textStyle: text },
    grid: panels.map((_, panel) => ({
      left: panel === 0 ? 84 : WIDTH / 2 + 66,
      width: WIDTH / 2 - 100,
      top: 92,
      bottom: 56,
    })),
    xAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: "category",
      data: places.map(label),
      name: axis,
      nameLocation: "middle",
      nameGap: 32,
      nameTextStyle: text,
      axisLabel: { ...text, interval: 0, fontSize: 11 },
      axisLine: { lineStyle: { color: COLORS.rule[0] } },
      axisTick: { show: false },
    })),
    yAxis: panels.map(({ name }, gridIndex) => ({
      gridIndex,
      type: "log",
      name,
      nameTextStyle: { ...text, align: "left" },
      axisLabel: { ...text, formatter: (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 3 }) },
      splitLine: { lineStyle: { color: COLORS.rule[0] } },
    })),
    series: panels.flatMap(({ value }, panel) =>
      lines.map((line, index) => {
        const color = (line.name.startsWith("brownfield") ? COLORS.brownfield : COLORS.isolated)[0]
        const isSecond = lines.findIndex(({ name }) => name.split(",")[0] === line.name.split(",")[0]) < index
        return {
          type: "line",
          name: line.name,
          xAxisIndex: panel,
          yAxisIndex: panel,
          data: places.map((place) => {
            const point = line.points.find(({ x }) => x === place)
            return point === undefined ? null : value(point)
          }),
          connectNulls: true,
          symbol: isSecond ? "diamond" : "circle",
          symbolSize: isSecond ? 8 : 6,
          lineStyle: { color, width: 2, type: isSecond ? "dashed" : "solid" },
          itemStyle: { color },
        }
      }),
    ),
  }
}

/** Three figures: more are chance. */
function significant(value: number): number {
  return Number(value.toPrecision(3))
}
