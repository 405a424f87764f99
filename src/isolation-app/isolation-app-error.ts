/** Why an isolation app cannot be used, and what to do about it. The code is part of the API, the text is not. */
export const ISOLATION_APP_ERRORS = {
  DIR_MISSING:
    'correct "app.security.pattern.options.dir" (it is relative to the configuration file), or build the app',
  DIR_IS_FILE: 'name the folder that holds index.html in "app.security.pattern.options.dir"',
  DIR_EMPTY: "put an index.html and the script with your hook there",
  INDEX_MISSING: "name the page index.html",
  UNREADABLE: "see to it that it is a file that this user may read",
  FILE_TOO_LARGE: "take it out: an isolation app is a page and a few scripts, small enough to be read by people",
  FILE_CHANGING: "try again when whatever writes it is done",
  NOT_UTF8: "save it as UTF-8",
  MODULE_SCRIPT: 'write <script src="…"> without type="module": modules cannot run in the isolation frame',
  IMPORT_MAP: "remove it: modules cannot run in the isolation frame",
  SCRIPT_TYPE: 'write <script src="…"> without a type: a browser would not run this one',
  SCRIPT_IN_SVG: "move it out of the <svg> or <math> element: only HTML scripts are inlined",
  SCRIPT_REMOTE: "copy the script into the folder: the isolation frame has no network",
  SCRIPT_QUERY: "write the plain path of the file: nothing answers queries here",
  SCRIPT_OUTSIDE: "copy the script into the folder: what lies outside is no part of the isolation app",
  SCRIPT_MISSING: "correct the path (it is relative to the folder of index.html), or build the file",
  SCRIPT_SYNTAX: "correct the script: a browser would not run any of it",
  SCRIPT_IS_MODULE:
    "write a classic script, without import, export and top-level await: modules cannot run in the isolation frame",
  SCRIPT_IS_TYPESCRIPT:
    'build the isolation app with "sallyport build", and name the folder that it builds in "app.security.pattern.options.dir"',
  TYPESCRIPT_IS_CODE:
    "write it in JavaScript: types are left out, and enum, namespace and parameter properties are more than types",
  SCRIPT_BREAKS_HTML:
    'write "<\\/script" for "</script" and "<\\!--" for "<!--" in its strings: it is inlined into the page',
  META_REFRESH: "remove it: a frame that leaves its page loses its key, and every call fails",
  HOOK_NOT_MENTIONED:
    "set window.__TAURI_ISOLATION_HOOK__ in a script that index.html loads (null means: no hook, on purpose)",
  NOT_STABLE: "have the page checked by an HTML validator: a browser would read other scripts in it than were checked",
  SOURCE_MISSING: "name the folder that the isolation app is built from, with its index.html",
  SOURCE_IS_DIR:
    'build into a folder of its own: set "app.security.pattern.options.dir" to one that is beside the source, not in it or around it',
  DIR_NOT_BUILT:
    "move it elsewhere or delete it, then build again: a build replaces the whole folder, if nothing else is in it",
  NOT_WRITTEN: "see to it that this user may write there, and that there is space",
  REFERS_TO_FILE: "remove it: nothing but index.html and its scripts ever reaches the isolation frame",
  TAURI_REPLACES: "name it otherwise: Tauri puts something else in the place of this text when it serves the page",
  LOCK_MISSING: 'build the isolation app with "sallyport build --sign", or remove "publicKey" from createApp',
  LOCK_IS_LINK: "put the lock itself there: what a link leads to can be changed from elsewhere",
  LOCK_NOT_JSON: 'build the isolation app anew: a lock is written by "sallyport build", not by hand',
  LOCK_INVALID: 'build the isolation app anew: a lock is written by "sallyport build", not by hand',
  LOCK_NOT_CANONICAL: 'build the isolation app anew: each lock has exactly one text, that of "sallyport build"',
  LOCK_PATH: "build the isolation app anew: a lock names files in its folder by plain relative paths",
  LOCK_VERSION: "start the app with the Sallyport that built its isolation app, or build it anew",
  LOCK_UNSIGNED: 'build the isolation app with "sallyport build --sign"',
  LOCK_OTHER_KEY:
    "do not start what somebody else may have signed: build and sign it with your key, or correct the key",
  LOCK_SIGNATURE_WRONG: "do not start it: the lock was changed after it was signed; build and sign it anew",
  LOCK_FILE_CHANGED: "do not start what you have not changed yourself: build the isolation app anew",
  LOCK_FILE_MISSING: "build the isolation app anew: it is locked, and so part of it",
  LOCK_FILE_ADDED: "do not start what you have not added yourself: build the isolation app anew",
  LOCK_FILE_UNUSED: "build the isolation app anew: a lock has the files of the isolation app and no others",
} as const

export type IsolationAppErrorCode = keyof typeof ISOLATION_APP_ERRORS

/** Where in a file: line and column count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** An isolation app that cannot be used. */
export class IsolationAppError extends Error {
  readonly code: IsolationAppErrorCode
  /** Absolute path of the file or folder at fault. */
  readonly file: string
  /** What is wrong with it, as the rest of a sentence that its path begins. */
  readonly what: string
  readonly position: Position | null

  constructor(code: IsolationAppErrorCode, file: string, what: string, position: Position | null = null) {
    const place = position === null ? file : `${file}:${position.line}:${position.column}`
    super(`Isolation app: ${place}: ${what}. To do: ${ISOLATION_APP_ERRORS[code]}.`)
    this.name = "IsolationAppError"
    this.code = code
    this.file = file
    this.what = what
    this.position = position
  }
}
