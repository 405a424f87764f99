/** JavaScript MIME type essences (WHATWG MIME Sniffing, section 4.6), without their `application/` or `text/`. */
const JAVASCRIPT = new Set([
  ...["application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript"],
  ...[
    "text/ecmascript",
    "text/javascript",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
  ],
  ...[0, 1, 2, 3, 4, 5].map((minor) => `text/javascript1.${minor}`),
])

/** What a browser makes of a script element: `data` is what it does not run. */
export type ScriptKind = "classic" | "module" | "importmap" | "data"

/** HTML Living Standard, "prepare the script element", steps 8 to 12 and 19. */
export function scriptKind(attributes: ReadonlyMap<string, string>): ScriptKind {
  const language = attributes.get("language") ?? ""
  const written = attributes.get("type") ?? (language === "" ? "" : `text/${language}`)
  const type = written === "" ? "text/javascript" : written.trim().toLowerCase()
  if (type === "module" || type === "importmap") return type
  return JAVASCRIPT.has(type) && !attributes.has("nomodule") ? "classic" : "data"
}
