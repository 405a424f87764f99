import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { test } from "node:test"
import { ownEnvironment } from "./own-environment.ts"

test("a program gets no variable from Object.prototype", () => {
  const polluted = Object.prototype as { LD_PRELOAD_FOR_TESTS?: string }
  polluted.LD_PRELOAD_FOR_TESTS = "/tmp/evil.so"
  const names = (env?: NodeJS.ProcessEnv): string[] => {
    const program = "console.log(Object.keys(process.env).join())"
    const { stdout } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8", ...(env && { env }) })
    return stdout.trim().split(",")
  }
  try {
    assert.ok(names().includes("LD_PRELOAD_FOR_TESTS"), "Node hands it over by itself")
    assert.ok(!names(ownEnvironment()).includes("LD_PRELOAD_FOR_TESTS"))
    assert.equal(ownEnvironment().PATH, process.env.PATH)
  } finally {
    delete polluted.LD_PRELOAD_FOR_TESTS
  }
})
