/** Reads a property of what may be an instance of a class: through its prototypes, up to `Object.prototype` and without it. */
export function inherited(object: object, name: PropertyKey): unknown {
  for (let holder: object | null = object; holder !== null && holder !== Object.prototype; ) {
    if (Object.hasOwn(holder, name)) return (object as Readonly<Record<PropertyKey, unknown>>)[name]
    holder = Object.getPrototypeOf(holder)
  }
  return undefined
}
