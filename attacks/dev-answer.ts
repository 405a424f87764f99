/** How a careless development server answers: with what the address says. `DEV` in a header is its own address. */
export interface DevAnswer {
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The path at which the victim's development server answers so. */
export function devPath(answer: DevAnswer): string {
  return `/answer?${encodeURIComponent(JSON.stringify(answer))}`
}
