import { BOTH, type Rule } from "../rule.ts"

/** In bytes. */
const MOST = 10 * 1024

export const appLarge: Rule = {
  code: "APP_LARGE",
  severity: "warning",
  targets: BOTH,
  summary: "The isolation app has more than 10 KiB",
  why: "Everything that it holds is trusted, and stands between the page and the key: it should be small enough to be read through before each release.",
  mend: "Leave out what does not decide about calls; write checks as a table; let the Core check what needs much code.",
  *check(app) {
    const { bytes, page } = app.parts
    if (page === null || bytes <= MOST) return
    yield { file: page.file, position: null, what: `the page and its scripts have ${(bytes / 1024).toFixed(1)} KiB` }
  },
}
