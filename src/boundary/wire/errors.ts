/**
 * Error codes of calls that do not run, or of which that is unknown.
 *
 * Promises that each cause has one code, which is part of the API: a page that is rejected learns which rule it broke, and no more.
 * Stops P20: a hook that fails leaves no call without an end.
 */

/** Codes of an `IsolationError`, and the text of each when there is nothing to add. An error that a command throws has none of these: it arrives as thrown. */
export const ERRORS = {
  HOOK_REFUSED: "the isolation hook refused the call",
  HOOK_INVALID_RETURN: "the isolation hook returned something that is no call",
  HOOK_TIMEOUT: "the isolation hook took longer than plugins.sallyport.limits.hookTimeoutMs",
  HOOK_MISSING: "the isolation app set no __TAURI_ISOLATION_HOOK__",
  HEADERS_INVALID: "the headers hold a name or a value that no header can have",
  NOT_SERIALIZABLE: "the arguments cannot be turned into JSON",
  NOT_JSON: "the call is no well-formed JSON",
  NUMBER_OUT_OF_RANGE: "the arguments hold a number that is too large for a double",
  NESTING_TOO_DEEP: "the arguments are nested deeper than plugins.sallyport.limits.nesting",
  JSON_TOO_LARGE: "the call is larger than plugins.sallyport.limits.jsonBytes: send what is large as raw bytes",
  BLOB_TOO_LARGE: "the raw argument is larger than plugins.sallyport.limits.blobBytes",
  TOO_MANY_CALLS: "more calls are in flight than plugins.sallyport.limits.callsInFlight: wait for some of them",
  TOO_MANY_BYTES: "the calls in flight hold more than plugins.sallyport.limits.bytesInFlight: wait for some of them",
  SESSION_REFUSED: "the app does not know this window: open it from the app",
  SANDBOX_UNAVAILABLE: "the isolation frame cannot be had",
  CONNECTION_LOST: "the connection to the app was lost: whether the call ran is unknown",
} as const

export type ErrorCode = keyof typeof ERRORS

/** Says why a call goes no further: by its code, and as `message` by what the code does not say. The page and the audit add the text of the code. */
export class Rejection extends Error {
  declare readonly code: ErrorCode
  constructor(code: ErrorCode, detail?: string) {
    super(detail)
    this.code = code
  }
}
