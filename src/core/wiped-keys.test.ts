import assert from "node:assert/strict"
import { after, test } from "node:test"
import type { WindowGrant } from "../boundary/core/window-registry.ts"
import { resolveLimits } from "../boundary/wire/limits.ts"
import { CLOSE } from "../protocol/close-codes.ts"
import type { Welcome } from "../protocol/page-messages.ts"
import { FakeConnection } from "./core.fixture.ts"
import { Core } from "./core.ts"
import { ORIGIN_OF, redeemFrame } from "./joined-core.fixture.ts"
import { type Secret, watchSecrets } from "./secrets.fixture.ts"

const { secrets, stop } = watchSecrets()
after(stop)

const ZEROS = Array<number>(32).fill(0)
const isWiped = ({ held }: Secret): boolean => held.every((byte) => byte === 0)

/** A Core with one session, and the two keys that it has made. */
function start(): {
  readonly core: Core
  readonly connection: FakeConnection
  readonly welcome: Welcome
  readonly launchKey: Secret
  readonly sealingKey: Secret
} {
  secrets.length = 0
  const core = new Core({ commands: {}, pattern: "isolation", limits: resolveLimits(), log: () => {} })
  const [launchKey] = secrets
  const view = { url: "index.html", title: null }
  const ticket = core.launch("main", view, { redeemed: () => {}, sessions: () => {} })
  const { credential } = core.redeemLaunchTicket(ticket) as WindowGrant
  const connection = new FakeConnection()
  core.accept(connection, ORIGIN_OF)
  connection.receive(JSON.stringify({ hello: 1, credential }))
  const sealingKey = secrets.find(({ from }) => from === "derived")
  assert.ok(launchKey !== undefined && sealingKey !== undefined)
  return { core, connection, welcome: JSON.parse(String(connection.sent[0])) as Welcome, launchKey, sealingKey }
}

for (const [how, end] of [
  ["its page is gone", (connection) => connection.drop()],
  ["a frame was refused", (connection) => connection.receive(Uint8Array.of(1))],
] as const satisfies readonly (readonly [string, (connection: FakeConnection) => void])[]) {
  test(`a session's key is filled with zeros when it ends, because ${how}`, () => {
    const { core, connection, welcome, launchKey, sealingKey } = start()
    const grant = redeemFrame(core, welcome)
    assert.deepEqual(grant?.key, sealingKey.bytes)
    assert.equal(isWiped(sealingKey), false)
    end(connection)
    assert.deepEqual([...sealingKey.held], ZEROS)
    assert.deepEqual([...(grant?.key ?? [])], ZEROS, "what the isolation document was made of")
    assert.equal(isWiped(launchKey), false, "other sessions still need it")
  })
}

test("the launch key, and the key of each session, are filled with zeros when the app closes", async () => {
  const { core, connection, launchKey, sealingKey } = start()
  await core.close()
  assert.equal(connection.closed?.code, CLOSE.CLOSING)
  assert.deepEqual([[...launchKey.held], [...sealingKey.held]], [ZEROS, ZEROS])
})
