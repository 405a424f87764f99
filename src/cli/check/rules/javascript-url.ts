import { BOTH, type Rule } from "../rule.ts"

const URLS = new Set(["href", "src", "action", "formaction", "data", "srcdoc", "xlink:href", "poster"])

export const javascriptUrl: Rule = {
  code: "JAVASCRIPT_URL",
  severity: "error",
  targets: BOTH,
  summary: "A javascript: URL holds code, which the isolation frame never runs",
  why: "The frame's policy allows the scripts that were checked, by their hashes; javascript: URLs have none.",
  mend: "Put the code into a script, or remove the element: the frame is never seen.",
  *check(app) {
    const { page } = app.parts
    for (const { name, attributes } of page?.elements ?? []) {
      for (const attribute of attributes) {
        // The URL parser leaves out tabs and line ends, and the spaces before.
        const url = attribute.value.replaceAll(/[\t\n\r]/g, "").trimStart()
        if (!URLS.has(attribute.name) || !/^javascript:/i.test(url)) continue
        yield {
          file: page?.file ?? "",
          position: attribute,
          length: attribute.length,
          what: `${attribute.name} of <${name}> never runs`,
        }
      }
    }
  },
}
