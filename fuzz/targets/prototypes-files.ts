import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { readIsolationApp } from "../../src/isolation-app/isolation-app.ts"
import { createLock, LOCK_NAME, serializeLock } from "../../src/isolation-app/lock.ts"

const FILES: Readonly<Record<string, string | object>> = {
  "dist/index.html": "<!doctype html><title>App</title><script>1</script><script src=app.js></script>",
  "dist/app.js": "export const app = 1",
  "dist/page.xhtml": '<html xmlns="http://www.w3.org/1999/xhtml"><head/><body/></html>',
  "dist/picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
  "dist/.hidden": "hidden",
  "notes/a.txt": "a note",
  "notes/secret.txt": "a secret",
  "outside.txt": "outside",
  "isolation/index.html": "<!doctype html><html><head><script src=index.js></script></head><body></body></html>",
  "isolation/index.js": "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload",
  "tauri.conf.json": {
    identifier: "org.example.prototypes",
    productName: "Prototypes",
    version: "1.2.3",
    build: { frontendDist: "dist" },
    app: {
      windows: [
        { label: "main", title: "Main", width: 300, height: 200 },
        { label: "other", url: "other.html" },
        { label: "reused" },
      ],
      security: {
        csp: { "default-src": ["'self'"], "img-src": "'self' data:" },
        headers: { "Permissions-Policy": "camera=()" },
        pattern: { use: "isolation", options: { dir: "isolation" } },
        assetProtocol: { enable: true, scope: { allow: ["$RESOURCE/notes/*"], deny: ["$RESOURCE/notes/secret.txt"] } },
        capabilities: ["main", "other"],
      },
    },
    plugins: { sallyport: { limits: { callsInFlight: 100 } }, fs: { requireLiteralLeadingDot: true } },
  },
  "capabilities/main.json": {
    identifier: "main",
    windows: ["ma*"],
    permissions: [
      "core:default",
      "notes",
      "store:default",
      {
        identifier: "fs:allow-read-text-file",
        allow: [{ path: "$RESOURCE/notes/*" }],
        deny: ["$RESOURCE/notes/secret.txt"],
      },
      { identifier: "fs:allow-exists", allow: ["$RESOURCE/notes/*"] },
    ],
  },
  "capabilities/other.json": {
    identifier: "other",
    windows: ["other"],
    permissions: ["core:event:default", "allow-note"],
  },
  "permissions/notes.json": {
    permission: [{ identifier: "notes", commands: { allow: ["note", "bytes"], deny: [] } }],
  },
}

/** Makes the folder of an app with configuration files, a locked isolation app and files in and outside its scopes. */
export async function makeApp(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-prototypes-"))
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content))
  }
  const isolation = join(folder, "isolation")
  const { files } = await readIsolationApp(isolation)
  writeFileSync(join(isolation, LOCK_NAME), serializeLock(createLock(files)))
  return folder
}
