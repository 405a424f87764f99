import type { PluginPermission } from "../../core/plugin.ts"
import { BASE_DIRECTORIES } from "../../directories/base-directory.ts"

type Permissions = Readonly<Record<string, PluginPermission>>

const META = ["read_dir", "stat", "lstat", "fstat", "exists", "size"]
const READ_TEXT = ["read_file", "read_text_file", "read_text_file_lines", "read_text_file_lines_next"]
const READ_FILES = [...READ_TEXT, "read", "open", "seek", "stat", "lstat", "fstat", "exists"]
const WRITE_FILES = [
  "create",
  "copy_file",
  "remove",
  "rename",
  "truncate",
  "ftruncate",
  "write",
  "write_file",
  "write_text_file",
]

/** Groups of commands, which open no path. */
const COMMANDS: Permissions = {
  "read-all": { commands: { allow: [...READ_FILES, "read_dir", "size", "watch", "unwatch"] } },
  "read-files": { commands: { allow: READ_FILES } },
  "read-dirs": { commands: { allow: META } },
  "read-meta": { commands: { allow: META } },
  "write-all": { commands: { allow: [...WRITE_FILES, "mkdir"] } },
  "write-files": { commands: { allow: WRITE_FILES } },
}

/** The directories of the app: what `app` stands for in the names of permissions. */
const OF_APP = ["$APPCONFIG", "$APPDATA", "$APPLOCALDATA", "$APPCACHE", "$APPLOG"]

/**
 * The permissions that Tauri's plugin has beside `allow-<command>` and `deny-<command>`. Those for directories are made
 * from the table of directories, as there.
 */
export function permissions(): Permissions {
  const directories = Object.values(BASE_DIRECTORIES).map(({ variable }) => variable)
  return {
    ...COMMANDS,
    // For a scope that is to count for all commands; it has nothing of its own.
    scope: {},
    ...forDirectories("app", OF_APP),
    // Tauri has these, for a variable that it does not have any more: they open nothing, there and here.
    ...forDirectories("log", []),
    ...Object.assign({}, ...directories.map((variable) => forDirectories(variable.slice(1).toLowerCase(), [variable]))),
    "create-app-specific-dirs": { commands: { allow: ["mkdir"] }, ...scope(OF_APP) },
    "read-app-specific-dirs-recursive": {
      commands: { allow: [...READ_TEXT, "read_dir", "exists"] },
      ...scope(OF_APP, "**"),
    },
    // In Tauri, the webview's data. Browsers' profiles are closed to every scope here: see src/directories/off-limits.ts.
    "deny-webview-data-linux": {},
    "deny-webview-data-windows": { scope: { deny: paths(["$APPLOCALDATA/EBWebView/**"]) } },
    "deny-default": { permissions: ["deny-webview-data-linux", "deny-webview-data-windows"] },
    default: { permissions: ["create-app-specific-dirs", "read-app-specific-dirs-recursive", "deny-default"] },
  }
}

/** What there is for each directory: it and all below, it and what is right in it, it alone; to read, to write, to look. */
function forDirectories(name: string, variables: readonly string[]): Permissions {
  return {
    [`scope-${name}`]: scope(variables, "*"),
    [`scope-${name}-index`]: scope(variables),
    [`scope-${name}-recursive`]: scope(variables, "**"),
    [`allow-${name}-read`]: { permissions: ["read-all", `scope-${name}`] },
    [`allow-${name}-read-recursive`]: { permissions: ["read-all", `scope-${name}-recursive`] },
    [`allow-${name}-write`]: { permissions: ["write-all", `scope-${name}`] },
    [`allow-${name}-write-recursive`]: { permissions: ["write-all", `scope-${name}-recursive`] },
    [`allow-${name}-meta`]: { permissions: ["read-meta", `scope-${name}-index`] },
    [`allow-${name}-meta-recursive`]: { permissions: ["read-meta", `scope-${name}-recursive`] },
  }
}

/** The directories themselves, and what a pattern matches in them. */
function scope(variables: readonly string[], ...patterns: readonly string[]): PluginPermission {
  const all = variables.flatMap((variable) => [variable, ...patterns.map((pattern) => `${variable}/${pattern}`)])
  return { scope: { allow: paths(all) } }
}

const paths = (patterns: readonly string[]): readonly { readonly path: string }[] => patterns.map((path) => ({ path }))
