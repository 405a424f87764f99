import { effortTold, QUICK } from "./effort.ts"
import type { Figures } from "./figures.ts"
import type { Results } from "./results.ts"

const none: Figures = {
  burst_per_s: null,
  inflight64_per_s: null,
  serial_p50_us: null,
  serial_p99_us: null,
  raw_16mib_ms: null,
  channel_per_s: null,
  first_call_ms: null,
}
const costs = { core_cpu_us_per_call: 3.5, page_main_us_per_call: null, long_tasks: 0, longest_task_ms: 0 }

/** A run in one browser with two peers, which could not measure everything. */
export const RESULTS: Results = {
  machine: {
    cores: 2,
    processor: "Some processor",
    memory_bytes: 16 * 2 ** 30,
    os: "Some Linux 12",
    node: "22.23.3",
    sallyport: "0.1.0",
    month: "2026-11",
  },
  efforts: { own: effortTold(QUICK.own), peers: effortTold(QUICK.peers) },
  browsers: {
    chromium: {
      version: "156.0.1",
      isolated: { ...none, ...costs, burst_per_s: 250_000, serial_p50_us: 300, hook_us_per_call: 0.04 },
      brownfield: { ...none, ...costs, burst_per_s: 300_000, serial_p50_us: 250 },
      ratios: { ...none, burst_per_s: 0.841, serial_p50_us: 1.2 },
    },
  },
  peers: {
    chromium: {
      ws: {
        ...none,
        burst_calls: 300,
        burst_per_s: 10_000,
        serial_p50_us: 150,
        ratios: { ...none, burst_per_s: 25.2, serial_p50_us: 2.01 },
      },
      "somebody new": { ...none, burst_calls: 200, burst_per_s: 20_000, ratios: { ...none, burst_per_s: 12.4 } },
    },
  },
  core: { heap_per_session_bytes: 12_000 },
  command_line: { check_20_files_ms: null, test_1000_cases_ms: 650 },
  failures: ["sallyport check: did not start"],
}
