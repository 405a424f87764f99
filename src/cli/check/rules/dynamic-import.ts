import { BOTH, type Rule } from "../rule.ts"
import { visit } from "../visit.ts"

export const dynamicImport: Rule = {
  code: "DYNAMIC_IMPORT",
  severity: "error",
  targets: BOTH,
  summary: "import() loads a module, and the isolation frame has none",
  why: "Only index.html and the scripts that it names ever reach the frame. Its policy refuses import(), and the promise rejects.",
  mend: "Name the file in a <script src> of index.html, before the script that needs it.",
  *check(app) {
    for (const program of app.programs) {
      const found: Parameters<typeof app.at>[0][] = []
      visit(program, (node) => void (node.type === "ImportExpression" && found.push(node)))
      for (const node of found) yield app.at(node, "import() fails here: the frame loads no modules")
    }
  },
}
