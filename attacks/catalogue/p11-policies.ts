import { createHash } from "node:crypto"
import { SANDBOX } from "../../src/embedded/sandbox.ts"
import type { Attack } from "../attack.ts"

const OPEN = "window.__TAURI_ISOLATION_HOOK__ = (payload) => payload\n"
const source = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** P11: a policy of the page's for the isolation document: it would keep one script of it away, and let the others run. */
export const policies: readonly Attack[] = [
  {
    id: "P11",
    name: "the isolation document in a frame whose attribute `csp` keeps the script away that makes its hook strict",
    stoppedBy: "the document agrees to no policy of its embedder's: the browser does not load it then",
    defence: "browser",
    control: {
      off: "the document's refusal of its embedder's policy",
      file: "server/key/isolation-document.ts",
      find: '"cross-origin-embedder-policy": "require-corp",',
      replace: '"allow-csp-from": appOrigin,',
    },
    victim: {
      files: {
        "isolation/index.html": '<!doctype html>\n<script src="open.js"></script>\n<script src="index.js"></script>\n',
        "isolation/open.js": OPEN,
      },
    },
    not: { firefox: "knows no policy by attribute", webkit: "knows no policy by attribute" },
    steps: async ({ page, victim }) => {
      const csp = `script-src ${source(SANDBOX)} ${source(OPEN)}`
      await page.evaluate(`
        const { welcome, socket } = await attacker.connect()
        const sandbox = await attacker.sandbox(welcome.frame, { csp: ${JSON.stringify(csp)} })
        if (sandbox === null) return
        sandbox.port.postMessage('[[1,"forbidden",{}]]')
        await attacker.until(() => sandbox.frames.length > 1, 500)
        for (const frame of sandbox.frames) attacker.send(frame, socket)
        await attacker.pause(200)`)
      return victim.hasRun("forbidden")
    },
  },
]
