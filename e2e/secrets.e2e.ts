import assert from "node:assert/strict"
import { type ChildProcess, fork } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, test } from "node:test"
import { fileURLToPath } from "node:url"
import { launch } from "./drivers/driver.ts"
import type { Order, Report } from "./secrets.fixture.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-secrets-"))
after(() => rmSync(folder, { recursive: true, force: true }))
const audit = join(folder, "audit.jsonl")

/** A process with the app in it, and all that it prints and tells. */
class AppProcess {
  readonly printed: string[] = []
  readonly decisions: string[] = []
  secrets: readonly Buffer[] = []
  readonly #child: ChildProcess
  #answered: (done: string | null) => void = () => {}
  #failed: (error: Error) => void = () => {}

  constructor() {
    const program = fileURLToPath(new URL("secrets.fixture.ts", import.meta.url))
    this.#child = fork(program, [audit], { silent: true, execArgv: ["--disable-warning=ExperimentalWarning"] })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (chunk: Buffer) => this.printed.push(chunk.toString("latin1")))
    this.#child.on("message", (report: Report) => {
      if ("done" in report) this.#answered(report.done)
      else if ("decision" in report) this.decisions.push(report.decision)
      else this.secrets = report.secrets.map((secret) => Buffer.from(secret, "base64"))
    })
    this.#child.once("exit", (code) => this.#failed(new Error(`the app ended with ${code}: ${this.printed.join("")}`)))
  }

  do(order: Order): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
      this.#child.send(order)
    })
  }

  kill(): void {
    this.#child.kill("SIGKILL")
  }
}

/** A secret as it may stand in a log. The first half is enough: a log may cut its lines. */
function spellings(secret: Buffer): Readonly<Record<string, string>> {
  const half = secret.subarray(0, 15)
  return {
    raw: half.toString("latin1"),
    hexadecimal: half.toString("hex"),
    "hexadecimal, in capitals": half.toString("hex").toUpperCase(),
    "hexadecimal, as Node shows a buffer": [...half].map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
    base64: half.toString("base64"),
    base64url: half.toString("base64url"),
    "a list of numbers": [...half].join(","),
    "a list of numbers, with spaces": [...half].join(", "),
    "numbers by index, as JSON has an array of bytes": [...half].map((byte, index) => `"${index}":${byte}`).join(","),
    escaped: JSON.stringify(half.toString("latin1")).slice(1, -1),
  }
}

/** Which secrets stand in a text, by their number, and how. */
function leaks(text: string, secrets: readonly Buffer[]): string[] {
  return secrets.flatMap((secret, number) =>
    Object.entries(spellings(secret)).flatMap(([spelling, written]) =>
      text.includes(written) ? [`secret ${number} in ${spelling}`] : [],
    ),
  )
}

/**
 * What an attacker's script does, and what goes wrong by itself. Every error that it gets is kept, with its stack.
 */
const ATTACK = `
  const errors = []
  const keep = (error) => errors.push(String(error), String(error?.stack), JSON.stringify(error), String(error?.message))
  const until = async (isSo) => { while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5)) }
  const send = WebSocket.prototype.send
  const frames = []; let socket
  WebSocket.prototype.send = function (data) {
    if (typeof data !== "string") { socket = this; frames.push(data.slice(0)) }
    return send.call(this, data)
  }
  for (const cmd of ["allowed", "fails", "fails_otherwise", "denied", "refused", "unknown", "plugin:window|set_title"])
    await invoke(cmd, { cookie: document.cookie }).catch(keep)
  const credential = JSON.parse(sessionStorage.getItem("sallyport")).credential
  const forgeries = [() => crypto.getRandomValues(new Uint8Array(100)), () => frames.at(-1), () => new Uint8Array(3), () => "text"]
  for (const forge of forgeries) {
    await invoke("allowed").catch(keep)
    const attacked = socket
    send.call(attacked, forge())
    await until(() => attacked.readyState === 3)
  }
  for (const hello of [{ hello: 1, credential: credential + "x" }, { hello: 1, credential: credential.slice(1) }, { hello: 2, credential }, credential]) {
    const own = new WebSocket("ws://" + location.host + "/__sallyport__/ipc")
    await new Promise((resolve) => { own.onopen = resolve })
    send.call(own, typeof hello === "string" ? hello : JSON.stringify(hello))
    await new Promise((resolve) => { own.onclose = ({ code, reason }) => { errors.push(code + reason); resolve() } })
  }
  const { src } = document.querySelector("iframe[name^=sallyport]")
  for (const url of [src, location.origin + new URL(src).pathname, location.origin + "/" + credential]) await fetch(url).catch(keep)
  const again = await fetch("/__sallyport__/open", { method: "POST", body: LAUNCH })
  errors.push(again.status + await again.text())
  await invoke("allowed").catch(keep)
  return errors`

