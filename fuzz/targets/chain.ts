import * as fc from "fast-check"
import { property, type Target } from "../property.ts"
import { Stage } from "./chain-stage.ts"
import { play } from "./play.ts"

const invoke = fc.record({
  does: fc.constant("invoke" as const),
  cmd: fc.constantFrom("pass", "pass", "copy", "change", "slow", "wait", "fail", "refuse", "nothing", "wrong"),
  isRaw: fc.constantFrom(false, false, true),
})
const onTheWay = fc.oneof(
  { arbitrary: fc.record({ does: fc.constant("step" as const), which: fc.nat(5) }), weight: 5 },
  fc.record({ does: fc.constant("settle" as const) }),
  fc.record({ does: fc.constant("finish" as const) }),
)
const time = fc.record({ does: fc.constant("pass time" as const), ms: fc.constantFrom(1, 20, 100, 500) })
const disturbance = fc.oneof(
  fc.record({ does: fc.constant("disturb" as const), how: fc.constantFrom("socket", "remove", "move", "navigate") }),
  fc.record({ does: fc.constant("pass time" as const), ms: fc.constantFrom(5000, 10_001) }),
)
const attack = fc.record({
  does: fc.constant("attack" as const),
  how: fc.constantFrom("repeat" as const, "clear" as const, "noise" as const, "port" as const),
  which: fc.nat(40),
})

/** What a page does with its calls, and what becomes of what is on the way. */
const honest = fc.oneof(
  { arbitrary: invoke, weight: 4 },
  { arbitrary: onTheWay, weight: 6 },
  { arbitrary: time, weight: 1 },
)
const disturbed = fc.oneof({ arbitrary: honest, weight: 8 }, { arbitrary: disturbance, weight: 1 })
const attacked = fc.oneof({ arbitrary: disturbed, weight: 8 }, { arbitrary: attack, weight: 2 })
export type Move = typeof attacked extends fc.Arbitrary<infer Value> ? Value : never

/** Half of them begin with a session that stands. */
const movesOf = (move: fc.Arbitrary<Move>): fc.Arbitrary<readonly Move[]> =>
  fc
    .tuple(fc.boolean(), fc.array(move, { minLength: 5, maxLength: 60, size: "max" }))
    .map(([stands, moves]) => (stands ? [{ does: "settle" as const }, ...moves] : moves))

const onStage = (moves: readonly Move[]): Promise<void> => play(new Stage(), moves)

export const chain: Target = {
  name: "chain",
  properties: [
    property(
      "from page to sandbox to Core and back, in whatever order things arrive, each call comes to what its hook and its command say, once",
      movesOf(honest),
      onStage,
      10,
    ),
    property(
      "with sockets cut, and frames removed and navigated, each call settles once, and none runs twice or in another form",
      movesOf(disturbed),
      onStage,
      10,
    ),
    property(
      "whatever a script in the page puts on the wires, nothing runs that the hook did not pass, and no key goes through the page",
      movesOf(attacked),
      onStage,
      10,
    ),
  ],
}
