import assert from "node:assert/strict"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const PAGES: readonly string[] = [
  "README.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
]

/** A page's text without its code, where brackets and number signs mean something else. */
function prose(page: string): string {
  return readFileSync(join(root, page), "utf8")
    .replaceAll(/^(```+)[^\n]*\n.*?^\1$/gms, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""))
}

/** The fragments of a page's headings, as GitHub makes them: of two that are alike the second gets a `-1`. */
function anchors(page: string): ReadonlySet<string> {
  const count = new Map<string, number>()
  const found = new Set<string>()
  for (const [, heading = ""] of prose(page).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
      .replaceAll(" ", "-")
    const earlier = count.get(anchor) ?? 0
    count.set(anchor, earlier + 1)
    found.add(earlier === 0 ? anchor : `${anchor}-${earlier}`)
  }
  return found
}

/** What is wrong with a link of a page; `null` when it leads somewhere. */
function problemOf(page: string, link: string): string | null {
  const [path = "", anchor] = link.split("#")
  const target = path === "" ? join(root, page) : resolve(root, dirname(page), path)
  if (!existsSync(target)) return `${page}: ${link}: there is no such file`
  if (anchor === undefined || anchors(target.slice(root.length)).has(anchor)) return null
  return `${page}: ${link}: there is no such heading`
}

const linksOf = (page: string): readonly string[] =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/i.test(link))

for (const page of PAGES)
  test(`every link of ${page} leads to a file, and to a heading in it`, () =>
    assert.deepEqual(
      linksOf(page)
        .map((link) => problemOf(page, link))
        .filter(Boolean),
      [],
    ))

test("a link that leads nowhere is found", () => {
  assert.match(problemOf("README.md", "docs/nothing.md") ?? "", /no such file/)
  assert.match(problemOf("README.md", "docs/guide.md#nothing") ?? "", /no such heading/)
  assert.match(problemOf("docs/guide.md", "#nothing") ?? "", /no such heading/)
  assert.ok(PAGES.some((page) => linksOf(page).length > 5))
})

test("the README has at most 100 lines", () => {
  const lines = readFileSync(join(root, "README.md"), "utf8").trimEnd().split("\n").length
  assert.ok(lines <= 100, `${lines} lines`)
})
