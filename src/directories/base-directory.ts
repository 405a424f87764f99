export type BaseDirectory =
  | "Audio"
  | "Cache"
  | "Config"
  | "Data"
  | "LocalData"
  | "Document"
  | "Download"
  | "Picture"
  | "Public"
  | "Video"
  | "Resource"
  | "Temp"
  | "AppConfig"
  | "AppData"
  | "AppLocalData"
  | "AppCache"
  | "AppLog"
  | "Desktop"
  | "Executable"
  | "Font"
  | "Home"
  | "Runtime"
  | "Template"

interface Entry {
  readonly number: number
  readonly variable: `$${string}`
}

/** Tauri's base directories: the numbers that pages send, and the variables that scopes begin with. */
export const BASE_DIRECTORIES: Readonly<Record<BaseDirectory, Entry>> = {
  Audio: { number: 1, variable: "$AUDIO" },
  Cache: { number: 2, variable: "$CACHE" },
  Config: { number: 3, variable: "$CONFIG" },
  Data: { number: 4, variable: "$DATA" },
  LocalData: { number: 5, variable: "$LOCALDATA" },
  Document: { number: 6, variable: "$DOCUMENT" },
  Download: { number: 7, variable: "$DOWNLOAD" },
  Picture: { number: 8, variable: "$PICTURE" },
  Public: { number: 9, variable: "$PUBLIC" },
  Video: { number: 10, variable: "$VIDEO" },
  Resource: { number: 11, variable: "$RESOURCE" },
  Temp: { number: 12, variable: "$TEMP" },
  AppConfig: { number: 13, variable: "$APPCONFIG" },
  AppData: { number: 14, variable: "$APPDATA" },
  AppLocalData: { number: 15, variable: "$APPLOCALDATA" },
  AppCache: { number: 16, variable: "$APPCACHE" },
  AppLog: { number: 17, variable: "$APPLOG" },
  Desktop: { number: 18, variable: "$DESKTOP" },
  Executable: { number: 19, variable: "$EXE" },
  Font: { number: 20, variable: "$FONT" },
  Home: { number: 21, variable: "$HOME" },
  Runtime: { number: 22, variable: "$RUNTIME" },
  Template: { number: 23, variable: "$TEMPLATE" },
}

const names = Object.keys(BASE_DIRECTORIES) as BaseDirectory[]
const BY_NUMBER = new Map<unknown, BaseDirectory>(names.map((name) => [BASE_DIRECTORIES[name].number, name]))
const BY_VARIABLE = new Map<string, BaseDirectory>(names.map((name) => [BASE_DIRECTORIES[name].variable, name]))

/** The base directory that a page means by a number. Throws an `Error` for anything that is none of them. */
export function readBaseDirectory(value: unknown): BaseDirectory {
  const name = BY_NUMBER.get(value)
  if (name !== undefined) return name
  throw new Error(`invalid value: ${JSON.stringify(value)}, expected the number of a base directory (1 to 23)`)
}

/** `$APPDATA` → `AppData`; `undefined` for what is no variable. */
export function ofVariable(variable: string): BaseDirectory | undefined {
  return BY_VARIABLE.get(variable)
}
