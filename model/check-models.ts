import { availableParallelism } from "node:os"
import { type Bounds, MODELS, type Model, type Property } from "./properties.ts"
import { Checker, type Verdict } from "./spin.ts"

/** A property in its model, as specified or with one rule taken out. */
export interface Experiment {
  readonly model: Model
  readonly property: Property
  /** The rule that is taken out; `null`: the model as it is, and the property is to hold. */
  readonly without: string | null
}

export interface Result extends Experiment {
  readonly verdict: Verdict
}

/** Each property once as it is, and once without each rule that it rests on. */
export const EXPERIMENTS: readonly Experiment[] = MODELS.flatMap((model) =>
  model.properties.flatMap((property) => [
    { model, property, without: null },
    ...Object.keys(property.brokenBy).map((without) => ({ model, property, without })),
  ]),
)

/** Whether an experiment has come out as it must. */
export function isAsPromised({ without, verdict }: Result): boolean {
  return verdict.holds === (without === null)
}

/** Runs experiments, as many at a time as there are processors, and hands on each result as it comes. */
export async function runExperiments(
  experiments: readonly Experiment[],
  boundsOf: (model: Model) => Bounds,
  done: (result: Result) => void,
): Promise<void> {
  const waiting = [...groups(experiments).values()]
  const worker = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift())
      await runGroup(group, boundsOf, done)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

/** Experiments that one program can do: compiling takes longer than most searches. */
function groups(experiments: readonly Experiment[]): ReadonlyMap<string, Experiment[]> {
  const found = new Map<string, Experiment[]>()
  for (const experiment of experiments) {
    const key = [experiment.model.file, experiment.without, experiment.property.atLast].join()
    found.set(key, [...(found.get(key) ?? []), experiment])
  }
  return found
}

async function runGroup(
  group: readonly Experiment[],
  boundsOf: (model: Model) => Bounds,
  done: (result: Result) => void,
): Promise<void> {
  const [{ model, property, without } = {} as Experiment] = group
  const checker = await Checker.build(model.file, boundsOf(model), property.atLast ?? false, without ?? undefined)
  try {
    for (const experiment of group) done({ ...experiment, verdict: await checker.check(experiment.property) })
  } finally {
    await checker.remove()
  }
}
