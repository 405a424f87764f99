import assert from "node:assert/strict"
import { test } from "node:test"
import { calledCommands, exportsOf, readSource } from "./called-commands.ts"

function calls(text: string, path: string): { called: string[]; computed: number } {
  const source = readSource(text, path)
  const { called, computed } = calledCommands(source, exportsOf(source))
  return { called: called.map(({ name }) => name), computed: computed.length }
}

const rows: readonly [promise: string, path: string, text: string, called: readonly string[], computed?: number][] = [
  ["an import", "a.js", `import { invoke } from "@tauri-apps/api/core"\nawait invoke("a", { b: 1 })`, ["a"]],
  ["single quotes and backticks", "a.js", "invoke('a'); invoke(`b`)", ["a", "b"]],
  ["type arguments", "a.ts", 'const x = await invoke<Map<string, { a: () => void }>>("a")', ["a"]],
  ["an import with another name", "a.ts", `import { invoke as call } from "@tauri-apps/api/core"; call("a")`, ["a"]],
  ["a namespace", "a.ts", `import * as api from "@tauri-apps/api/core"; api.invoke("a")`, ["a"]],
  ["the global API", "a.js", 'window.__TAURI__.core.invoke("a")\nglobalThis.__TAURI__?.core?.invoke("b")', ["a", "b"]],
  ["the internals", "a.js", 'window.__TAURI_INTERNALS__.invoke("a")', ["a"]],
  ["destructuring of the global API", "a.js", 'const { invoke: call } = window.__TAURI__.core\ncall("a")', ["a"]],
  ["a variable for the global API", "a.js", 'const call = window.__TAURI__.core.invoke\ncall("a")', ["a"]],
  ["arguments on lines of their own", "a.js", 'invoke(\n  "a",\n  { b },\n)', ["a"]],
  ["a constant", "a.ts", 'const READ: string = "read"\ninvoke(READ, {})', ["read"]],
  ["a plugin's command", "a.js", 'invoke("plugin:fs|read_file")', ["plugin:fs|read_file"]],
  ["what is computed", "a.js", "invoke(name); invoke(`a_\u0024{b}`); invoke(a ? 'b' : 'c')", [], 3],
  [
    "a wrapper",
    "a.ts",
    'async function call<T>(cmd: string, args?: X): Promise<T> { return invoke<T>(cmd, args) }\ncall("a"); call<B>("b", {})',
    ["a", "b"],
  ],
  ["a wrapper that is a constant", "a.ts", 'const call = (cmd: string) => invoke(cmd)\ncall("a")', ["a"]],
  [
    "JSX",
    "a.tsx",
    `<p>Don't</p>; <button onClick={() => invoke<void>("a")}>it's</button>; <br />; invoke("b")`,
    ["a", "b"],
  ],
  [
    "Vue",
    "a.vue",
    `<template><!-- invoke("no") --><b @click="invoke('a')">don't</b></template>\n<script setup lang="ts">\n// invoke("no")\ninvoke("b")\n</script>`,
    ["a", "b"],
  ],
  [
    "Svelte",
    "a.svelte",
    `<script>\n  let x = invoke("a")\n</script>\n<b on:click={() => invoke("b")}>it's</b>`,
    ["a", "b"],
  ],
  [
    "HTML",
    "a.html",
    `<button onclick="__TAURI__.core.invoke('a')"></button><script>const t = "invoke('no')"</script>`,
    ["a"],
  ],
  ["a client", "a.ts", 'const client = createClient<Commands>()\nclient.a({}); client["b"](); client.c', ["a", "b"]],
  [
    "a plugin's client",
    "a.ts",
    'const store = createClient<C>({ plugin: "store" })\nstore.get({})',
    ["plugin:store|get"],
  ],
  ["no comment", "a.js", '// invoke("a")\n/* invoke("b") */ x', []],
  [
    "no string",
    "a.js",
    `const help = 'invoke("a")'; const other = "it's"; const t = \`invoke("b") \${invoke("c")}\``,
    ["c"],
  ],
  ["no regular expression", "a.js", 'const r = /["\'`]invoke("a")/g; 1 / 2; invoke("b") / 3', ["b"]],
  [
    "an object that was given invoke",
    "a.ts",
    'class A { #invoke; f() { this.#invoke("a"); this.invoke("b") } }',
    ["a", "b"],
  ],
  ["somebody else's invoke", "a.js", 'store.invoke("a"); Reflect.invoke("b")', []],
  [
    "no function of that name",
    "a.ts",
    "class A { invoke(cmd: string): Promise<void> { } }\nfunction invoke(cmd) {}",
    [],
  ],
]

for (const [promise, path, text, called, computed = 0] of rows) {
  test(`the commands that a frontend calls: ${promise}`, () =>
    assert.deepEqual(calls(text, path), { called, computed }))
}

test("noise is never an exception", () => {
  for (const text of ["", "`", "`${", "'", "/*", "/", "invoke(", "invoke<", 'invoke("', "invoke(`${`", "}".repeat(9)]) {
    for (const path of ["a.ts", "a.vue"]) calls(text, path)
  }
})
