import { ISOLATION_APP_ERRORS, type IsolationAppErrorCode } from "../../../isolation-app/isolation-app.ts"
import { BOTH, type Rule } from "../rule.ts"

const NO_MODULES =
  "The frame loads nothing by itself, and on Windows a sandboxed frame cannot load modules at all: scripts are inlined, and only classic ones run as they stand."
const NOT_RUN = "A browser would not run this script in the frame, so whatever it was to check is not checked."
const NOT_READ = "What cannot be read cannot be served, so the app does not start."
const ONLY_FOLDER =
  "The frame has no network and no files: only index.html and the scripts in its folder, which are inlined, ever reach it."
const LOCKED =
  "A lock says what was built and reviewed. Whatever is not as it was locked may be somebody else's, and an app does not start with it."
const MUST_START = "Without a page there is no frame, without a frame no call is let through: the app does not start."

/**
 * What a launch refuses, or the build: a rule for each, with the launch's own code and its advice. A text in place of a rule
 * names the one that says it. `null`: nothing that is looked at here.
 */
const RULES: Readonly<
  Record<IsolationAppErrorCode, readonly [summary: string, why: string] | IsolationAppErrorCode | null>
> = {
  DIR_MISSING: ["The folder of the isolation app does not exist", MUST_START],
  DIR_IS_FILE: ["The isolation app is a file, not a folder", MUST_START],
  DIR_EMPTY: ["The folder of the isolation app is empty", MUST_START],
  INDEX_MISSING: ["The isolation app has no index.html", MUST_START],
  UNREADABLE: ["A file of the isolation app cannot be read", NOT_READ],
  FILE_TOO_LARGE: ["A file of the isolation app is larger than any hook", NOT_READ],
  FILE_CHANGING: "UNREADABLE",
  NOT_UTF8: [
    "A file of the isolation app is no UTF-8 text",
    "The page is served as UTF-8. What is written otherwise would read differently in the frame than in your editor.",
  ],
  MODULE_SCRIPT: ['A script element says type="module"', NO_MODULES],
  IMPORT_MAP: ["The page has an import map", NO_MODULES],
  SCRIPT_TYPE: ["A script has a type that no browser runs", NOT_RUN],
  SCRIPT_IN_SVG: ["A script stands in an SVG or MathML element", NOT_RUN],
  SCRIPT_REMOTE: ["A script comes from another place than the folder", ONLY_FOLDER],
  SCRIPT_QUERY: ["The path of a script has a query or a fragment", ONLY_FOLDER],
  SCRIPT_OUTSIDE: ["A script lies outside of the folder", ONLY_FOLDER],
  SCRIPT_MISSING: ["A script does not exist", NOT_RUN],
  SCRIPT_SYNTAX: [
    "A script cannot be parsed",
    "A browser runs nothing of a script with a mistake in it, so the hook in it is never set, and no call is let through.",
  ],
  SCRIPT_IS_MODULE: ["A script has import, export or await at its top level", NO_MODULES],
  SCRIPT_BREAKS_HTML: [
    "A script holds what ends a script element",
    "Scripts are inlined into the page. There the HTML parser looks for the end of the element, also in the middle of a string.",
  ],
  META_REFRESH: [
    "The page refreshes itself",
    "A frame that leaves its page loses its key, and with it every call that is under way.",
  ],
  HOOK_NOT_MENTIONED: [
    "No script of the page sets the hook",
    "Neither Sallyport nor Tauri lets a call through before window.__TAURI_ISOLATION_HOOK__ is set; Tauri does not even build.",
  ],
  NOT_STABLE: [
    "The page reads differently once it is written",
    "Broken HTML is repaired by the parser, and the repaired page may be repaired again, into another. What was checked would not be what runs.",
  ],
  LOCK_MISSING: null,
  LOCK_IS_LINK: "LOCK_INVALID",
  LOCK_NOT_JSON: "LOCK_INVALID",
  LOCK_INVALID: ["The lock is not one that a build has written", LOCKED],
  LOCK_NOT_CANONICAL: "LOCK_INVALID",
  LOCK_PATH: "LOCK_INVALID",
  LOCK_VERSION: "LOCK_INVALID",
  LOCK_UNSIGNED: null,
  LOCK_OTHER_KEY: null,
  LOCK_SIGNATURE_WRONG: "LOCK_INVALID",
  LOCK_FILE_CHANGED: ["A file is not as it was locked", LOCKED],
  LOCK_FILE_MISSING: "LOCK_FILE_CHANGED",
  LOCK_FILE_ADDED: "LOCK_FILE_CHANGED",
  LOCK_FILE_UNUSED: "LOCK_FILE_CHANGED",
  SCRIPT_IS_TYPESCRIPT: ["A script is TypeScript, and nobody has built it", NOT_RUN],
  TYPESCRIPT_IS_CODE: [
    "TypeScript is used that is more than types",
    "Types are taken out of a script, and nothing else is done to it: what you read is what runs. An enum, a namespace or a parameter property would have to be compiled.",
  ],
  SOURCE_MISSING: null,
  SOURCE_IS_DIR: null,
  DIR_NOT_BUILT: null,
  NOT_WRITTEN: null,
  REFERS_TO_FILE: ["The page refers to an image, a style sheet or another file", ONLY_FOLDER],
  TAURI_REPLACES: [
    "A text stands in the isolation app that Tauri replaces",
    "Tauri puts the session's key and other things in the place of these names wherever they stand, so the page that runs is not the one that was written.",
  ],
}

/** Only the build asks for these: a launch takes no notice. */
const BUILD_ONLY: ReadonlySet<string> = new Set(["REFERS_TO_FILE", "TAURI_REPLACES", "TYPESCRIPT_IS_CODE"])

const codes = Object.keys(RULES) as IsolationAppErrorCode[]

/** The code of the rule that says what a launch, or the build, refuses. */
export const LAUNCH_CODES: Readonly<Partial<Record<IsolationAppErrorCode, string>>> = Object.fromEntries(
  codes.flatMap((code) => {
    const rule = RULES[code]
    return rule === null ? [] : [[code, typeof rule === "string" ? rule : code]]
  }),
)

export const launchRules: readonly Rule[] = codes.flatMap((code) => {
  const text = RULES[code]
  if (text === null || typeof text === "string") return []
  const mine = new Set(codes.filter((other) => LAUNCH_CODES[other] === code))
  const [summary, why] = text
  return {
    code,
    severity: "error",
    targets: BOTH,
    summary,
    why,
    mend: sentence(ISOLATION_APP_ERRORS[code]),
    stopsLaunch: !BUILD_ONLY.has(code),
    *check(app) {
      for (const problem of app.parts.problems) {
        if (mine.has(problem.code)) yield { file: problem.file, position: problem.position, what: problem.what }
      }
    },
  } satisfies Rule
})

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
