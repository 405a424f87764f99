import type { Attack, Replacement } from "../attack.ts"
import { devPath } from "../dev-answer.ts"
import { pause } from "../stranger.ts"
import { WindowClient } from "../window-client.ts"

const NO_POLICY: Replacement = {
  off: "the policy of whatever is no JavaScript",
  file: "server/dev-proxy.ts",
  find: "isScript ? { ...headers, ...this.#pages.headers } : this.#pages.documentHeaders(headers)",
  replace: "isScript ? headers : { ...headers, ...this.#pages.headers }",
}

const TYPE_AS_SENT: Replacement = {
  off: "the reading of a type that is wrong: it goes out as it came",
  file: "server/content-type.ts",
  find: "if (PLAIN.test(value)) return",
  replace: 'if (PLAIN.test("a/b") && value !== "") return',
}

/** Runs only where no policy forbids it: inline handlers have no hash. */
const HTML = `<!doctype html><body onload="document.documentElement.setAttribute('ran', '')"><p id="there">x</p></body>`
const XHTML = HTML.replace("<!doctype html>", '<html xmlns="http://www.w3.org/1999/xhtml">').concat("</html>")
const PARTS = ["", "", ""].join(`--b\r\nContent-Type: text/html\r\n\r\n${HTML}\r\n`).concat("--b--\r\n")

const DOCUMENTS: readonly {
  readonly type: string
  readonly body: string
  readonly control: readonly Replacement[]
  readonly not?: Readonly<Partial<Record<"chromium" | "firefox" | "webkit", string>>>
}[] = [
  {
    type: "text/html, text/html",
    body: HTML,
    control: [TYPE_AS_SENT, NO_POLICY],
    not: { webkit: "it shows no such type" },
  },
  { type: "application/xml", body: XHTML, control: [NO_POLICY] },
  { type: "text/xsl", body: XHTML, control: [NO_POLICY], not: { firefox: "it shows no such type" } },
  {
    type: "multipart/x-mixed-replace; boundary=b",
    body: PARTS,
    control: [NO_POLICY],
    not: { chromium: "it shows no such type" },
  },
]

/** N11: a development server that can be made to give an answer, by a page or by whoever made a link. */
export const developmentServers: readonly Attack[] = [
  ...DOCUMENTS.map(
    ({ type, body, control, not }): Attack => ({
      id: "N11",
      name: `a page without the app's policy, from a development server that calls it ${type}`,
      stoppedBy: "whatever is no JavaScript goes out under the policy, and with a type that every browser reads alike",
      defence: "browser",
      control,
      victim: { hasDevServer: true },
      ...(not !== undefined && { not }),
      steps: async ({ page }) => {
        const path = devPath({ headers: { "content-type": type }, body })
        await page.evaluate(`setTimeout(() => location.assign(${JSON.stringify(path)}))`)
        await page.waitFor(`return location.pathname === "/answer" && document.readyState === "complete"`)
        await pause(300)
        return page.evaluate<boolean>(`return document.documentElement.hasAttribute("ran")`)
      },
    }),
  ),
  {
    id: "N11",
    name: "a page without the bridge, from a development server that calls it application/xhtml+xml, twice",
    stoppedBy: "XHTML gets the bridge as HTML does, however its type is written",
    defence: "browser",
    control: {
      off: "the look for XHTML",
      file: "server/content-type.ts",
      find: '? "xhtml" : null',
      replace: "? null : null",
    },
    victim: { hasDevServer: true },
    steps: async ({ page }) => {
      const path = devPath({ headers: { "content-type": "application/xhtml+xml, application/xhtml+xml" }, body: XHTML })
      await page.evaluate(`setTimeout(() => location.assign(${JSON.stringify(path)}))`)
      await page.waitFor(`return location.pathname === "/answer" && document.readyState === "complete"`)
      return page.evaluate<boolean>(`
        return !("__TAURI_INTERNALS__" in window) || (await __TAURI_INTERNALS__.invoke("allowed")) !== "allowed"`)
    },
  },
  {
    id: "N11",
    name: "the end of a window by a gate cookie that a development server sets",
    stoppedBy: "no answer of a development server sets a cookie of that name",
    defence: "browser",
    control: {
      off: "the look at the cookies that it sets",
      file: "server/gate-cookie.ts",
      find: 'return /^[\\s=]*"?sallyport-/i.test(header)',
      replace: 'return header === ""',
    },
    victim: { hasDevServer: true },
    steps: ({ page, victim }) => {
      const path = devPath({
        headers: { "set-cookie": `sallyport-${victim.port}=x; Path=/; HttpOnly; SameSite=Strict` },
      })
      return page.evaluate<boolean>(`
        await fetch(${JSON.stringify(path)})
        return (await fetch("/toolbox.js")).status === 403`)
    },
  },
  {
    where: "local",
    id: "N11",
    name: "a redirect to another site, as a development server's redirect to itself: its path begins with two slashes",
    stoppedBy: "a redirect to itself becomes a whole address on the app's origin",
    control: {
      off: "the origin before its path",
      file: "server/dev-proxy.ts",
      find: "return this.#appOrigin + url.pathname",
      replace: "return url.pathname",
    },
    victim: { hasDevServer: true },
    steps: async ({ victim, stranger }) => {
      const { headers } = await WindowClient.open({ victim, stranger })
      const path = devPath({ status: 302, headers: { location: "DEV//evil.example/x" } })
      const { cookie } = headers
      const answer = await stranger.ask(path, { headers: { cookie, "sec-fetch-dest": "document" } })
      return new URL(answer.headers.location ?? "", victim.origin + path).origin !== victim.origin
    },
  },
  {
    where: "local",
    id: "N11",
    name: "a window at the development server's own address, without bridge and policy, by a Refresh header that names it",
    stoppedBy: "a Refresh header leads where a redirect to the same address would",
    control: {
      off: "the reading of the Refresh header",
      file: "server/dev-proxy.ts",
      find: "this.#refresh(headers, from)",
      replace: "",
    },
    victim: { hasDevServer: true },
    steps: async ({ victim, stranger }) => {
      const { headers } = await WindowClient.open({ victim, stranger })
      const path = devPath({ headers: { "content-type": "text/html", refresh: "0; url=DEV/x" } })
      const { cookie } = headers
      const answer = await stranger.ask(path, { headers: { cookie, "sec-fetch-dest": "document" } })
      const [, url = ""] = String(answer.headers.refresh ?? "").split("url=")
      return new URL(url, victim.origin + path).origin !== victim.origin
    },
  },
]
