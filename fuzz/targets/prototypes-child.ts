/**
 * Tries accessors on prototypes in a process of its own. With a setter on a name that Node assigns, as `callback`, Node throws where
 * nobody catches it, and a list does not grow over a setter for "0". That may stop the process; exit status 3: a call has appeared.
 */
import { type Pollution, polluted } from "./pollution.ts"
import { coreScene, type Dirty, ran, sandboxScene } from "./prototypes-stage.ts"

const pollution = JSON.parse(process.argv[2] as string) as Pollution
const clean: Dirty = (code) => code()
const dirty: Dirty = (code) => polluted(pollution, code)

await coreScene(() => clean)
await sandboxScene(clean)
const known = new Set(ran)
// By then the prototypes are clean again, also when something was thrown.
process.on("exit", () => {
  for (const call of ran) {
    if (known.has(call)) continue
    console.error(`a call appears: ${call}`)
    process.exit(3)
  }
})
await coreScene(() => dirty).catch(() => {})
await sandboxScene(dirty).catch(() => {})
process.exit(0)
