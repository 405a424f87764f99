import assert from "node:assert/strict"
import { test } from "node:test"
import { setInToml } from "./edit-toml.ts"

const ROWS: readonly (readonly [promise: string, before: string, after: string])[] = [
  ["in a table of its own at the end", "a = 1\n", 'a = 1\n\n[app.security]\ncsp = "x"\n'],
  ["behind a line without an end", "a = 1", 'a = 1\n\n[app.security]\ncsp = "x"\n'],
  ["first in a table that is there", "[app.security] # mine\nb = 1\n", '[app.security] # mine\ncsp = "x"\nb = 1\n'],
  [
    "in place of another",
    '[app.security]\nb = 1\ncsp = "y" \n[other]\ncsp = 2\n',
    '[app.security]\nb = 1\ncsp = "x"\n[other]\ncsp = 2\n',
  ],
  ["with the line ends of the file", "[ app . security ]\r\nb = 1\r\n", '[ app . security ]\r\ncsp = "x"\r\nb = 1\r\n'],
]
for (const [promise, before, after] of ROWS)
  test(`sets a value ${promise}`, () => assert.equal(setInToml(before, "app.security", "csp", '"x"'), after))
