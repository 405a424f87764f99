import type { Attack } from "../attack.ts"

/** What a lone surrogate becomes where text is turned into UTF-8 without care (Encoding Standard, 8.2). */
const REPLACED = "\ufffd"

/** Refuses what stands in the place of lone surrogates, and nothing else. */
const HOOK = `window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "open${REPLACED}" || payload.path === "/notes/${REPLACED}") throw new Error("refused")
  return payload
}`

/** P16: half of a pair of surrogates, which no UTF-8 holds: the hook is to see one text, and the Core to get another. */
export const surrogates: readonly Attack[] = [
  {
    id: "P16",
    name: "a lone surrogate in a command's name: past the hook it is to be another name",
    stoppedBy: "a name is sealed as JSON, in which a lone surrogate is an escape",
    defence: "browser",
    control: {
      off: "the escapes in a command's name",
      file: "boundary/sandbox/pass-call.ts",
      find: `const tuple = \`[\${id},\${JSON.stringify(cmd)},`,
      replace: `const tuple = \`[\${id},"\${cmd}",`,
    },
    victim: { hook: HOOK, commands: [`open${REPLACED}`] },
    inPage: (attacker) => attacker.call("open\ud800"),
    succeeded: (_result, { victim }) => victim.hasRun(`open${REPLACED}`),
  },
  {
    id: "P16",
    name: "a lone surrogate in an argument: past the hook it is to be another path",
    stoppedBy: "arguments are sealed as JSON, in which a lone surrogate is an escape",
    defence: "browser",
    control: {
      off: "the escapes in arguments",
      file: "boundary/sandbox/pass-call.ts",
      find: 'const json = blob === null ? serialize(args) : "null"',
      replace:
        "const json = (blob === null ? serialize(args) : \"null\").replace(/\\\\ud[0-9a-f]{3}/g, (escape) => JSON.parse('\"' + escape + '\"'))",
    },
    victim: { hook: HOOK },
    inPage: (attacker) => attacker.call("read_file", { path: "/notes/\udfff" }),
    succeeded: (_result, { victim }) =>
      victim.ran.some(({ args }) => (args as { path?: string }).path === `/notes/${REPLACED}`),
  },
  {
    id: "P16",
    name: "a lone surrogate in a header's name and value, past the bridge",
    stoppedBy:
      "headers are read by the rules of Fetch before the hook sees them: the call is refused with HEADERS_INVALID",
    defence: "browser",
    control: [
      {
        off: "the reading of headers before the hook",
        file: "boundary/sandbox/batch.ts",
        find: "headers: normalizeHeaders(headers)",
        replace: "headers: headers as never",
      },
      {
        off: "the reading of headers behind it",
        file: "boundary/sandbox/pass-call.ts",
        find: "const normalized = normalizeHeaders(headers)",
        replace: "const normalized = headers ?? null",
      },
    ],
    inPage: async (attacker) => {
      const session = await attacker.session()
      session.port?.postMessage('[[1,"allowed",{},{"x":"\\ud800"}]]')
      session.port?.postMessage('[[2,"allowed",{},{"\\udfff":"x"}]]')
      await attacker.until(() => session.frames.length > 2, 500)
      session.sendAll()
      await attacker.pause(200)
    },
    succeeded: (_result, { victim }) => victim.hasRun("allowed"),
  },
]
