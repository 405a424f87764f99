/**
 * Runs a test while a prototype has more properties, as after a careless merge of `{"constructor":{"prototype":{…}}}`.
 * What an assertion says is worked out after they are gone again.
 */
export function withPolluted<Result>(
  properties: Readonly<Record<string, unknown>>,
  test: () => Result,
  prototype: object = Object.prototype,
): Result {
  const names = Object.keys(properties)
  for (const name of names) {
    const descriptor = { value: properties[name], enumerable: true, configurable: true, writable: true }
    Object.defineProperty(prototype, name, { __proto__: null, ...descriptor } as PropertyDescriptor)
  }
  try {
    return test()
  } finally {
    for (const name of names) Reflect.deleteProperty(prototype, name)
  }
}
