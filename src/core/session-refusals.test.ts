import assert from "node:assert/strict"
import { afterEach, beforeEach, describe, test } from "node:test"
import { CLOSE } from "../protocol/close-codes.ts"
import { layOut, listen, seal, turn } from "./core.fixture.ts"
import type { Decision } from "./decisions.ts"
import { did, one, start } from "./session.fixture.ts"

let decisions: Decision[] = []
let stop: () => void = () => {}
beforeEach(() => {
  ;({ decisions, stop } = listen())
})
afterEach(() => stop())
const kinds = (): string[] => decisions.map(({ kind }) => kind)

/** What ends a session: frames that its sandbox did not seal, or not so. */

describe("is over, and runs nothing more, after", () => {
  const sealed = (seq: number): Uint8Array => seal(layOut(one(seq, "note")), { seq })
  for (const [name, frames] of [
    ["text", ['{"calls":[[1,"note"]]}']],
    ["the length of a frame that is larger than any", ["1000000000"]],
    ["a part that is no part of the frame that was announced", ["25", new Uint8Array(24)]],
    ["a frame in parts that its sandbox did not seal", ["25", new Uint8Array(25)]],
    ["no bytes", [new Uint8Array(0)]],
    ["an unsealed call, as brownfield would send it", [layOut(one(1, "note"))]],
    ["random bytes", [Uint8Array.from({ length: 500 }, (_, index) => (index * 7919) & 255)]],
    ["a frame that comes again", [sealed(1), sealed(1)]],
    ["a frame left out", [sealed(1), sealed(3)]],
    ["frames in the wrong order", [sealed(2), sealed(1)]],
    ["another session's frame", [seal(layOut(one(1, "note")), { session: new Uint8Array(16) })]],
    ["another version's frame", [seal(layOut(one(1, "note")), { version: 2 })]],
    ["a sealed frame that is no payload", [seal(Uint8Array.of(1, 2, 3))]],
    ["a sealed payload that is no JSON", [seal(layOut("{"))]],
    ["a sealed call that is none, beside one that is", [seal(layOut({ calls: [[1, "note"], [2]] }))]],
    ["an infinite number", [seal(layOut('{"calls":[[1,"note",{"n":1e999}]]}'))]],
    ["deep nesting", [seal(layOut(`{"calls":[[1,"note",${"[".repeat(100_000)}]]}`))]],
  ] as const) {
    test(name, async () => {
      const { session, connection, ended } = start()
      const good =
        frames.length === 2 && frames[0] instanceof Uint8Array && Buffer.from(frames[0]).equals(sealed(1)) ? 1 : 0
      for (const frame of [...frames, sealed(1), sealed(2), sealed(3)]) session.receive(frame)
      await turn()
      assert.equal(did.ran.length, good)
      assert.deepEqual(connection.closed, { code: CLOSE.FRAME_REFUSED, reason: "a frame was refused" })
      assert.equal(connection.replies.length, good)
      assert.equal(ended(), 1)
      assert.equal(session.isOver, true)
      assert.deepEqual(
        kinds().filter((kind) => kind !== "call"),
        ["frame-refused", "session-ended"],
      )
    })
  }

  test("never throws, whatever comes: each length of noise, sealed and not, isolated and not", () => {
    for (const isolated of [true, false]) {
      for (let length = 0; length <= 64; length++) {
        for (const byte of [0, 1, 0x5b, 0x7b, 0xff]) {
          const bytes = new Uint8Array(length).fill(byte)
          start({ isolated }).session.receive(bytes)
          start({ isolated }).session.receive(seal(bytes))
        }
      }
    }
    assert.deepEqual(did.ran, [])
  })
})
