import assert from "node:assert/strict"
import { describe, test } from "node:test"
import { runInNewContext } from "node:vm"
import { type } from "arktype"
import * as v from "valibot"
import { z } from "zod"
import type { ReceivedCall } from "../boundary/core/call-payload.ts"
import { withPolluted } from "../boundary/wire/polluted.fixture.ts"
import type { Access } from "./access.ts"
import { type CallContext, type Commands, checkCommands, command } from "./command.ts"
import { type Caller, Dispatcher } from "./dispatcher.ts"
import { Resources } from "./resources.ts"
import type { StandardSchema } from "./standard-schema.ts"

const call = (cmd: string, args: unknown = {}, headers: ReceivedCall["headers"] = null): ReceivedCall => ({
  id: 7,
  cmd,
  args,
  headers,
  bytes: 1,
  isExcess: false,
  mayHoldChannels: false,
})

/** A page that calls, and what it was denied. */
function caller(denied: unknown[] = []): Caller {
  const session = { label: "main", signal: AbortSignal.abort(), resources: new Resources() }
  return {
    ...session,
    openChannel: () => assert.fail("no channel was asked for"),
    keepsUp: true,
    sendEvent: () => {},
    denied: (...denial) => void denied.push(denial),
  }
}

/** How a call ended: every settlement there was, after all that is pending has run. */
async function run(commands: Commands, received: ReceivedCall): Promise<unknown[]> {
  const settled: unknown[] = []
  const outcome = {
    resolve: (id: number, value: unknown) => void settled.push([id, "resolved", value]),
    reject: (id: number, reason: unknown) =>
      void settled.push([id, "rejected", reason instanceof Error ? `Error: ${reason.message}` : reason]),
  }
  new Dispatcher(commands).run(received, caller(), outcome)
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

function refuse(text: string): never {
  throw new Error(text)
}

describe("a command", () => {
  const thrown = { a: "value" }
  const twice = {
    // biome-ignore lint/suspicious/noThenProperty: a query builder is one, and what it does is not ours.
    then(resolve: (value: unknown) => void, reject: (reason: unknown) => void) {
      resolve("first")
      reject(new Error("second"))
      refuse("third")
    },
  }
  const unaskable = new Proxy({}, { get: (_, name) => refuse(`no ${String(name)}`) })
  for (const [name, handler, expected] of [
    ["returns", () => 1, [7, "resolved", 1]],
    ["returns nothing", () => {}, [7, "resolved", undefined]],
    ["returns a promise", async () => 1, [7, "resolved", 1]],
    ["returns what throws when asked for then", () => unaskable, [7, "rejected", "Error: no then"]],
    [
      "throws an Error",
      () => {
        throw new Error("no")
      },
      [7, "rejected", "Error: no"],
    ],
    [
      "throws a value",
      () => {
        throw thrown
      },
      [7, "rejected", thrown],
    ],
    [
      "rejects",
      async () => {
        throw new Error("late")
      },
      [7, "rejected", "Error: late"],
    ],
    ["rejects with nothing", () => Promise.reject(), [7, "rejected", undefined]],
    ["returns a thenable that settles twice, and throws", () => twice, [7, "resolved", "first"]],
  ] as const) {
    test(`that ${name} settles its call once`, async () => {
      assert.deepEqual(await run({ act: command<unknown>(handler) }, call("act")), [expected])
    })
  }

  test("learns its name, the window, the headers and the signal", async () => {
    let seen: CallContext | undefined
    const act = command((_args, context) => {
      seen = context
    })
    await run({ act }, call("act", {}, { "x-note": "a" }))
    assert.equal(seen?.command, "act")
    assert.equal(seen?.window, "main")
    assert.equal(seen?.headers.get("X-Note"), "a")
    assert.equal(seen?.signal.aborted, true)
  })

  test("without schema gets its arguments as they came", async () => {
    const args = { a: [1] }
    assert.deepEqual(await run({ act: command((given) => given === args) }, call("act", args)), [[7, "resolved", true]])
  })

  for (const name of ["nothing", "__proto__", "constructor", "toString", "hasOwnProperty", "", "act "]) {
    test(`that is not there is not found: "${name}"`, async () => {
      assert.deepEqual(await run({ act: command(() => 1) }, call(name)), [[7, "rejected", `Command ${name} not found`]])
    })
  }
})

describe("a plugin's command", () => {
  const commands = { "plugin:fs|remove": command(() => "removed") }

  test("is found by its name", async () =>
    assert.deepEqual(await run(commands, call("plugin:fs|remove")), [[7, "resolved", "removed"]]))

  // Tauri runs it under all of these, and a hook that refuses the one name would let the others pass.
  for (const behind of ["|", "|x", "||", "\n", "|\n"])
    test(`is not found by a name with ${JSON.stringify(behind)} behind it`, async () =>
      assert.deepEqual(await run(commands, call(`plugin:fs|remove${behind}`)), [
        [7, "rejected", `Command remove${behind} not found`],
      ]))
})

describe("a schema of", () => {
  const schemas: readonly (readonly [string, StandardSchema<{ path: string }>, string])[] = [
    ["Valibot", v.object({ path: v.string() }), "path"],
    ["Zod", z.object({ path: z.string() }), "path"],
    ["ArkType", type({ path: "string" }), "path"],
    [
      "Valibot, asynchronous",
      v.objectAsync({
        path: v.pipeAsync(
          v.string(),
          v.checkAsync(async (text) => text !== "bad"),
        ),
      }),
      "path",
    ],
    ["Zod, asynchronous", z.object({ path: z.string().refine(async (text) => text !== "bad") }), "path"],
  ]
  for (const [name, schema, where] of schemas) {
    const commands = { read: command(schema, ({ path }) => `read ${path}`) }
    test(`${name} lets right arguments pass`, async () => {
      assert.deepEqual(await run(commands, call("read", { path: "p" })), [[7, "resolved", "read p"]])
    })
    for (const args of [{ path: 1 }, {}, { path: null }]) {
      test(`${name} refuses ${JSON.stringify(args)} in Tauri's words, and the command does not run`, async () => {
        const [[, how, reason]] = (await run(commands, call("read", args))) as [[number, string, string]]
        assert.equal(how, "rejected")
        assert.ok(reason.startsWith(`Error: invalid args \`${where}\` for command \`read\`: `), reason)
      })
    }
    for (const args of [null, [], "text", Uint8Array.of(1)]) {
      test(`${name} refuses ${args instanceof Uint8Array ? "bytes" : JSON.stringify(args)}`, async () => {
        const [[, how, reason]] = (await run(commands, call("read", args))) as [[number, string, string]]
        assert.equal(how, "rejected")
        assert.match(reason, /^Error: invalid args .*for command `read`: /)
      })
    }
  }

  test("any kind gives the command what it made of the arguments", async () => {
    const read = command(v.object({ n: v.pipe(v.string(), v.transform(Number)) }), ({ n }) => n + 1)
    assert.deepEqual(await run({ read }, call("read", { n: "41" })), [[7, "resolved", 42]])
  })

  test("any kind may throw, and then the call rejects", async () => {
    const broken: StandardSchema = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => {
          throw new Error("broken schema")
        },
      },
    }
    assert.deepEqual(await run({ read: command(broken, () => 1) }, call("read")), [
      [7, "rejected", "Error: broken schema"],
    ])
  })

  test("any kind may answer with a promise of another realm: it is waited for, and what it refuses does not run", async () => {
    const later = (result: object): StandardSchema => ({
      "~standard": {
        version: 1,
        vendor: "test",
        validate: () => runInNewContext("Promise.resolve(result)", { result }) as Promise<{ issues: [] }>,
      },
    })
    const ran: unknown[] = []
    const note = (args: unknown): void => void ran.push(args)
    const commands = {
      good: command(later({ value: "right" }), note),
      bad: command(later({ issues: [{ message: "no" }] }), note),
    }
    assert.deepEqual(await run(commands, call("good")), [[7, "resolved", undefined]])
    assert.deepEqual(await run(commands, call("bad")), [[7, "rejected", "Error: invalid args for command `bad`: no"]])
    assert.deepEqual(ran, ["right"])
  })

  test("any kind: says how many issues there are, and the path into lists", async () => {
    const read = command(v.object({ notes: v.array(v.object({ title: v.string() })) }), () => 1)
    const [[, , reason]] = (await run({ read }, call("read", { notes: [{ title: 1 }, {}] }))) as [
      [number, string, string],
    ]
    assert.match(reason, /invalid args `notes\.0\.title` for command `read`: .* \(and 1 more\)$/)
  })
})

