import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { after, test } from "node:test"
import { readConfig } from "../../../config/config.ts"
import { findProject } from "../../project/find-project.ts"
import { type Parts, readParts } from "./app-parts.ts"

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-parts-")))
after(() => rmSync(temporary, { recursive: true, force: true }))

const FILES: Readonly<Record<string, string>> = {
  "src-tauri/tauri.conf.json": `{
    // as people write it
    "identifier": "a.b.c", "version": "../package.json", "bundle": { "icon": ["a.png"] },
    "build": { "frontendDist": "../web", "devUrl": "http://localhost:5173", "beforeBuildCommand": "true" },
    "app": { "windows": [{ "label": "main" }], "security": { "csp": null, "pattern": { "use": "isolation", "options": { "dir": "../dist" } } } }
  }`,
  "src-tauri/capabilities/main.json": `{"identifier": "main", "windows": ["main"], "permissions": []}`,
  "src-tauri/capabilities/schemas/x.json": "{}",
  "src-tauri/permissions/greet.toml": "",
  "package.json": `{"version": "1.2.3"}`,
  "web/index.html": "<p>",
  "web/assets/a.js": "1",
  "web/.env": "SECRET",
}

function project(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(temporary, "project-"))
  for (const [name, text] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

async function partsOf(root: string, beside: ReadonlyMap<string, string> = new Map()): Promise<Parts> {
  const config = await readConfig(root)
  const { frontendDist } = config
  assert.ok(frontendDist !== null)
  const settings = (await findProject(root))?.settings
  return readParts(
    settings,
    { ...config, frontendDist },
    "main()",
    new Map([["index.html", Buffer.from("hook")]]),
    beside,
  )
}

const textOf = (parts: Parts, name: string): string => Buffer.from(parts.get(name) ?? []).toString()

test("an app is its program, its configuration, its rights, its isolation app and its frontend, nothing hidden", async () => {
  const parts = await partsOf(project())
  assert.deepEqual(
    [...parts.keys()],
    [
      "app/capabilities/main.json",
      "app/configuration.json",
      "app/frontend/assets/a.js",
      "app/frontend/index.html",
      "app/isolation/index.html",
      "app/permissions/greet.toml",
      "main.js",
      "package.json",
    ],
  )
  assert.equal(textOf(parts, "main.js"), "main()")
  assert.deepEqual(JSON.parse(textOf(parts, "package.json")), { private: true, type: "module", main: "main.js" })
})

test("the configuration says what it said, but where things are in the build, and nothing of development", async () => {
  assert.deepEqual(JSON.parse(textOf(await partsOf(project()), "app/configuration.json")), {
    identifier: "a.b.c",
    version: "1.2.3",
    bundle: { icon: ["a.png"] },
    build: { frontendDist: "frontend" },
    app: {
      windows: [{ label: "main" }],
      security: { csp: null, pattern: { use: "isolation", options: { dir: "isolation" } } },
    },
  })
})

test("what modules read beside themselves is where they look for it", async () => {
  const root = project({ "core/data.json": "{}" })
  assert.equal(
    textOf(await partsOf(root, new Map([["core/data.json", join(root, "core/data.json")]])), "core/data.json"),
    "{}",
  )
  const taken = new Map([["package.json", join(root, "package.json")]])
  await assert.rejects(partsOf(root, taken), /package\.json: the build has a package\.json of its own/)
})

test("a link within the frontend is the file that it leads to", async () => {
  const root = project()
  symlinkSync("assets/a.js", join(root, "web/b.js"))
  assert.equal(textOf(await partsOf(root), "app/frontend/b.js"), "1")
})

const WRONG: readonly (readonly [what: string, spoil: (root: string) => void, says: RegExp])[] = [
  ["has no page", (root) => rmSync(join(root, "web/index.html")), /has no index\.html: build the frontend first/],
  [
    "is the project",
    (root) => writeFileSync(join(root, "web/package.json"), "{}"),
    /holds package\.json: name the folder of the built pages alone/,
  ],
  [
    "holds a link that leads out",
    (root) => symlinkSync("../package.json", join(root, "web/p.json")),
    /p\.json: this link leads out/,
  ],
  [
    "holds a link to a folder",
    (root) => symlinkSync("assets", join(root, "web/more")),
    /more: put the folder itself there/,
  ],
]
for (const [what, spoil, says] of WRONG)
  test(`says what to do about a frontend that ${what}`, async () => {
    const root = project()
    spoil(root)
    await assert.rejects(partsOf(root), says)
  })
