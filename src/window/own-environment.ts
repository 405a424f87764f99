/**
 * This process's environment as an object without a prototype. Node hands a program every name that it finds by `for … in`, so that
 * with `LD_PRELOAD` on a polluted `Object.prototype` the browser would load what the page says.
 */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.assign(Object.create(null), process.env)
}
