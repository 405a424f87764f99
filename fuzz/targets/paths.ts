import assert from "node:assert/strict"
import { constants, realpathSync } from "node:fs"
import * as fc from "fast-check"
import { openRegularFile } from "../../src/directories/pinned.ts"
import { property, type Target } from "../property.ts"
import { anyPath, contentOf, isInScope, root, scope } from "../tree.ts"

export const paths: Target = {
  name: "paths",
  properties: [
    property(
      "no path, however written and whatever links it takes, leads out of what is allowed",
      fc.tuple(anyPath, fc.boolean()),
      async ([path, follow]) => {
        const resolved = await scope.resolve(path, { follow }).catch((error: unknown) => {
          assert.ok(error instanceof Error)
          return null
        })
        if (resolved === null) return
        assert.ok(isInScope(resolved.real), `${path} is ${resolved.real}`)
        const handle = await openRegularFile(resolved, constants.O_RDONLY).catch(() => null)
        if (handle === null) return
        try {
          assert.equal(await handle.readFile("utf8"), contentOf(resolved.real.slice(root.length + 1)))
        } finally {
          await handle.close()
        }
      },
    ),
    property(
      "a file that is there, inside and not denied is opened, by its own path and through links",
      anyPath,
      async (path) => {
        if (path.includes("\0") || path.split("/").includes("..") || !path.startsWith("/") || path.startsWith("/proc"))
          return
        let real: string
        try {
          real = realpathSync(path)
        } catch {
          return
        }
        const written = path.replaceAll(/\/(?:\.?\/)+/g, "/").replace(/\/\.?$/, "")
        const isDeniedAsWritten = written.startsWith(`${root}/open/secret`)
        if (isInScope(real) && !isDeniedAsWritten) assert.equal((await scope.resolve(path)).real, real)
      },
    ),
  ],
}
