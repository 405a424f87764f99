import assert from "node:assert/strict"
import { test } from "node:test"
import { rustCommands } from "./rust-commands.ts"

const rows: readonly [promise: string, text: string, names: readonly string[]][] = [
  ["a list", "tauri::Builder::default().invoke_handler(tauri::generate_handler![a, b_c])", ["a", "b_c"]],
  ["paths", "generate_handler![commands::read, crate::fs::write,]", ["read", "write"]],
  ["lines with comments", "generate_handler![\n  a, // b,\n  /* c, /* d, */ */\n  e\n]", ["a", "e"]],
  ["attributes", "generate_handler![\n  #[cfg(debug_assertions)]\n  a,\n  b\n]", ["a", "b"]],
  ["generics and raw names", "generate_handler![a::<tauri::Wry>, r#move]", ["a", "move"]],
  ["tauri-specta", "collect_commands![a, b]", ["a", "b"]],
  ["two lists", "generate_handler![a]; generate_handler![b]", ["a", "b"]],
  [
    "no comment, no string",
    `// generate_handler![a]\nlet s = "generate_handler![b]"; let r = r#"generate_handler![c]"#;`,
    [],
  ],
  ["lifetimes and characters", `fn f<'a>(x: &'a str) { let c = '"'; let d = '\\''; }\ngenerate_handler![a]`, ["a"]],
  ["an empty list", "generate_handler![]", []],
]

for (const [promise, text, names] of rows) {
  test(`the commands that Rust offers: ${promise}`, () => {
    const found = rustCommands(text)
    assert.deepEqual(
      found.map(({ name }) => name),
      names,
    )
    for (const { name, offset } of found) assert.equal(text.slice(offset, offset + name.length), name)
  })
}

test("noise is never an exception", () => {
  for (const text of ["generate_handler![", "generate_handler![a", '"', "/*", 'r#"', "'"]) rustCommands(text)
})
