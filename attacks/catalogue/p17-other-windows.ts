import type { Attack, Replacement } from "../attack.ts"

/** What the hook lets through, for one window only; a deny beside an allow. */
const CAPABILITIES = {
  capabilities: [
    { identifier: "main", windows: ["main"], permissions: ["allow-allowed", "allow-window", "allow-slow"] },
    { identifier: "other", windows: ["other", "mai"], permissions: ["allow-read-file", "deny-slow"] },
  ],
}

const ANY_WINDOW: Replacement = {
  off: "the windows of capabilities: what one has, all have",
  file: "core/capabilities/capability-access.ts",
  find: "everywhere.filter((grant) => grant.isFor(window))",
  replace: "everywhere",
}

const NO_DENY: Replacement = {
  off: "denies in capabilities",
  file: "core/capabilities/capability-access.ts",
  find: "const denied = this.#grants.denied.get(name)",
  replace: "const denied = undefined as undefined | []",
}

/** P17: a page acts as another window, to call what only that one may. The hook lets all of it through. */
export const otherWindows: readonly Attack[] = [
  {
    id: "P17",
    name: "a command that only another window's capabilities grant, with that window's label wherever one can be put",
    stoppedBy: "capabilities, by the label that the launch gave",
    defence: "core",
    control: ANY_WINDOW,
    victim: { security: CAPABILITIES },
    inPage: async (attacker) => {
      const path = "/notes/a"
      const label = "other"
      const metadata = (window as unknown as { __TAURI_INTERNALS__: { metadata?: Record<string, object> } })
        .__TAURI_INTERNALS__.metadata
      for (const of of Object.values(metadata ?? {})) Reflect.set(of, "label", label)
      await attacker.call("read_file", { path, label, window: label, windowLabel: label })
      await attacker.call("read_file", JSON.parse(`{ "path": "${path}", "__proto__": { "window": "${label}" } }`))
      const names = ["Tauri-Window-Label", "Tauri-Webview-Label", "window", "label", "Origin"]
      await attacker.call("read_file", { path }, { headers: names.map((name) => [name, label]) })
      for (const name of [
        "read_file",
        "read_file|other",
        "plugin:|read_file",
        "read_file\0",
        " read_file",
        "Read_File",
      ])
        await attacker.call(name, { path })
    },
    succeeded: (_result, { victim }) => victim.hasRun("read_file"),
  },
  {
    id: "P17",
    name: "a command that this window's capability grants and another's denies",
    stoppedBy: "one deny in any capability",
    defence: "core",
    control: NO_DENY,
    victim: { security: CAPABILITIES },
    // It answers when the session ends only.
    inPage: (attacker) => Promise.race([attacker.call("slow"), attacker.pause(1000)]),
    succeeded: (_result, { victim }) => victim.hasRun("slow"),
  },
]
