import * as fc from "fast-check"

/** A promise that must hold for whatever an arbitrary makes. */
export interface Property {
  /** What is promised. */
  readonly name: string
  /** Tries as many values as make a batch. The same seed makes the same values. */
  tryBatch(seed: number): Promise<Batch>
}

export interface Batch {
  readonly runs: number
  /** `null`: it held. */
  readonly finding: Finding | null
}

/** A value for which a promise does not hold. */
export interface Finding {
  readonly seed: number
  /** The smallest that was found, in words. */
  readonly counterexample: string
  readonly error: string
}

/** A part of the code under fuzzing. */
export interface Target {
  /** For `--only`. */
  readonly name: string
  readonly properties: readonly Property[]
}

/** Values in a batch: enough that the larger ones come up, few enough that a batch of anything ends within a second. */
const BATCH = 100

/** Characters of a counterexample that a person is shown: its seed finds all of it again. */
const LONGEST = 4000

/** `promise` throws, or rejects, where `arbitrary`'s value breaks what `name` says. */
export function property<Value>(
  name: string,
  arbitrary: fc.Arbitrary<Value>,
  promise: (value: Value) => void | Promise<void>,
  batch: number = BATCH,
): Property {
  return {
    name,
    async tryBatch(seed) {
      const run = fc.asyncProperty(arbitrary, async (value) => promise(value))
      const { failed, counterexample, errorInstance, numRuns } = await fc.check(run, { seed, numRuns: batch })
      if (!failed) return { runs: numRuns, finding: null }
      const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : errorInstance
      return {
        runs: numRuns,
        finding: { seed, counterexample: clip(fc.stringify(counterexample?.[0])), error: String(error) },
      }
    },
  }
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text
}

/**
 * Tries one batch after the other, each with the next seed, until something is found or `isEnough` says so of the number of
 * batches; at least one.
 */
export async function tryBatches(
  property: Property,
  seed: number,
  isEnough: (batches: number) => boolean,
): Promise<Batch> {
  let runs = 0
  for (let batches = 1; ; batches++) {
    const batch = await property.tryBatch((seed + batches - 1) | 0)
    runs += batch.runs
    if (batch.finding !== null || isEnough(batches)) return { runs, finding: batch.finding }
  }
}

/** A finding as a person reads it, with how to see it again. */
export function describe(target: Target, property: Property, { seed, counterexample, error }: Finding): string {
  const indented = (text: string): string => text.replace(/^/gm, "    ")
  return [
    `${target.name}: ${property.name}: does not hold`,
    `  for\n${indented(counterexample)}`,
    `  because\n${indented(error)}`,
    `  again:  npm run fuzz -- --only ${target.name} --seed ${seed}`,
  ].join("\n")
}

export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}