describe("what capabilities say", () => {
  const asked: string[] = []
  const scope = { allow: ["a"], deny: ["b"] }
  const access: Access = {
    judge: (name, window) => {
      asked.push(`${name} for ${window}`)
      return name.includes("granted") ? { allowed: true, scope } : { allowed: false, message: `${name} is denied` }
    },
  }
  const ran: unknown[] = []
  const act = command((_args, context) => void ran.push(context.scope))
  const commands = {
    "plugin:fs|granted": act,
    "plugin:fs|read": act,
    read: act,
    "plugin:app|registerListener": { ...act, judgedAs: "plugin:app|granted" },
    "plugin:app|granted_alias": { ...act, judgedAs: "plugin:app|nobodys" },
  }

  for (const [promise, name, judged, allowed] of [
    ["lets a command run, with its scope", "plugin:fs|granted", "plugin:fs|granted", true],
    [
      "is asked of the name that was called: what follows a second bar is a part of it",
      "plugin:fs|read|x",
      "plugin:fs|read|x",
      false,
    ],
    ["keeps a command of a plugin from running", "plugin:fs|read", "plugin:fs|read", false],
    ["keeps a command of the app from running", "read", "read", false],
    ["comes before what there is", "nonsense", "nonsense", false],
    [
      "is asked of the command whose permission another needs",
      "plugin:app|registerListener",
      "plugin:app|granted",
      true,
    ],
    ["is not asked of that other one", "plugin:app|granted_alias", "plugin:app|nobodys", false],
  ] as const)
    test(promise, () => {
      asked.length = 0
      ran.length = 0
      const denied: unknown[] = []
      const rejected: unknown[] = []
      const outcome = { resolve: () => {}, reject: (...rejection: unknown[]) => void rejected.push(rejection) }
      new Dispatcher(commands, access).run(call(name), caller(denied), outcome)
      assert.deepEqual(asked, [`${judged} for main`])
      assert.deepEqual(ran, allowed ? [scope] : [])
      assert.deepEqual(rejected, allowed ? [] : [[7, `${judged} is denied`]])
      assert.deepEqual(denied, allowed ? [] : [[7, name, `${judged} is denied`]])
    })
})

