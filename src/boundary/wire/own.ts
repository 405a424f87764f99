/**
 * Reads what an object has itself.
 *
 * A command or a hook that merges its arguments carelessly lets a page write to `Object.prototype`
 * (`{"constructor":{"prototype":{"calls":[...]}}}`). Whatever parsed JSON or an options object does not have itself would then be the page's
 * choice: calls that no hook saw, another command's permission, headers that the hook did not return.
 *
 * Promises that no prototype decides anything. Stops P31.
 */

/** Reads an own property; `undefined` if the object has none of that name. */
export function own(object: object, name: PropertyKey): unknown {
  return Object.hasOwn(object, name) ? (object as Readonly<Record<PropertyKey, unknown>>)[name] : undefined
}

/** Returns a copy of an object's own enumerable properties that inherits nothing: a property that it does not have is `undefined`. */
export function bare<Type extends object>(object: Type): Type {
  return { __proto__: null, ...object }
}
