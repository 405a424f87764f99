import type { Access, Judgement, Scope } from "../access.ts"
import { Denial } from "./denial.ts"
import type { Grants } from "./grants.ts"
import type { Manifest } from "./manifest.ts"
import type { Manifests } from "./manifests.ts"

/** A page may open windows of any name: what was found out about them is not kept for ever. */
const WINDOWS_REMEMBERED = 1024

const OPEN: Judgement = { allowed: true, scope: { allow: [], deny: [] } }

/** Who may call what, as capabilities say: everything that they do not grant is denied, and one deny is enough. */
export class CapabilityAccess implements Access {
  readonly #grants: Grants
  readonly #checksApp: boolean
  readonly #denial: Denial
  /** By full name. */
  readonly #commands = new Map<string, readonly [manifest: Manifest, command: string]>()
  /** By window, then by command. Only commands that there are: a page can ask for any. */
  readonly #judged = new Map<string, Map<string, Judgement>>()

  /** @param checksApp whether the app's own commands need a permission, too */
  constructor(manifests: Manifests, grants: Grants, checksApp: boolean) {
    this.#grants = grants
    this.#checksApp = checksApp
    this.#denial = new Denial(manifests)
    for (const manifest of manifests.all)
      for (const command of manifest.commands) this.#commands.set(manifest.full(command), [manifest, command])
  }

  /** Of how many windows it is known what they may. */
  get windowsRemembered(): number {
    return this.#judged.size
  }

  judge(name: string, window: string): Judgement {
    const judged = this.#judged.get(window)?.get(name)
    if (judged !== undefined) return judged
    const command = this.#commands.get(name)
    if (command === undefined) {
      const isOpen = !this.#checksApp && !name.startsWith("plugin:")
      return isOpen ? OPEN : { allowed: false, message: this.#denial.notFound(name) }
    }
    const judgement = this.#weigh(name, window, ...command)
    if (!this.#judged.has(window)) {
      if (this.#judged.size >= WINDOWS_REMEMBERED) this.#judged.clear()
      this.#judged.set(window, new Map())
    }
    this.#judged.get(window)?.set(name, judgement)
    return judgement
  }

  #weigh(name: string, window: string, manifest: Manifest, command: string): Judgement {
    if (manifest.key === "" && !this.#checksApp) return OPEN
    const denied = this.#grants.denied.get(name)
    if (denied !== undefined) return { allowed: false, message: this.#denial.denied(manifest, command, denied) }
    const everywhere = this.#grants.allowed.get(name) ?? []
    const here = everywhere.filter((grant) => grant.isFor(window))
    if (here.length === 0)
      return { allowed: false, message: this.#denial.notGranted(manifest, command, window, everywhere) }
    const wide = this.#grants.wide.get(manifest.key) ?? []
    const allowing = [...here, ...wide.filter((grant) => grant.isFor(window))]
    return {
      allowed: true,
      // What a plugin-wide scope denies it denies in every window, as a denied command is.
      scope: merge(
        allowing.map(({ scope }) => scope.allow),
        [...here, ...wide].map(({ scope }) => scope.deny),
      ),
    }
  }
}

function merge(allow: readonly (readonly unknown[])[], deny: readonly (readonly unknown[])[]): Scope {
  return { allow: Object.freeze(allow.flat()), deny: Object.freeze(deny.flat()) }
}
