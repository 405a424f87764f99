/** What a misspelling keeps: `dev-url`, `devURL` and `dev_url` are one word, differently written. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_\s]/g, "")

/**
 * The candidate that `word` is most likely a misspelling of, or `null` when none is near enough: at most a third of its
 * letters may differ, and never more than three. Of two that are equally near, the first.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const written = plain(word)
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const meant = plain(candidate)
    const allowed = Math.min(3, Math.floor(Math.max(written.length, meant.length) / 3))
    const distance = editDistance(written, meant)
    if (distance <= allowed && distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Optimal string alignment: insertions, deletions, substitutions, and neighbors that changed places count one each. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