test("no secret of a run stands in any log of it: audit, output, decisions, errors and their stacks", async () => {
  const app = new AppProcess()
  const browser = await launch("chromium")
  try {
    const errors: string[] = []
    for (const launches of [1, 2]) {
      await app.do({ order: "start" })
      for (let count = 0; count < launches; count++) {
        const url = await app.do({ order: "open" })
        assert.ok(url !== null)
        const page = await browser.open(url)
        await page.waitFor("return typeof call === 'function'")
        await page.reload()
        await page.waitFor("return typeof call === 'function'")
        const launch = JSON.stringify(new URL(url).hash.slice(1))
        errors.push(...(await page.evaluate<string[]>(ATTACK.replace("LAUNCH", launch))))
        await page.close()
      }
      // The app stops and starts again, in the same process and with the same log.
      await app.do({ order: "close" })
    }
    await app.do({ order: "end" })
    const { secrets } = app
    // Two launch keys and cookies, and for each of three windows a ticket, a credential, and several sessions' keys and tickets.
    assert.ok(secrets.length >= 2 * 2 + 3 * (2 + 2 * 5), `${secrets.length} secrets`)

    const logs = {
      audit: readFileSync(audit, "latin1"),
      output: app.printed.join(""),
      decisions: app.decisions.join("\n"),
      errors: errors.join("\n"),
    }
    // That all of it was heard.
    for (const kind of [
      "call",
      "call-refused",
      "call-denied",
      "frame-refused",
      "session-refused",
      "request-refused",
      "launch-ticket-reused",
    ]) {
      assert.ok(logs.audit.includes(`"kind":"${kind}"`), kind)
      assert.ok(logs.decisions.includes(`"kind":"${kind}"`), kind)
    }
    for (const text of ["the hook sees", "Error: it failed", "called ", "log: "])
      assert.ok(logs.output.includes(text), text)
    for (const text of ["HOOK_REFUSED", "it failed", "SESSION_REFUSED", "403"])
      assert.ok(logs.errors.includes(text), text)

    const found = Object.entries(logs).map(([name, text]) => [name, leaks(text, secrets)])
    assert.deepEqual(Object.fromEntries(found), { audit: [], output: [], decisions: [], errors: [] })

    // The control: what is printed, in any spelling, is found.
    for (const [number, secret] of secrets.slice(0, 3).entries()) {
      for (const [spelling, written] of Object.entries(spellings(secret))) {
        if (spelling !== "raw" && spelling !== "escaped") await app.do({ order: "print", text: `planted ${written}` })
        assert.ok(leaks(`planted ${written}`, secrets).includes(`secret ${number} in ${spelling}`), spelling)
      }
    }
    await app.do({ order: "end" })
    const planted = leaks(app.printed.join(""), secrets)
    for (const number of [0, 1, 2])
      assert.equal(planted.filter((leak) => leak.startsWith(`secret ${number} `)).length, 8)
  } finally {
    await browser.close()
    app.kill()
  }
})
