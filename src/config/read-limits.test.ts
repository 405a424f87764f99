import { testRefusals } from "./refusals.fixture.ts"

const limits = (value: unknown) => ({ plugins: { sallyport: { limits: value } } })

testRefusals([
  [
    "a misspelt limit",
    limits({ nestin: 1 }),
    "KEY_UNKNOWN",
    "plugins.sallyport.limits.nestin",
    /did you mean "nesting"\?/,
  ],
  [
    "a limit that there is not",
    limits({ constructor: 1 }),
    "KEY_UNKNOWN",
    "plugins.sallyport.limits.constructor",
    /expected "jsonBytes", "blobBytes"/,
  ],
  [
    "a limit of 0",
    limits({ nesting: 0 }),
    "VALUE_INVALID",
    "plugins.sallyport.limits.nesting",
    /found 0, expected a whole number of levels from 1/,
  ],
  ["a limit below 0", limits({ nesting: -1 }), "VALUE_INVALID", "plugins.sallyport.limits.nesting", /found -1/],
  ["half a limit", limits({ nesting: 1.5 }), "VALUE_INVALID", "plugins.sallyport.limits.nesting", /found 1\.5/],
  [
    "a limit that is a string",
    limits({ nesting: "1" }),
    "VALUE_INVALID",
    "plugins.sallyport.limits.nesting",
    /found "1"/,
  ],
  [
    "a time that no timer can wait",
    limits({ hookTimeoutMs: 2_147_483_648 }),
    "VALUE_INVALID",
    "plugins.sallyport.limits.hookTimeoutMs",
    /to 2147483647/,
  ],
  ["limits that are a list", limits([]), "VALUE_INVALID", "plugins.sallyport.limits", /expected an object/],
])
