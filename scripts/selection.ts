/** Which part of the tests a run is for: the default run, what the default run leaves out, or both. */
export const SELECTIONS = ["default", "left-out", "all"] as const

export type Selection = (typeof SELECTIONS)[number]

/** Environment variable that carries the selection from `npm test` to the processes that run test files. */
export const SELECTION_VARIABLE = "SALLYPORT_TESTS"

/**
 * Returns the selection of this process: the value of `SALLYPORT_TESTS`, or everything when it is not set, so that a file that
 * is run by hand leaves nothing out.
 *
 * @throws Error for a value that is no selection
 */
export function selection(environment: NodeJS.ProcessEnv = process.env): Selection {
  const value = environment[SELECTION_VARIABLE] ?? "all"
  const known = SELECTIONS.find((name) => name === value)
  if (known === undefined)
    throw new Error(`${SELECTION_VARIABLE} must be one of ${SELECTIONS.join(", ")}, not "${value}"`)
  return known
}

/**
 * Returns whether a test belongs to a selection.
 *
 * @param isDefault whether the default run includes the test
 * @example
 * if (selects(attack.places.includes(place))) test(attack.name, …)
 */
export function selects(isDefault: boolean, wanted: Selection = selection()): boolean {
  return wanted === "all" || isDefault === (wanted === "default")
}
