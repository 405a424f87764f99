import { FUZZ_CLASSES, type FuzzClass, HOSTILE_TEXTS, otherTypes } from "./fuzz-classes.ts"
import type { TestCall } from "./hook-under-test.ts"

/** A call that no honest frontend makes. */
export interface HostileCall {
  readonly class: FuzzClass
  readonly call: TestCall
  /** Where in the arguments something was changed: `path`, `options.baseDir`. */
  readonly place: string
}

/** Levels of the arguments that are changed. */
const DEPTH = 3

/** Every hostile variant of one good call, class by class: one value is changed at a time. */
export function hostileCalls(good: TestCall): HostileCall[] {
  const { payload } = good
  const variant = (name: FuzzClass, place: string, changed: unknown): HostileCall => ({
    class: name,
    call: { ...good, payload: changed },
    place,
  })
  const calls: HostileCall[] = []
  for (const { place, value, replace } of places(payload, DEPTH)) {
    if (typeof value === "string")
      for (const name of FUZZ_CLASSES)
        for (const text of HOSTILE_TEXTS[name]?.(value) ?? []) calls.push(variant(name, place, replace(text)))
    for (const other of otherTypes(value)) calls.push(variant("type", place, replace(other)))
    calls.push(variant("type", place, replace(undefined)))
  }
  // As own keys: a hook that copies key by key would set a prototype. `__proto__` itself is dropped before any hook.
  if (isPlainObject(payload))
    for (const key of ["constructor", "prototype", "toString", "hasOwnProperty"])
      calls.push(variant("prototype", key, { ...payload, [key]: { isAllowed: true } }))
  return calls
}

interface Place {
  readonly place: string
  readonly value: unknown
  /** The whole arguments with another value here; `undefined` leaves the key out. */
  readonly replace: (other: unknown) => unknown
}

function places(value: unknown, depth: number): Place[] {
  if (depth === 0 || !isPlainObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]): Place[] => {
    const replace = (other: unknown): unknown => ({ ...value, [key]: other })
    const deeper = places(inner, depth - 1).map((place) => ({
      ...place,
      place: `${key}.${place.place}`,
      replace: (other: unknown) => replace(place.replace(other)),
    }))
    return [{ place: key, value: inner, replace }, ...deeper]
  })
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
