import { testAcceptance, testRefusals } from "./refusals.fixture.ts"

const security = (value: object) => ({ app: { security: value } })

testRefusals([
  ["a csp that is a number", security({ csp: 1 }), "VALUE_INVALID", "app.security.csp", /expected a policy/],
  [
    "a misspelt directive in a string",
    security({ csp: "defalt-src 'self'" }),
    "KEY_UNKNOWN",
    "app.security.csp",
    /no directive "defalt-src"; did you mean "default-src"\?/,
  ],
  [
    "a misspelt directive in an object",
    security({ csp: { scriptSrc: "'self'" } }),
    "KEY_UNKNOWN",
    "app.security.csp.scriptSrc",
    /did you mean "script-src"\?/,
  ],
  [
    "a directive that cannot be one",
    security({ csp: { "a b;": "'self'" } }),
    "KEY_UNKNOWN",
    'app.security.csp["a b;"]',
    /is no name of a directive/,
  ],
  [
    "sources that begin another directive",
    security({ csp: { "img-src": "x; script-src *" } }),
    "VALUE_INVALID",
    "app.security.csp.img-src",
    /without semicolons/,
  ],
  [
    "sources in a list that are no strings",
    security({ csp: { "img-src": ["x", 1] } }),
    "VALUE_INVALID",
    "app.security.csp.img-src[1]",
    /found 1/,
  ],
  [
    "a csp with a second policy",
    security({ csp: "img-src a, script-src b" }),
    "VALUE_INVALID",
    "app.security.csp",
    /without commas/,
  ],
  ["a devCsp that is not ASCII", security({ devCsp: "img-src ü" }), "VALUE_INVALID", "app.security.devCsp", /in ASCII/],
  [
    "a misspelt directive to keep",
    security({ dangerousDisableAssetCspModification: ["style-scr"] }),
    "KEY_UNKNOWN",
    "app.security.dangerousDisableAssetCspModification[0]",
    /did you mean "style-src"\?/,
  ],
  [
    "directives to keep that are a string",
    security({ dangerousDisableAssetCspModification: "true" }),
    "VALUE_INVALID",
    "app.security.dangerousDisableAssetCspModification",
    /found "true", expected true, false or a list/,
  ],
])

testAcceptance([["a directive that may be newer than this list", security({ csp: "fresh-idea 'self'" })]])
