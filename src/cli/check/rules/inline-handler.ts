import { BOTH, type Rule } from "../rule.ts"

export const inlineHandler: Rule = {
  code: "INLINE_HANDLER",
  severity: "error",
  targets: BOTH,
  summary: "An attribute holds code, which the isolation frame never runs",
  why: "The frame's policy allows the scripts that were checked, by their hashes; handlers in attributes have none.",
  mend: 'Put the code into a script: element.addEventListener("load", …). The frame is never seen, so most handlers can go.',
  *check(app) {
    const { page } = app.parts
    for (const { name, attributes } of page?.elements ?? []) {
      for (const attribute of attributes) {
        if (!/^on[a-z]+$/i.test(attribute.name)) continue
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
