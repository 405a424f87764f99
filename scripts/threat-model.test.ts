import assert from "node:assert/strict"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { MODELS } from "../model/properties.ts"
import { ERRORS } from "../src/boundary/wire/errors.ts"
import { CLOSE } from "../src/protocol/close-codes.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), "utf8")
const all = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = ""]) => name)
const under = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))

/** Rows of the catalogue of attacks, as its report has them: a test holds the two together. */
const ATTACKS: ReadonlySet<string> = new Set(all(read("docs/attacks.md"), /^\| ([PND]\d+) \|/gm))
/** Rows that a test of a file is named for: `N7: ports that others have`. */
const NAMED_TESTS: ReadonlySet<string> = new Set(
  under("src", ".test.ts").flatMap((file) =>
    all(read(file), /\b(?:test|describe)\(\s*["`]((?:[PND]\d+(?:, )?)+):/g).flatMap((rows) => rows.split(", ")),
  ),
)
const TARGETS: ReadonlySet<string> = new Set(
  under("fuzz/targets", ".ts").flatMap((file) => all(read(file), /: Target = \{\n {2}name: "([^"]+)"/g)),
)
const PROPERTIES: ReadonlySet<string> = new Set(MODELS.flatMap(({ properties }) => properties.map(({ name }) => name)))
const DECISIONS: ReadonlySet<string> = new Set(all(read("src/core/decisions.ts"), /\bkind: "([^"]+)"/g))
const CODES: ReadonlySet<string> = new Set([...Object.keys(ERRORS), ...Object.values(CLOSE).map(String)])
const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(read("package.json")).scripts

const isRow = (name: string): boolean => ATTACKS.has(name) || NAMED_TESTS.has(name)
const holdsTests = (file: string): boolean =>
  existsSync(join(root, file)) && /\.(?:test|e2e|suite)\.ts$|^e2e\/contract\//.test(file)

/** What a text names that is not there: files, rows of attacks, codes, decisions, properties, commands. */
function namesNothing(text: string): readonly string[] {
  const names = (pattern: RegExp, isThere: (name: string) => boolean): readonly string[] =>
    all(text, pattern).filter((name) => !isThere(name))
  return [
    ...names(/`((?:src|e2e|attacks|fuzz|model|scripts|docs|conformance)\/[^`\s]*)`/g, (file) =>
      existsSync(join(root, file)),
    ),
    ...names(/\b([PND]\d+)\b/g, isRow),
    ...names(/`([A-Z]+(?:_[A-Z]+)+)`/g, (code) => CODES.has(code)),
    ...names(/\b(4\d{3})\b/g, (code) => CODES.has(code)),
    ...names(/`([a-z]+(?:-[a-z]+)+)`/g, (name) => DECISIONS.has(name) || TARGETS.has(name)),
    ...names(/`([a-z]+(?:_[a-z]+)+)`/g, (name) => PROPERTIES.has(name)),
    ...names(/npm run ([a-z-]+)/g, (name) => name in SCRIPTS),
  ]
}

/** What is wrong with the cell of a promise that says what shows it: it shows nothing, or names what is not there. */
function problemsOf(shownBy: string): readonly string[] {
  const parts = shownBy.split("; ").flatMap((part) => {
    const kind = part.startsWith("fuzz ") ? "fuzz " : ""
    return part
      .slice(kind.length)
      .split(", ")
      .map((name) => kind + name.replaceAll("`", ""))
  })
  return parts.filter((part) => {
    if (part.startsWith("fuzz ")) return !TARGETS.has(part.slice("fuzz ".length))
    return !isRow(part) && !PROPERTIES.has(part) && !holdsTests(part)
  })
}

const page = read("docs/threat-model.md")
const promises = /^## What is promised$(.*)^## What is not promised$/ms.exec(page)?.[1] ?? ""
const rows: readonly (readonly string[])[] = promises
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| promise |"))
  .map((line) => line.slice(2, -2).split(" | "))

test("docs/threat-model.md names nothing that is not there", () => assert.deepEqual(namesNothing(page), []))

test("each promise of docs/threat-model.md names the code that keeps it and what shows it", () => {
  assert.ok(rows.length > 30)
  for (const [promise = "", keptBy = "", shownBy = "", ...more] of rows) {
    assert.deepEqual(more, [], promise)
    assert.match(keptBy, /^`src\/[^`]+\.ts`(?:, `src\/[^`]+\.ts`)*$/, promise)
    assert.deepEqual(problemsOf(shownBy), [], promise)
  }
})

/** Code that keeps a promise about calls or the key outside of `src/boundary` and `src/server/key`, and why it may be there. */
const OUTSIDE: Readonly<Record<string, string>> = {
  "src/core/core.ts": "calls `wipe` of the launch key when the app closes; the key itself never leaves the boundary",
  "src/core/dispatcher.ts": "looks up the command by the name in a call that the boundary has returned",
  "src/core/payload-memory.ts":
    "protects the memory of the Core; cuts arguments out of JSON only of calls that do not run, which fuzz `frame-codec` shows",
  "src/core/session.ts": "closes the socket with the same code and reason, whatever the sealed session has rejected",
  "src/page/calls.ts": "settles the promises of an honest page; the page is untrusted",
  "src/page/connection.ts": "the same",
  "src/page/session.ts": "the same",
  "src/page/isolation-frame.ts": "finds the sandbox of an honest page; the page holds no key",
  "src/server/app-pages.ts": "puts the bridge into pages; the bridge is untrusted code of the page",
  "src/server/html.ts": "the same",
  "src/server/xhtml.ts": "the same",
  "src/server/server.ts": "the same",
  "src/server/content-type.ts": "protects the page from other documents of the app origin; the page is untrusted",
  "src/server/csp.ts": "the same",
  "src/server/dev-proxy.ts": "the same",
  "src/server/static-files.ts": "the same",
}

/** Files in the column "kept by" under two headings of the page. */
function keepers(...headings: readonly string[]): readonly string[] {
  return headings.flatMap((heading) => {
    const table = page.slice(page.indexOf(`### ${heading}\n`)).split("\n### ")[0] ?? ""
    return table.split("\n").flatMap((line) => all(line.split(" | ")[1] ?? "", /`(src\/[^`]+\.ts)`/g))
  })
}

test("what keeps the promises about calls and the key is in the boundary or in server/key, or says why not", () => {
  const files = keepers("Calls", "The key and the frame")
  assert.ok(files.includes("src/boundary/core/record-opener.ts") && files.includes("src/server/key/own-sockets.ts"))
  const outside = new Set(files.filter((file) => !/^src\/(?:boundary|server\/key)\//.test(file)))
  assert.deepEqual([...outside].toSorted(), Object.keys(OUTSIDE).toSorted())
})

test("every row of the attacks, target of the fuzzer and property of the model shows a promise, or what is not promised", () => {
  const shown = rows.flatMap(([, , shownBy = ""]) => shownBy.replaceAll(/`|fuzz /g, "").split(/; |, /))
  const told = all(page.slice(page.indexOf("## What is not promised")), /\b([PND]\d+)\b/g)
  const named = new Set([...shown, ...told])
  const missing = [...new Set([...ATTACKS, ...NAMED_TESTS, ...TARGETS, ...PROPERTIES])].filter(
    (name) => !named.has(name),
  )
  assert.deepEqual(missing, [])
})

