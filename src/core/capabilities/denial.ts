import type { Grant, Reference } from "./grants.ts"
import type { Manifest } from "./manifest.ts"
import type { Manifests } from "./manifests.ts"

/** As many permissions as somebody reads. */
const SHOWN = 5

/** What became of a command in a window, in the words of Tauri's debug builds, with what to do about it. */
export class Denial {
  readonly #manifests: Manifests

  constructor(manifests: Manifests) {
    this.#manifests = manifests
  }

  denied(manifest: Manifest, command: string, by: readonly Reference[]): string {
    return `${pretty(manifest, command)} explicitly denied on origin local: a deny holds for every window, referenced by: ${references(by)}`
  }

  notGranted(manifest: Manifest, command: string, window: string, elsewhere: readonly Grant[]): string {
    const permissions = this.#allowing(manifest, command)
    const shown = permissions.slice(0, SHOWN).join(", ") + (permissions.length > SHOWN ? ", …" : "")
    const add = `add one to a capability whose "windows" match ${JSON.stringify(window)}`
    const name = pretty(manifest, command)
    if (elsewhere.length === 0)
      return `${name} not allowed. Permissions associated with this command: ${shown}. No window has any: ${add}`
    const allowedOn = elsewhere.map(({ patterns }) => `[windows: ${patterns.map(quote).join(", ")}, URL: local]`)
    return (
      `${name} not allowed on window ${quote(window)}, webview ${quote(window)}, URL: local; ` +
      `allowed on: ${[...new Set(allowedOn)].join(", ")}, referenced by: ${references(elsewhere)}. ` +
      `Permissions associated with this command: ${shown}: ${add}`
    )
  }

  /** A command that there is not, of a plugin that there may be. */
  notFound(name: string): string {
    const [, plugin, ofPlugin] = /^plugin:([^|]*)\|?(.*)$/s.exec(name) ?? []
    if (plugin === undefined) return `${clip(name)} not allowed. Command not found`
    const isThere = this.#manifests.get(plugin) ?? this.#manifests.get(`core:${plugin}`)
    return `${clip(plugin)}.${clip(ofPlugin ?? "")} not allowed. ${isThere ? "Command" : "Plugin"} not found`
  }

  /** The command's own permission first, then the plugin's default, then all others. */
  #allowing(manifest: Manifest, command: string): readonly string[] {
    const rank = (identifier: string): number =>
      identifier === `allow-${command.replaceAll("_", "-")}` ? 0 : identifier === "default" ? 1 : 2
    return manifest.identifiers
      .filter((identifier) => this.#allows(manifest, identifier, command))
      .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
      .map((identifier) => manifest.name(identifier))
  }

  #allows(manifest: Manifest, identifier: string, command: string): boolean {
    const { leaves } = this.#manifests.expand(manifest.name(identifier))
    return leaves.some((leaf) => leaf.manifest === manifest && leaf.permission.commands.allow.includes(command))
  }
}

/** `event.listen`, as Tauri has it; commands of the app by their name. */
function pretty({ key }: Manifest, command: string): string {
  return key === "" ? command : `${key.replace(/^core:/, "")}.${command}`
}

function references(list: readonly Reference[]): string {
  return list.map(({ capability, permission }) => `capability: ${capability}, permission: ${permission}`).join(" || ")
}

const quote = (text: string): string => JSON.stringify(text)

/** The page chose this. */
const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)
