import { type Attack, PLACES, type Place, placesOf } from "./attack.ts"
import { ATTACKS } from "./catalogue/index.ts"

/** One test of a place: an attack against the app as it is, or its control. */
export interface Proof {
  readonly place: Place
  readonly attack: Attack
  /** Whether the defence is off: then the attack must succeed. */
  readonly isControl: boolean
  /** Title of the test, unique in its place: `P3: …`, or `control of P3: …`. */
  readonly title: string
  /** Whether the default run includes it. */
  readonly isDefault: boolean
  /** Whether nothing else may run in its place meanwhile. */
  readonly needsQuiet: boolean
}

/**
 * Lists every proof of a place, in the order of the catalogue, those that need quiet last. By default an attack is tried in each of its engines, or in the
 * first of them where the Core alone stops it; its control runs in the first. What the default run leaves out, `--all` adds.
 */
export function proofsIn(place: Place, attacks: readonly Attack[] = ATTACKS): readonly Proof[] {
  const proofs = attacks
    .filter((attack) => placesOf(attack).includes(place))
    .flatMap((attack) => {
      const title = `${attack.id}: ${attack.name}`
      const needsQuiet = attack.needsQuiet ?? false
      const isFirst = placesOf(attack)[0] === place
      const isEverywhere = attack.where !== "local" && attack.defence === "browser"
      return [
        { place, attack, isControl: false, title, isDefault: isFirst || isEverywhere, needsQuiet },
        { place, attack, isControl: true, title: `control of ${title}`, isDefault: isFirst, needsQuiet },
      ]
    })
  return [...proofs.filter(({ needsQuiet }) => !needsQuiet), ...proofs.filter(({ needsQuiet }) => needsQuiet)]
}

/** Lists every proof of every place. */
export function allProofs(attacks: readonly Attack[] = ATTACKS): readonly Proof[] {
  return PLACES.flatMap((place) => proofsIn(place, attacks))
}