test("its picture is text, tells in words what it shows, and is made for light and dark", () => {
  const [, words = "", file = ""] = /!\[([^\]]+)\]\(([^)]+\.svg)\)/.exec(page) ?? []
  assert.ok(words.length > 100)
  const picture = read(join("docs", file))
  assert.match(picture, /<title[^>]*>[^<]+<\/title>\s*<desc[^>]*>[^<]+<\/desc>/)
  assert.match(picture, /prefers-color-scheme: dark/)
  assert.ok(all(picture, /<text[^>]*>([^<]+)<\/text>/g).length > 10)
  assert.doesNotMatch(picture, /<image|<script|href="(?!#)/)
})

test("what is not there is found", () => {
  const wrong = ["src/core/gone.ts", "P99", "HOOK_GONE", "4099", "gone-decision", "gone_property", "gone"]
  const [file, row, code, close, decision, property, script] = wrong
  assert.deepEqual(
    namesNothing(`\`${file}\` ${row} \`${code}\` ${close} \`${decision}\` \`${property}\` npm run ${script}`),
    wrong,
  )
  assert.deepEqual(problemsOf("P99; fuzz `gone`; `src/core/core.ts`; `src/core/gone.test.ts`"), [
    "P99",
    "fuzz gone",
    "src/core/core.ts",
    "src/core/gone.test.ts",
  ])
  assert.deepEqual(problemsOf(""), [""])
  assert.deepEqual(problemsOf("P1; fuzz `core`, `page`; `src/core/core.test.ts`; `each_call_settles`"), [])
})
