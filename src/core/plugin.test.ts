import assert from "node:assert/strict"
import { test } from "node:test"
import { checkPlugins, type Plugin } from "./plugin.ts"

const named = (name: unknown): Plugin => ({ name, setup: () => ({ commands: {} }) }) as Plugin

test("plugins have names of letters, digits and hyphens, each its own", () =>
  checkPlugins([named("fs"), named("my-plugin-2"), named("constructor")]))

for (const [what, plugins, says] of [
  ["no plugin", [null as never], /^plugins\[0\] is no plugin: it has no setup\(\)$/],
  ["a plugin that cannot be set up", [{ name: "a" } as Plugin], /it has no setup\(\)/],
  ["a name that is no text", [named("a"), named(1)], /^plugins\[1\]\.name is 1: use letters/],
  ["a name that ends another's command", [named("a|b")], /use letters, digits and hyphens/],
  ["a name that begins like a permission of core", [named("core:a")], /use letters, digits and hyphens/],
  ["a name that ends in a hyphen", [named("a-")], /use letters, digits and hyphens/],
  ["a name that another has", [named("a"), named("a")], /^two plugins have the name "a"$/],
  [
    "a name of a plugin that every app has",
    [named("event")],
    /^plugins\[0\]\.name is "event": that is one of Tauri's own/,
  ],
] as const)
  test(`${what} is refused`, () => assert.throws(() => checkPlugins(plugins), { name: "TypeError", message: says }))