describe("command() and createApp() say what is wrong with", () => {
  for (const [name, make] of [
    ["no function", () => command(undefined as never)],
    ["a schema without a function", () => command(v.string(), 1 as never)],
    ["a schema that is none", () => command({} as never, () => 1)],
    ["a Standard Schema that is half there", () => command({ "~standard": { version: 1 } } as never, () => 1)],
    ["commands that are null", () => checkCommands(null as never)],
    ["a bare function among the commands", () => checkCommands({ act: (() => 1) as never })],
    ["nothing among the commands", () => checkCommands({ act: undefined as never })],
  ] as const) {
    test(name, () => assert.throws(make, TypeError))
  }
  test("nothing, when all is well", () => checkCommands({ act: command(() => 1) }))
})

describe("a polluted Object.prototype", () => {
  test("authorizes no command as another one", () => {
    const judged: string[] = []
    const access: Access = {
      judge: (name) => {
        judged.push(name)
        return { allowed: false, message: "no" }
      },
    }
    const outcome = { resolve: () => assert.fail("it ran"), reject: () => {} }
    const own = { ...command(() => 1), judgedAs: "plugin:a|b" }
    const commands = { wipe_disk: command(() => 1), own }
    withPolluted({ judgedAs: "greet" }, () => {
      const dispatcher = new Dispatcher(commands, access)
      dispatcher.run(call("wipe_disk"), caller(), outcome)
      dispatcher.run(call("own"), caller(), outcome)
      dispatcher.run(call("nothing"), caller(), outcome)
    })
    assert.deepEqual(judged, ["wipe_disk", "plugin:a|b", "nothing"])
  })

  test("rejects no valid arguments", () => {
    const schema: StandardSchema<unknown> = {
      "~standard": { version: 1, vendor: "ours", validate: (value) => ({ value }) },
    }
    const settled: unknown[] = []
    const outcome = {
      resolve: (_id: number, value: unknown) => void settled.push(value),
      reject: (_id: number, reason: unknown) => void settled.push(reason),
    }
    const dispatcher = new Dispatcher({ read: command(schema, () => "read") })
    withPolluted({ issues: [{ message: "polluted" }] }, () => dispatcher.run(call("read"), caller(), outcome))
    assert.deepEqual(settled, ["read"])
  })
})
