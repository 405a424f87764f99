import { extname } from "node:path"
import { mimes } from "mrmime"

/** The `Content-Type` for a file, by its extension. HTML says its encoding itself; other text is UTF-8. */
export function contentType(path: string): string {
  const extension = extname(path).slice(1).toLowerCase()
  const type = (Object.hasOwn(mimes, extension) ? mimes[extension] : undefined) ?? "application/octet-stream"
  return type.startsWith("text/") && !isDocumentType(type) ? `${type}; charset=utf-8` : type
}

/** Whether a browser shows it as a document that can run scripts. */
export function isDocumentType(type: string): boolean {
  return type === "text/html" || /[/+]xml$/.test(type)
}
