/**
 * Why a call could not be made, as `code` of the `IsolationError` it rejects with. The code is part of the API, the text
 * is not. What a command itself throws never has a code: it arrives as the command threw it.
 */
export const ERRORS = {
  HOOK_REFUSED: "the isolation hook refused the call",
  HOOK_INVALID_RETURN: "the isolation hook returned something that is no call",
  HOOK_TIMEOUT: "the isolation hook took too long",
  HOOK_MISSING: "the isolation app set no __TAURI_ISOLATION_HOOK__",
  NOT_SERIALIZABLE: "the arguments cannot be turned into JSON",
  NOT_JSON: "the call is no well-formed JSON",
  NUMBER_OUT_OF_RANGE: "the arguments hold a number that no double can",
  NESTING_TOO_DEEP: "the arguments are nested too deeply",
  JSON_TOO_LARGE: "the arguments are too large",
  BLOB_TOO_LARGE: "the raw argument is too large",
  TOO_MANY_CALLS: "too many calls are in flight",
  TOO_MANY_BYTES: "the calls in flight hold too many bytes",
  SESSION_REFUSED: "the app does not know this window",
  SANDBOX_UNAVAILABLE: "the isolation frame cannot be had",
  CONNECTION_LOST: "the connection to the app was lost",
} as const

export type ErrorCode = keyof typeof ERRORS
