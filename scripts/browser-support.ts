/** The oldest browsers that Sallyport supports, and what is newer than they are. */

/** Oldest version of each, and the target of the bundler for it. WebKitGTK 2.40 is the engine of Safari 16.4. */
export const SUPPORTED: readonly (readonly [browser: string, oldest: string, target: string])[] = [
  ["Chromium", "114", "chrome114"],
  ["Firefox", "115", "firefox115"],
  ["WebKitGTK", "2.40", "safari16.4"],
]

export const TARGETS: readonly string[] = SUPPORTED.map(([, , target]) => target)

/**
 * Members that one of them does not have, by name or with their object. The compiler knows those of JavaScript beyond ES2023 (`lib` in the
 * tsconfig.json of page and sandbox); these are the others, and the same once more for what is bundled from packages.
 */
export const NEWER: readonly string[] = [
  // ECMAScript 2024 and later
  "isWellFormed",
  "toWellFormed",
  "Object.groupBy",
  "Map.groupBy",
  "withResolvers",
  "fromAsync",
  "Promise.try",
  "RegExp.escape",
  "Error.isError",
  "resizable",
  "resize",
  "transferToFixedLength",
  "waitAsync",
  "isSubsetOf",
  "isSupersetOf",
  "isDisjointFrom",
  "symmetricDifference",
  "union",
  "intersection",
  "difference",
  "Iterator.from",
  "toBase64",
  "fromBase64",
  "toHex",
  "fromHex",
  "rawJSON",
  "isRawJSON",
  "getOrInsert",
  "getOrInsertComputed",
  "Float16Array",
  "DisposableStack",
  // the web
  "URL.canParse",
  "URL.parse",
  "AbortSignal.any",
  "ReadableStream.from",
  "getSetCookie",
  "checkVisibility",
  "userActivation",
  "startViewTransition",
  "requestIdleCallback",
  "cancelIdleCallback",
  "scheduler",
  "setHTMLUnsafe",
  "parseHTMLUnsafe",
  "setHTML",
  "moveBefore",
  "showPopover",
  "hidePopover",
  "togglePopover",
  "cookieStore",
  "trustedTypes",
  "CloseWatcher",
  "navigation",
  "documentPictureInPicture",
]
