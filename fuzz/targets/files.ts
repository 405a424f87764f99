import assert from "node:assert/strict"
import { realpathSync, statSync } from "node:fs"
import { join } from "node:path"
import * as fc from "fast-check"
import { ASSET_PATH } from "../../src/protocol/endpoints.ts"
import { BRIDGE, type TestServer } from "../../src/server/server.fixture.ts"
import type { Target } from "../property.ts"
import { askFor, type Response, served } from "../served.ts"
import { anyPath, contentOf, isInScope, name, pathIn, root, way } from "../tree.ts"
import { rangeOf } from "./byte-range.ts"

/** As a page of the app asks. */
const ask = (
  app: TestServer,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response | null> =>
  askFor(app, method, target, Object.entries({ host: `localhost:${app.port}`, cookie: app.cookie, ...headers }))

/** Each character by its hexadecimal digits where `isEscaped` says so, and where no target can hold it. */
const inHex = (path: string, isEscaped: (character: string, at: number) => boolean): string =>
  [...path]
    .map((character, at) => {
      if (/[!-~]/.test(character) && !isEscaped(character, at)) return character
      return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")
    })
    .join("")

/** Ways to write a path in a target; a list says which characters of it are escaped, over and over. */
const spelling = fc.oneof(
  { arbitrary: fc.constantFrom("component" as const, "least" as const), weight: 3 },
  fc.constantFrom("twice" as const, "all" as const),
  fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
)

function spell(path: string, how: "component" | "least" | "twice" | "all" | readonly boolean[]): string {
  const text = path.toWellFormed()
  if (how === "component") return encodeURIComponent(text)
  if (how === "twice") return encodeURIComponent(encodeURIComponent(text))
  if (how === "all")
    return inHex(text, () => true)
      .toUpperCase()
      .replaceAll("%2F", "/")
  if (how === "least") return inHex(text, (character) => character === "%")
  return inHex(text, (_, at) => how[at % how.length] === true)
}

const range = fc.oneof(
  fc.constant(undefined),
  fc
    .tuple(fc.option(fc.nat(200), { nil: "" }), fc.option(fc.nat(200), { nil: "" }))
    .map((ends) => `bytes=${ends.join("-")}`),
  fc.constantFrom(
    "bytes=0-",
    "bytes=0-1,3-4",
    "bytes=-0",
    "lines=0-1",
    "bytes=99999999999999999999-",
    "bytes=0-99999999999999999999",
  ),
)

/** The regular file that a path really is, by its path in `root`; `null` where there is none. */
function fileAt(path: string): string | null {
  try {
    const real = realpathSync(path)
    return statSync(real).isFile() ? real.slice(root.length + 1) : null
  } catch {
    return null
  }
}

/** The file that a decoded path of the frontend means, as Tauri looks for it. */
function frontendFile(path: string, isNavigation: boolean): string | null {
  const bare = path.replace(/\/+$/, "")
  const candidates = [...(path.endsWith("/") ? [] : [bare]), `${bare}.html`, `${bare}/index.html`]
  if (isNavigation) candidates.push("/index.html")
  return candidates.map((path) => fileAt(join(root, "open", path))).find((file) => file?.startsWith("open/")) ?? null
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

export const files: Target = {
  name: "files",
  properties: [
    served(
      "over HTTP an asset is the file that its path really is, whole or the range that was asked for, in scope and for the app's own pages, or nothing",
      fc.record({
        path: fc.oneof(
          anyPath,
          way.map((path) => `${root}/${path}`),
        ),
        how: spelling,
        method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST"),
        site: fc.constantFrom("same-origin", "same-origin", "same-origin", "same-site", "none"),
        dest: fc.constantFrom("image", "empty", "document", "script", "worker"),
        range,
      }),
      async (app, { path, how, method, site, dest, range }) => {
        const target = ASSET_PATH + spell(path, how)
        const headers = { "sec-fetch-site": site, "sec-fetch-dest": dest, ...(range !== undefined && { range }) }
        const answer = await ask(app, method, target, headers)
        assert.ok(answer, "no answer")
        const asked = decoded(target.slice(ASSET_PATH.length).split("?")[0] as string)
        const file = asked === null || asked.includes("\0") ? null : fileAt(asked)
        const isOpen =
          site === "same-origin" && !/script|worker/.test(dest) && file !== null && isInScope(join(root, file))
        if (method === "HEAD") assert.equal(answer.body, "")
        if (method === "POST" || ![200, 206, 416].includes(answer.status)) {
          assert.match(String(answer.status), method === "POST" ? /^40[35]$/ : /^40[34]$/)
          assert.equal(answer.body, "")
          // A path as the bridge writes it, without a link or a detour, is no riddle.
          const isPlain = asked === fileAt(path)?.replace(/^/, `${root}/`)
          if (isPlain && isOpen && method !== "POST") assert.fail(`${path} was not given`)
          return
        }
        assert.ok(isOpen && file !== null, `${target} gave ${file}`)
        const whole = contentOf(file)
        const expected = range === undefined ? null : rangeOf(range, BigInt(whole.length))
        if (expected === "unsatisfiable") {
          assert.deepEqual([answer.status, answer.body], [416, ""])
          assert.equal(answer.headers.get("content-range"), `bytes */${whole.length}`)
          return
        }
        const part = expected === null ? whole : whole.slice(Number(expected.start), Number(expected.end) + 1)
        assert.equal(answer.status, expected === null ? 200 : 206)
        assert.equal(answer.headers.get("content-length"), String(part.length))
        assert.equal(
          answer.headers.get("content-range"),
          expected === null ? undefined : `bytes ${expected.start}-${expected.end}/${whole.length}`,
        )
        if (method === "GET") assert.equal(answer.body, part)
        assert.match(answer.headers.get("content-security-policy") ?? "", /^sandbox; default-src 'none'/)
      },
    ),
    served(
      "over HTTP the frontend is what is really in its folder and not hidden, each document with the bridge where it is a window's, or nothing",
      fc.record({
        names: fc.oneof(
          fc.array(name, { maxLength: 5 }),
          way.map((path) => path.replace(/^open\//, "").split("/")),
        ),
        start: fc.constantFrom("/", "/", "/", "//", "/open/../", "/./"),
        how: spelling,
        query: fc.constantFrom("", "", "?a=/../b", "?%00"),
        dest: fc.constantFrom("document", "iframe", "script", "empty"),
        range,
      }),
      async (app, { names, start, how, query, dest, range }) => {
        const target = start + names.map((name) => spell(name, how)).join("/") + query
        const headers = { "sec-fetch-dest": dest, ...(range !== undefined && { range }) }
        const answer = await ask(app, "GET", target, headers)
        assert.ok(answer, "no answer")
        const isNavigation = dest === "document"
        const path = decoded(target.split("?")[0] as string)
        const isPlain =
          path !== null &&
          !/%2f|%5c/i.test(target.split("?")[0] as string) &&
          !/[\\\0]/.test(path) &&
          !path.split("/").some((name) => name.startsWith("."))
        const file = isPlain ? frontendFile(path, isNavigation) : null
        if (file === null) {
          assert.deepEqual([answer.status, answer.body], [404, ""])
          return
        }
        const whole = contentOf(file)
        if (file.endsWith(".html")) {
          assert.equal(answer.status, 200)
          assert.equal(pathIn(answer.body), file)
          assert.equal(answer.body.split(BRIDGE).length - 1, isNavigation ? 1 : 0)
          return
        }
        const expected = range === undefined ? null : rangeOf(range, BigInt(whole.length))
        if (expected === "unsatisfiable") return assert.deepEqual([answer.status, answer.body], [416, ""])
        assert.equal(answer.status, expected === null ? 200 : 206)
        assert.equal(
          answer.body,
          expected === null ? whole : whole.slice(Number(expected.start), Number(expected.end) + 1),
        )
      },
    ),
  ],
}
