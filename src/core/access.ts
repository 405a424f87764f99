/** What a window may do with a command that it may call: values whose meaning is the plugin's own, paths for instance. */
export interface Scope {
  readonly allow: readonly unknown[]
  /** Decides over `allow`. */
  readonly deny: readonly unknown[]
}

/** Which window may call which command: what an app's capabilities come to. */
export interface Access {
  /** `command` as it will be run: `read_note`, `plugin:fs|read_file`. */
  judge(command: string, window: string): Judgement
}

export type Judgement =
  | { readonly allowed: true; readonly scope: Scope }
  /** `message`: the command, the window, and what permission would allow it. */
  | { readonly allowed: false; readonly message: string }

const OPEN: Judgement = { allowed: true, scope: { allow: [], deny: [] } }

/** An app without capabilities: every window may call every command, and no scope opens anything. */
export const UNRESTRICTED: Access = { judge: () => OPEN }
