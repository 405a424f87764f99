import assert from "node:assert/strict"
import { test } from "node:test"
import type { Config } from "../config/config.ts"
import { cspHash } from "./respond.ts"
import { type Answer, BRIDGE, header, startTestServer } from "./server.fixture.ts"

async function page(
  config: Partial<Config>,
  dev = false,
  files: Readonly<Record<string, string>> = {},
  pageScripts: readonly string[] = [],
): Promise<Answer & { port: number; logged: string[] }> {
  const app = await startTestServer({ config, files, options: { dev, pageScripts } })
  try {
    return { ...(await app.navigate("/")), port: app.port, logged: app.logged }
  } finally {
    await app.close()
  }
}

test("a configuration that says nothing gets a strict policy with what calls need", async () => {
  const answer = await page({})
  const { port } = answer
  const policy = header(answer, "content-security-policy")
  assert.ok(policy.includes("default-src 'self'"))
  assert.ok(policy.includes(`script-src 'self' ${cspHash(BRIDGE)}`))
  assert.ok(policy.includes(`connect-src 'self' ws://localhost:${port}`))
  assert.ok(policy.includes(`frame-src 'self' http://*.localhost:${port} http://127.0.0.1:${port}`))
  assert.ok(policy.endsWith(", frame-ancestors 'self'"))
})

test("the script that runs is the one that the policy names", async () => {
  for (const freezePrototype of [false, true]) {
    const { headers, body } = await page({ freezePrototype })
    const script = /<script data-sallyport='[^']*'>(.*?)<\/script>/s.exec(body)?.[1] ?? ""
    assert.ok(headers["content-security-policy"]?.includes(cspHash(script)))
    assert.equal(script.includes("Object.freeze(Object.prototype)"), freezePrototype)
    assert.ok(script.startsWith(BRIDGE))
  }
})

test("scripts of plugins follow the bridge, each an element of its own, and the policy names them", async () => {
  const { headers, body } = await page({ freezePrototype: true }, false, {}, ["first()", "second()"])
  assert.match(
    body,
    /Object\.freeze\(Object\.prototype\)<\/script><script>first\(\)<\/script><script>second\(\)<\/script><title>/,
  )
  for (const script of ["first()", "second()"])
    assert.ok(headers["content-security-policy"]?.includes(cspHash(script)), script)
})

test("the bridge is told how this system writes paths", async () => {
  const { body } = await page({})
  const path = JSON.parse(/data-sallyport='([^']*)'/.exec(body)?.[1] ?? "")
  assert.deepEqual(
    path,
    process.platform === "win32" ? { separator: "\\", delimiter: ";" } : { separator: "/", delimiter: ":" },
  )
})

test("a document's own inline scripts and styles run under its policy, as in Tauri; others do not", async () => {
  const files = { "index.html": "<script>mine()</script><style>p {}</style>" }
  const policy = header(await page({ csp: "default-src 'self'" }, false, files), "content-security-policy")
  assert.ok(policy.includes(`script-src 'self' ${cspHash(BRIDGE)} ${cspHash("mine()")};`))
  assert.ok(policy.includes(`style-src 'self' ${cspHash("p {}")}`))
  assert.ok(!policy.includes("unsafe-inline"))
})

test("and so do those of a document in a frame, which gets no bridge", async () => {
  const files = { "frame.html": "<meta charset=utf-8><script>'é'</script>" }
  const app = await startTestServer({ files, config: { csp: "default-src 'self'" } })
  const answer = await app.ask("/frame.html", { headers: { "sec-fetch-dest": "iframe" } })
  assert.ok(header(answer, "content-security-policy").includes(cspHash("'é'")))
  assert.ok(!answer.body.includes(BRIDGE))
  await app.close()
})

test("null is no policy for what the page loads", async () => {
  assert.equal((await page({ csp: null })).headers["content-security-policy"], "frame-ancestors 'self'")
})

test("a brownfield page is given no frame", async () => {
  const { headers } = await page({ pattern: { use: "brownfield" } })
  assert.doesNotMatch(String(headers["content-security-policy"]), /127\.0\.0\.1|\*\.localhost/)
})

test("a policy that kills every call, and must not be changed, is told of once", async () => {
  const csp = "frame-src 'none'"
  const { headers, logged } = await page({ csp, keepCsp: true })
  assert.equal(headers["content-security-policy"], `${csp}, frame-ancestors 'self'`)
  assert.equal(logged.length, 2)
  assert.match(logged[0] ?? "", /dangerousDisableAssetCspModification .* frame-src http:\/\/\*\.localhost:/)
  assert.match(logged[1] ?? "", /dangerousDisableAssetCspModification .* frame-src http:\/\/127\.0\.0\.1:/)
})

test("the configuration's headers go out, over Sallyport's own", async () => {
  const { headers } = await page({
    headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-site" },
  })
  assert.equal(headers["cross-origin-opener-policy"], "same-origin")
  assert.equal(headers["cross-origin-resource-policy"], "same-site")
  assert.equal(headers["x-content-type-options"], "nosniff")
})

test("devCsp is for development only", async () => {
  const config: Partial<Config> = { csp: "img-src a", devCsp: "img-src b" }
  assert.match(header(await page(config), "content-security-policy"), /^img-src a/)
  assert.match(header(await page(config, true), "content-security-policy"), /^img-src b/)
  assert.match(header(await page({ csp: "img-src a" }, true), "content-security-policy"), /^img-src a/)
})
