import * as fc from "fast-check"
import { property, type Target } from "../property.ts"
import { Stage } from "./core-stage.ts"
import { play } from "./play.ts"

const which = fc.nat(5)
const flaw = fc.constantFrom("key", "session", "seq", "bit", "cut", "clear", "text", "empty", "other window's" as const)

/** What the app, its windows, an attacker in a page, and time can do. */
const move = fc.oneof(
  fc.record({ does: fc.constant("launch" as const), label: fc.constantFrom("main", "other") }),
  fc.record({ does: fc.constant("redeem launch ticket" as const), which }),
  fc.record({ does: fc.constant("connect" as const) }),
  fc.record({
    does: fc.constant("hello" as const),
    which,
    credential: which,
    flaw: fc.constantFrom(null, null, null, null, "unknown", "version", "bytes", "no JSON" as const),
  }),
  fc.record({ does: fc.constant("redeem frame ticket" as const), which, isElsewhere: fc.boolean() }),
  {
    arbitrary: fc.record({
      does: fc.constant("seal" as const),
      which,
      calls: fc.array(fc.tuple(fc.nat(3), fc.constantFrom("note", "wait", "fail", "none" as const)), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    weight: 6,
  },
  {
    arbitrary: fc.record({ does: fc.constant("carry" as const), which, frame: fc.nat(3), inParts: fc.boolean() }),
    weight: 6,
  },
  fc.record({ does: fc.constant("forge" as const), which, flaw }),
  fc.record({ does: fc.constant("drop" as const), which }),
  fc.record({ does: fc.constant("reload" as const), which, credential: which }),
  fc.record({ does: fc.constant("finish" as const), which, ok: fc.boolean() }),
  fc.record({ does: fc.constant("close window" as const), which }),
  fc.record({ does: fc.constant("pass time" as const), ms: fc.constantFrom(1, 9_999, 10_000, 10_001, 59_000, 61_000) }),
  fc.record({ does: fc.constant("turn" as const) }),
  fc.record({ does: fc.constant("close app" as const) }),
)
export type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never

/** Most begin where something can happen: with windows that have come some of the way to a session and its key. */
const moves = fc
  .tuple(fc.array(fc.constantFrom(1, 4, 5, 5), { maxLength: 3 }), fc.array(move, { maxLength: 40 }))
  .map(([windows, moves]): Move[] => [
    ...windows.flatMap((steps, which): Move[] => {
      const way: Move[] = [
        { does: "launch", label: which === 1 ? "other" : "main" },
        { does: "redeem launch ticket", which },
        { does: "connect" },
        { does: "hello", which: 0, credential: which, flaw: null },
        { does: "redeem frame ticket", which, isElsewhere: false },
      ]
      return way.slice(0, steps)
    }),
    ...moves,
  ])

export const core: Target = {
  name: "core",
  properties: [
    property(
      "whatever happens in whatever order: only what was sealed in its session runs, in order, once; tickets, limits and ends hold",
      moves,
      (moves) => play(new Stage(), moves),
      20,
    ),
  ],
}
