import assert from "node:assert/strict"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { ConfigError, readConfig } from "./config.ts"
import { folderWith } from "./folder.fixture.ts"

async function errorOf(reading: Promise<unknown>): Promise<ConfigError> {
  const error = await reading.then(
    () => assert.fail("the configuration was accepted"),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof ConfigError, String(error))
  return error
}

const minimal = { identifier: "org.example.notes" }
const platform = { win32: "windows", darwin: "macos" }[process.platform as string] ?? "linux"

test("reads JSON5 under either name", async () => {
  const text = "// a comment\n{ identifier: 'org.example.notes', version: '1.2.3', }"
  for (const name of ["tauri.conf.json", "tauri.conf.json5"]) {
    assert.equal((await readConfig(undefined, folderWith({ [name]: text }))).version, "1.2.3")
  }
})

test("says at which line and column a file is no JSON5", async () => {
  const folder = folderWith({ "tauri.conf.json": '{\n  "identifier": }\n' })
  const error = await errorOf(readConfig(undefined, folder))
  assert.equal(error.problems[0]?.code, "SYNTAX")
  const file = join(folder, "tauri.conf.json")
  assert.equal(error.message, `${file}: line 2, column 17: invalid character '}': expected JSON or JSON5`)
})

test("says that a file is no UTF-8", async () => {
  const folder = folderWith({})
  writeFileSync(join(folder, "tauri.conf.json"), Uint8Array.of(0x7b, 0xff, 0x7d))
  assert.match((await errorOf(readConfig(undefined, folder))).message, /is no UTF-8 text/)
})

test("gives Tauri's defaults for what the file does not say", async () => {
  const folder = folderWith({ "tauri.conf.json": { ...minimal, app: { windows: [{}] } } })
  assert.deepEqual(await readConfig(undefined, folder), {
    file: join(folder, "tauri.conf.json"),
    identifier: "org.example.notes",
    productName: null,
    version: null,
    frontendDist: null,
    devUrl: null,
    pattern: { use: "brownfield" },
    csp: undefined,
    devCsp: undefined,
    keepCsp: false,
    freezePrototype: false,
    assetProtocol: null,
    headers: {},
    capabilities: null,
    permissions: null,
    windows: [{ label: "main", title: null, url: "index.html", width: 800, height: 600, create: true }],
    withGlobalTauri: false,
    limits: {},
    plugins: {},
  })
})

test("a folder that was written on Windows is the same folder elsewhere", async () => {
  const pattern = { use: "isolation", options: { dir: "..\\out\\isolation" } }
  const folder = folderWith({ "src-tauri/tauri.conf.json": { identifier: "a.b.c", app: { security: { pattern } } } })
  assert.deepEqual((await readConfig(undefined, folder)).pattern, {
    use: "isolation",
    dir: join(folder, "out", "isolation"),
  })
})

test("reads everything it knows, with paths from the configuration file's folder", async () => {
  const folder = folderWith({
    "dist/index.html": "",
    "package.json": { version: "4.5.6-beta.1" },
    "src-tauri/tauri.conf.json": {
      $schema: "x",
      identifier: "org.example.notes",
      productName: "Notes",
      version: "../package.json",
      build: { frontendDist: "../dist", devUrl: "http://localhost:5173", beforeDevCommand: "x" },
      app: {
        windows: [
          { label: "main", title: "Notes", url: "/a/b?c#d", width: 1000.5, height: 700, create: false, minWidth: 1 },
          { label: "über-/:_2" },
        ],
        withGlobalTauri: true,
        security: {
          pattern: { use: "isolation", options: { dir: "../isolation" } },
          csp: { "default-src": "'self'", "img-src": ["'self'", "data:"] },
          devCsp: null,
          dangerousDisableAssetCspModification: ["style-src"],
          freezePrototype: true,
          headers: {
            "Cross-Origin-Opener-Policy": "same-origin",
            "Timing-Allow-Origin": ["https://a.example", "https://b.example"],
            "Tauri-Custom-Header": { key1: "'v1'", key2: "'v2'" },
            "Permissions-Policy": null,
          },
          capabilities: [{ identifier: "main", windows: ["main"], permissions: ["core:default"] }],
          assetProtocol: { enable: true },
        },
      },
      plugins: { fs: { scope: [] }, sallyport: { limits: { nesting: 10, hookTimeoutMs: 2_147_483_647 } } },
      bundle: { active: true },
    },
  })
  const { windows, ...config } = await readConfig(undefined, folder)
  const at = (path: string) => ({ file: join(folder, "src-tauri", "tauri.conf.json"), path })
  assert.deepEqual(config, {
    file: join(folder, "src-tauri", "tauri.conf.json"),
    identifier: "org.example.notes",
    productName: "Notes",
    version: "4.5.6-beta.1",
    frontendDist: join(folder, "dist"),
    devUrl: "http://localhost:5173",
    pattern: { use: "isolation", dir: join(folder, "isolation") },
    csp: { "default-src": "'self'", "img-src": ["'self'", "data:"] },
    devCsp: null,
    keepCsp: ["style-src"],
    freezePrototype: true,
    assetProtocol: { allow: [], deny: [], requireLiteralLeadingDot: undefined },
    headers: {
      "Cross-Origin-Opener-Policy": "same-origin",
      "Timing-Allow-Origin": "https://a.example, https://b.example",
      "Tauri-Custom-Header": "key1 'v1'; key2 'v2'",
    },
    capabilities: [
      {
        identifier: "main",
        origin: at("app.security.capabilities[0]"),
        windows: [{ pattern: "main", origin: at("app.security.capabilities[0].windows[0]") }],
        webviews: [],
        local: true,
        permissions: [
          {
            identifier: "core:default",
            origin: at("app.security.capabilities[0].permissions[0]"),
            scope: { allow: [], deny: [] },
          },
        ],
        platforms: null,
      },
    ],
    permissions: null,
    withGlobalTauri: true,
    limits: { nesting: 10, hookTimeoutMs: 2_147_483_647 },
    plugins: { fs: { scope: [] } },
  })
  assert.deepEqual(windows, [
    { label: "main", title: "Notes", url: "/a/b?c#d", width: 1000.5, height: 700, create: false },
    { label: "über-/:_2", title: null, url: "index.html", width: 800, height: 600, create: true },
  ])
})

