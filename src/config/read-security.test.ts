import { testAcceptance, testRefusals } from "./refusals.fixture.ts"

const security = (value: unknown) => ({ app: { security: value } })

testRefusals([
  ["a section that is null", security(null), "VALUE_INVALID", "app.security", /found null, expected an object/],
  [
    "a misspelt pattern",
    security({ patern: { use: "isolation" } }),
    "KEY_UNKNOWN",
    "app.security.patern",
    /did you mean "pattern"\?/,
  ],
  [
    "a dir outside of options",
    security({ pattern: { use: "isolation", dir: "x", options: { dir: "x" } } }),
    "KEY_UNKNOWN",
    "app.security.pattern.dir",
    /belongs at "app\.security\.pattern\.options\.dir"/,
  ],
  [
    "a pattern that is a string",
    security({ pattern: "isolation" }),
    "VALUE_INVALID",
    "app.security.pattern",
    /found "isolation", expected an object/,
  ],
  ["a pattern that is null", security({ pattern: null }), "VALUE_INVALID", "app.security.pattern", /found null/],
  [
    "a misspelt use",
    security({ pattern: { use: "isolaton", options: { dir: "x" } } }),
    "VALUE_INVALID",
    "app.security.pattern.use",
    /found "isolaton", expected "brownfield" or "isolation"; did you mean "isolation"\?/,
  ],
  [
    "a use that is missing",
    security({ pattern: { options: { dir: "x" } } }),
    "VALUE_MISSING",
    "app.security.pattern.use",
    /found nothing/,
  ],
  [
    "isolation without options",
    security({ pattern: { use: "isolation" } }),
    "VALUE_MISSING",
    "app.security.pattern.options.dir",
    /expected the folder of the isolation app/,
  ],
  [
    "options that are no object",
    security({ pattern: { use: "isolation", options: "x" } }),
    "VALUE_INVALID",
    "app.security.pattern.options",
    /found "x", expected an object/,
  ],
  [
    "a dir that is empty",
    security({ pattern: { use: "isolation", options: { dir: "" } } }),
    "VALUE_INVALID",
    "app.security.pattern.options.dir",
    /found ""/,
  ],
  [
    "a dir that is no string",
    security({ pattern: { use: "isolation", options: { dir: 1 } } }),
    "VALUE_INVALID",
    "app.security.pattern.options.dir",
    /found 1/,
  ],
  [
    "a switch that is a string",
    security({ freezePrototype: "true" }),
    "VALUE_INVALID",
    "app.security.freezePrototype",
    /found "true", expected true or false/,
  ],
  [
    "a header that Tauri does not allow",
    security({ headers: { "Set-Cookie": "a" } }),
    "KEY_UNKNOWN",
    "app.security.headers.Set-Cookie",
    /no such key, expected "Access-Control/,
  ],
  [
    "a misspelt header",
    security({ headers: { "permission-policy": "a" } }),
    "KEY_UNKNOWN",
    "app.security.headers.permission-policy",
    /did you mean "Permissions-Policy"\?/,
  ],
  [
    "a header that begins another",
    security({ headers: { "Permissions-Policy": "a\r\nb: c" } }),
    "VALUE_INVALID",
    "app.security.headers.Permissions-Policy",
    /printable ASCII/,
  ],
  [
    "a header beyond ASCII",
    security({ headers: { "Permissions-Policy": "é" } }),
    "VALUE_INVALID",
    "app.security.headers.Permissions-Policy",
    /printable ASCII/,
  ],
  [
    "a key in a header that begins another",
    security({ headers: { "Permissions-Policy": { "\n": "a" } } }),
    "KEY_UNKNOWN",
    'app.security.headers.Permissions-Policy["\\n"]',
    /cannot stand in a header/,
  ],
  [
    "a part of a header that begins another",
    security({ headers: { "Permissions-Policy": { a: "\n" } } }),
    "VALUE_INVALID",
    "app.security.headers.Permissions-Policy.a",
    /printable ASCII/,
  ],
  [
    "capabilities that are no list",
    security({ capabilities: "main" }),
    "VALUE_INVALID",
    "app.security.capabilities",
    /expected a list of capabilities/,
  ],
])

const assets = (value: unknown) => security({ assetProtocol: value })

testRefusals([
  [
    "a misspelt asset protocol",
    security({ assetProtocl: 1 }),
    "KEY_UNKNOWN",
    "app.security.assetProtocl",
    /did you mean "assetProtocol"/,
  ],
  [
    "an asset protocol that is a switch",
    assets(true),
    "VALUE_INVALID",
    "app.security.assetProtocol",
    /found true, expected an object/,
  ],
  [
    "a misspelt enable",
    assets({ enabled: true }),
    "KEY_UNKNOWN",
    "app.security.assetProtocol.enabled",
    /did you mean "enable"\?/,
  ],
  [
    "an enable that is a string",
    assets({ enable: "yes" }),
    "VALUE_INVALID",
    "app.security.assetProtocol.enable",
    /found "yes"/,
  ],
  [
    "a scope that is one string",
    assets({ scope: "**" }),
    "VALUE_INVALID",
    "app.security.assetProtocol.scope",
    /found "\*\*", expected a list of path patterns, or/,
  ],
  [
    "a scope with something that is no pattern, although it is not enabled",
    assets({ scope: [1] }),
    "VALUE_INVALID",
    "app.security.assetProtocol.scope[0]",
    /found 1, expected a path pattern/,
  ],
  [
    "a misspelt deny, which would deny nothing",
    assets({ scope: { allow: ["/**"], denied: ["/etc/**"] } }),
    "KEY_UNKNOWN",
    "app.security.assetProtocol.scope.denied",
    /no such key, expected "allow", "deny"/,
  ],
  [
    "a deny that is no list",
    assets({ scope: { deny: "/etc/**" } }),
    "VALUE_INVALID",
    "app.security.assetProtocol.scope.deny",
    /expected a list/,
  ],
  [
    "a dot's rule that is a word",
    assets({ scope: { requireLiteralLeadingDot: "no" } }),
    "VALUE_INVALID",
    "app.security.assetProtocol.scope.requireLiteralLeadingDot",
    /expected true or false/,
  ],
])

testAcceptance([
  [
    "assets in every form",
    assets({ enable: true, scope: { allow: ["$HOME/**"], deny: [], requireLiteralLeadingDot: null } }),
  ],
  ["no assets", assets({})],
  ["isolation, wherever the folder is", security({ pattern: { use: "isolation", options: { dir: "/nowhere" } } })],
  ["brownfield that keeps its options", security({ pattern: { use: "brownfield", options: { dir: "x" } } })],
])
