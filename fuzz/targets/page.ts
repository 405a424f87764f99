import assert from "node:assert/strict"
import { mock } from "node:test"
import * as fc from "fast-check"
import { splitPayload } from "../../src/boundary/wire/payload.ts"
import { connect, FakeSocket } from "../../src/page/fake-core.fixture.ts"
import { CLOSE } from "../../src/protocol/close-codes.ts"
import { property, type Target } from "../property.ts"

const move = fc.oneof(
  {
    arbitrary: fc.record({ does: fc.constant("invoke" as const), isWrong: fc.constantFrom(false, false, false, true) }),
    weight: 4,
  },
  { arbitrary: fc.record({ does: fc.constant("turn" as const) }), weight: 3 },
  { arbitrary: fc.record({ does: fc.constant("welcome" as const) }), weight: 3 },
  {
    arbitrary: fc.record({ does: fc.constant("reply" as const), id: fc.nat(12), ok: fc.nat(1), socket: fc.nat(3) }),
    weight: 4,
  },
  fc.record({ does: fc.constant("lose" as const), socket: fc.nat(3) }),
  fc.record({ does: fc.constant("pass time" as const), ms: fc.constantFrom(1, 20, 100, 500, 10_000) }),
)

interface Invoked {
  readonly cmd: string
  readonly outcomes: unknown[]
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What the Core has got through a socket: commands by id. */
function received({ sent }: FakeSocket): Map<number, string> {
  const payloads = sent.filter((data) => data instanceof ArrayBuffer)
  return new Map(
    payloads.flatMap((data) =>
      JSON.parse(splitPayload(new Uint8Array(data)).json).calls.map(([id, cmd]: [number, string]) => [id, cmd]),
    ),
  )
}

export const page: Target = {
  name: "page",
  properties: [
    property(
      "each invoke settles once, with the answer to it and no other, and is sent once at most, whatever the socket does",
      fc.array(move, { maxLength: 40 }),
      async (moves) => {
        FakeSocket.made.length = 0
        mock.timers.enable({ apis: ["setTimeout", "setInterval"] })
        try {
          const connection = connect()
          const invoked: Invoked[] = []
          const welcomed = new Set<FakeSocket>()
          const lost = new Set<FakeSocket>()
          /** What each command must come to, once a socket that has got it has answered. */
          const answers = new Map<string, string>()
          let count = 0
          for (const move of moves) {
            const socket = FakeSocket.made.at(-1) as FakeSocket
            if (move.does === "invoke") {
              const call: Invoked = { cmd: `c${count++}`, outcomes: [] }
              invoked.push(call)
              connection.invoke(call.cmd, move.isWrong ? { n: 1n } : {}, undefined).then(
                (value) => call.outcomes.push(`yes ${value}`),
                (error) =>
                  call.outcomes.push(
                    error instanceof Error
                      ? `${(error as Error & { code: string }).code} ${error.message}`
                      : `no ${error}`,
                  ),
              )
            } else if (move.does === "welcome") {
              if (!welcomed.has(socket) && !lost.has(socket)) socket.welcome()
              welcomed.add(socket)
            } else if (move.does === "reply") {
              const from = FakeSocket.made.at(-1 - move.socket)
              const cmd = from === undefined ? undefined : received(from).get(move.id)
              // The Core is trusted to answer what it has got, and the bridge to take an answer once.
              if (cmd !== undefined) from?.reply([move.id, move.ok, cmd])
              if (from !== undefined && cmd !== undefined && !lost.has(from) && !answers.has(cmd))
                answers.set(cmd, `${move.ok ? "yes" : "no"} ${cmd}`)
            } else if (move.does === "lose") {
              const from = FakeSocket.made.at(-1 - move.socket)
              from?.lose()
              if (from !== undefined) lost.add(from)
            } else if (move.does === "pass time") mock.timers.tick(move.ms)
            if (move.does !== "invoke") await turn()
            const sent = FakeSocket.made.flatMap((socket) => [...received(socket).values()])
            assert.equal(new Set(sent).size, sent.length, "a call was sent twice")
            for (const { cmd, outcomes } of invoked) {
              const answer = answers.get(cmd)
              if (answer !== undefined) assert.deepEqual(outcomes, [answer])
              else for (const outcome of outcomes) assert.doesNotMatch(String(outcome), /^(?:yes|no) /)
              for (const outcome of outcomes)
                if (String(outcome).startsWith("CONNECTION_LOST"))
                  assert.match(
                    String(outcome),
                    sent.includes(cmd) ? /whether the call ran is unknown$/ : /did not run$/,
                  )
            }
          }
          // The window is nobody's any more: that is the end for whatever waits.
          while (FakeSocket.made.at(-1)?.closed || lost.has(FakeSocket.made.at(-1) as FakeSocket))
            mock.timers.tick(10_000)
          FakeSocket.made.at(-1)?.lose(CLOSE.CREDENTIAL_UNKNOWN, "closed")
          await turn()
          for (const { cmd, outcomes } of invoked)
            assert.equal(outcomes.length, 1, `${cmd} has settled ${outcomes.length} times`)
        } finally {
          mock.timers.reset()
        }
      },
      50,
    ),
  ],
}