test("accepts Tauri's kebab-case names", async () => {
  const folder = folderWith({
    dist: "",
    "tauri.conf.json": {
      ...minimal,
      "product-name": "Notes",
      build: { "dev-url": "http://localhost:1", "before-dev-command": "x" },
      app: { "with-global-tauri": true, security: { "dev-csp": "default-src 'self'", "freeze-prototype": true } },
    },
  })
  const config = await readConfig(undefined, folder)
  assert.deepEqual(
    [config.productName, config.devUrl, config.devCsp, config.freezePrototype],
    ["Notes", "http://localhost:1", "default-src 'self'", true],
  )
})

test("tells no policy (null) from a file that says nothing", async () => {
  const read = async (security: object) =>
    (await readConfig(undefined, folderWith({ "tauri.conf.json": { ...minimal, app: { security } } }))).csp
  assert.equal(await read({ csp: null }), null)
  assert.equal(await read({}), undefined)
  assert.equal(await read({ csp: "default-src\n 'self';  img-src *" }), "default-src 'self'; img-src *")
  assert.equal(await read({ csp: ["default-src 'self'", "img-src *"] }), "default-src 'self'; img-src *")
})

test("needs no built frontend when it comes from a development server", async () => {
  const build = { frontendDist: "../dist", devUrl: "http://localhost:5173" }
  const folder = folderWith({ "src-tauri/tauri.conf.json": { ...minimal, build } })
  assert.equal((await readConfig(undefined, folder, { dev: true })).frontendDist, join(folder, "dist"))
  assert.equal((await readConfig(undefined, folder, { withoutFrontend: true })).frontendDist, join(folder, "dist"))
  assert.equal((await errorOf(readConfig(undefined, folder))).problems[0]?.code, "FOLDER_MISSING")
})

test("does not take dev for a reason to miss a frontend without a development server", async () => {
  const folder = folderWith({ "tauri.conf.json": { ...minimal, build: { frontendDist: "dist" } } })
  assert.equal((await errorOf(readConfig(undefined, folder, { dev: true }))).problems[0]?.code, "FOLDER_MISSING")
})

test("lays the platform file over the configuration", async () => {
  const folder = folderWith({
    "tauri.conf.json": {
      ...minimal,
      productName: "Notes",
      version: "1.0.0",
      app: { windows: [{ label: "a" }, { label: "b" }], security: { csp: null, freezePrototype: true } },
    },
    [`tauri.${platform}.conf.json`]: {
      version: null,
      productName: "Platform notes",
      app: { windows: [{ label: "c" }], security: { csp: null } },
    },
  })
  const config = await readConfig(undefined, folder)
  assert.equal(config.productName, "Platform notes")
  assert.equal(config.version, null)
  assert.deepEqual(
    config.windows.map(({ label }) => label),
    ["c"],
  )
  assert.equal(config.csp, undefined, "null deletes, so that the strict default applies")
  assert.equal(config.freezePrototype, true)
})

test("lays a JSON5 platform file over a JSON configuration", async () => {
  const files = { "tauri.conf.json": minimal, [`tauri.${platform}.conf.json5`]: "{ productName: 'P' }" }
  assert.equal((await readConfig(undefined, folderWith(files))).productName, "P")
})

test("lays no platform file over a file of another name", async () => {
  const files = { "other.json": minimal, [`tauri.${platform}.conf.json`]: { productName: "P" } }
  assert.equal((await readConfig("other.json", folderWith(files))).productName, null)
})

test("names the file that holds the wrong value", async () => {
  const override = `tauri.${platform}.conf.json`
  const folder = folderWith({
    "tauri.conf.json": { ...minimal, productName: 1, version: 2, app: { windows: [{ width: -1 }] } },
    [override]: { version: 3, app: { security: { freezePrototype: "yes" } } },
  })
  const { problems } = await errorOf(readConfig(undefined, folder))
  assert.deepEqual(
    problems.map(({ file, path }) => [file.slice(folder.length + 1), path]),
    [
      ["tauri.conf.json", "productName"],
      [override, "version"],
      [override, "app.security.freezePrototype"],
      ["tauri.conf.json", "app.windows[0].width"],
    ],
  )
})

test("changes no prototype through __proto__ keys, and reads nothing from them", async () => {
  const hostile =
    '{"identifier":"a","__proto__":{"version":"1.0.0"},"app":{"__proto__":{"windows":[{}]},"security":{"csp":{"__proto__":"x"},"headers":{"__proto__":"x"}}},"plugins":{"sallyport":{"limits":{"__proto__":{"nesting":1}}}}}'
  for (const files of [
    { "tauri.conf.json": hostile },
    { "tauri.conf.json": minimal, [`tauri.${platform}.conf.json`]: hostile },
  ]) {
    const config = await readConfig(undefined, folderWith(files))
    assert.deepEqual([config.version, config.windows, config.csp, config.headers], [null, [], {}, {}])
    assert.equal("nesting" in config.limits, false)
    assert.equal("version" in {}, false)
  }
})
