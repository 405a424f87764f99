import assert from "node:assert/strict"
import { existsSync, readFileSync, statSync, utimesSync } from "node:fs"
import { dirname } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { RedirectFile } from "./redirect-file.ts"

const URL_WITH_TICKET = "http://localhost:1234/__sallyport__/open#ticket"

test("the link stands in a file that its user alone can read, in a folder that its user alone can enter", () => {
  const redirect = new RedirectFile(URL_WITH_TICKET)
  const file = fileURLToPath(redirect.url)
  assert.ok(readFileSync(file, "utf8").includes(JSON.stringify(URL_WITH_TICKET)))
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(dirname(file)).mode & 0o777, 0o700)
  assert.ok(!redirect.url.includes("ticket"))
  redirect.delete()
})

test("nothing is left when it is deleted, and deleting twice is fine", () => {
  const redirect = new RedirectFile(URL_WITH_TICKET)
  redirect.delete()
  redirect.delete()
  assert.equal(existsSync(dirname(fileURLToPath(redirect.url))), false)
})

test("what a process left that was killed is deleted by the next, and what another still needs is not", () => {
  const [abandoned, needed] = [new RedirectFile(URL_WITH_TICKET), new RedirectFile(URL_WITH_TICKET)]
  const folder = dirname(fileURLToPath(abandoned.url))
  const anHourAgo = new Date(Date.now() - 3_600_000)
  utimesSync(folder, anHourAgo, anHourAgo)
  const next = new RedirectFile(URL_WITH_TICKET)
  assert.equal(existsSync(folder), false)
  assert.equal(existsSync(fileURLToPath(needed.url)), true)
  needed.delete()
  next.delete()
})

test("a link cannot end the script that it stands in", () => {
  const redirect = new RedirectFile("http://localhost:1/</script><script>alert(1)//")
  assert.equal(readFileSync(fileURLToPath(redirect.url), "utf8").split("</script>").length, 2)
  redirect.delete()
})
