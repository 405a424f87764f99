/** The keys of one object in the configuration file. */
export interface KnownKeys {
  /** What Sallyport reads, and so checks. */
  readonly read: readonly string[]
  /** What Tauri's schema (2.12) knows besides, or `"any"` where every name is allowed. Left alone. */
  readonly others: readonly string[] | "any"
  /** Sallyport's own object: what stands in neither list is refused, however it is written. */
  readonly closed?: true
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

export const ROOT: KnownKeys = {
  read: ["identifier", "productName", "version", "build", "app", "plugins"],
  others: ["$schema", "mainBinaryName", "bundle"],
}

export const BUILD: KnownKeys = {
  read: ["frontendDist", "devUrl"],
  others: words(`
    runner beforeDevCommand beforeBuildCommand beforeBundleCommand features removeUnusedCommands additionalWatchFolders
    windows`),
}

export const APP: KnownKeys = {
  read: ["windows", "security", "withGlobalTauri"],
  others: words("trayIcon macOSPrivateApi enableGTKAppId appDirectoriesOverride"),
}

export const SECURITY: KnownKeys = {
  read: words(`
    pattern csp devCsp dangerousDisableAssetCspModification freezePrototype headers capabilities assetProtocol`),
  others: [],
}

export const ASSET_PROTOCOL: KnownKeys = { read: ["enable", "scope"], others: [], closed: true }

export const ASSET_SCOPE: KnownKeys = {
  read: ["allow", "deny", "requireLiteralLeadingDot"],
  others: [],
  closed: true,
}

export const PATTERN: KnownKeys = { read: ["use", "options"], others: [] }

export const PATTERN_OPTIONS: KnownKeys = { read: ["dir"], others: [] }

export const WINDOW: KnownKeys = {
  read: words("label title url width height create"),
  others: words(`
    userAgent dragDropEnabled center x y minWidth minHeight maxWidth maxHeight preventOverflow resizable maximizable
    minimizable closable fullscreen focus focusable transparent maximized visible decorations alwaysOnBottom alwaysOnTop
    visibleOnAllWorkspaces contentProtected skipTaskbar windowClassname noRedirectionBitmap theme titleBarStyle
    trafficLightPosition hiddenTitle acceptFirstMouse tabbingIdentifier additionalBrowserArgs shadow windowEffects
    incognito parent proxyUrl zoomHotkeysEnabled browserExtensionsEnabled useHttpsScheme devtools backgroundColor
    backgroundThrottling javascriptDisabled allowLinkPreview disableInputAccessoryView dataDirectory
    dataStoreIdentifier scrollBarStyle limitNavigationsToAppBoundDomains activityName createdByActivityName
    requestedBySceneIdentifier generalAutofillEnabled`),
}

export const PLUGINS: KnownKeys = { read: ["sallyport"], others: "any" }

export const SALLYPORT: KnownKeys = { read: ["limits"], others: [], closed: true }

export const CAPABILITY: KnownKeys = {
  read: words("identifier description windows webviews local remote permissions platforms"),
  others: "any",
}

export const REMOTE: KnownKeys = { read: ["urls"], others: "any" }

export const PERMISSION_ENTRY: KnownKeys = { read: ["identifier", "allow", "deny"], others: "any" }

export const PERMISSION_FILE: KnownKeys = { read: ["default", "set", "permission"], others: "any" }

export const DEFAULT_PERMISSION: KnownKeys = { read: ["description", "permissions"], others: "any" }

export const PERMISSION_SET: KnownKeys = { read: ["identifier", "description", "permissions"], others: "any" }

export const PERMISSION: KnownKeys = {
  read: words("identifier description commands scope platforms"),
  others: "any",
}

export const COMMANDS: KnownKeys = { read: ["allow", "deny"], others: "any" }

export const SCOPE: KnownKeys = COMMANDS

/**
 * Where a key belongs that stands in the wrong object. `app.pattern` would otherwise be ignored, and the app would run
 * without its isolation.
 */
export const HOMES: ReadonlyMap<string, string> = new Map([
  ...APP.read.map((key) => [key, `app.${key}`] as const),
  ...BUILD.read.map((key) => [key, `build.${key}`] as const),
  ...SECURITY.read.map((key) => [key, `app.security.${key}`] as const),
  ["dir", "app.security.pattern.options.dir"],
  ["limits", "plugins.sallyport.limits"],
  // Names of Tauri 1.
  ["tauri", "app"],
  ["distDir", "build.frontendDist"],
  ["devPath", "build.devUrl"],
])
