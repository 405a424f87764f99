import assert from "node:assert/strict"
import { resolve } from "node:path"
import { test } from "node:test"
import { commonFolder, placeInBuild } from "./place-in-build.ts"

const ROWS: readonly (readonly [file: string, place: string])[] = [
  ["/home/me/app/core.ts", "core.ts"],
  ["/home/me/app/core/main.ts", "core/main.ts"],
  ["/home/me/shared/a.ts", "_up_/shared/a.ts"],
  ["/opt/a.ts", "_up_/_up_/_up_/opt/a.ts"],
  ["/home/me/node_modules/x/a.js", "node_modules/x/a.js"],
  ["/home/me/app/node_modules/x/node_modules/y/a.js", "node_modules/x/node_modules/y/a.js"],
]
for (const [file, place] of ROWS)
  test(`${file} is ${place} in the build of /home/me/app`, () =>
    assert.equal(placeInBuild(resolve("/home/me/app"), resolve(file)), place))

test("finds the folder that holds both", () => {
  const common = (a: string, b: string): string => commonFolder(resolve(a), resolve(b))
  assert.equal(common("/home/me/app", "/home/me/app/core.ts"), resolve("/home/me/app"))
  assert.equal(common("/home/me/app", "/home/me/server/core.ts"), resolve("/home/me"))
  assert.equal(common("/home/me/app", "/home/me/application/core.ts"), resolve("/home/me"))
  assert.equal(common("/home", "/opt/core.ts"), resolve("/"))
})
