import assert from "node:assert/strict"
import * as fc from "fast-check"
import { ASSET_PATH } from "../../src/protocol/endpoints.ts"
import { FRAME, SANDBOX, type TestServer, WINDOW } from "../../src/server/server.fixture.ts"
import type { Target } from "../property.ts"
import { askFor, type Response, served } from "../served.ts"
import { contentOf, root } from "../tree.ts"

/** `PORT` stands for the server's. Weighted for the right ones: each that is wrong keeps all others from being asked about. */
const host = fc.oneof(
  { arbitrary: fc.constant(["localhost:PORT"]), weight: 6 },
  { arbitrary: fc.constantFrom(["127.0.0.1:PORT"], [`${WINDOW}.localhost:PORT`]), weight: 2 },
  fc.constantFrom(
    ["localhost"],
    ["LOCALHOST:PORT"],
    ["localhost.:PORT"],
    ["localhost:0PORT"],
    ["[::1]:PORT"],
    ["127.1:PORT"],
    [`0${WINDOW}.localhost:PORT`],
    [`${WINDOW + 1}.localhost:PORT`],
    [`${WINDOW}.localhost.:PORT`],
    [`${WINDOW}.localhost`],
    ["evil.test:PORT"],
    ["evil.test@localhost:PORT"],
    ["localhost:PORT", "evil.test:PORT"],
    ["evil.test:PORT", "localhost:PORT"],
    ["localhost:PORT", "localhost:PORT"],
    [""],
    [],
  ),
)
/** `COOKIE` stands for the gate cookie's name and value, `NAME` for its name. */
const cookie = fc.oneof(
  { arbitrary: fc.constantFrom("COOKIE", "a=b; COOKIE", "NAME=x; COOKIE;", "COOKIE; NAME=x"), weight: 4 },
  fc.constantFrom(null, "", "COOKIEx", "NAME=", "NAME", `NAME=${"A".repeat(43)}`, "x-COOKIE", "a=COOKIE", "COOKIE,a=b"),
)
const origin = fc.oneof(
  { arbitrary: fc.constantFrom(null, "http://localhost:PORT"), weight: 4 },
  fc.constantFrom(
    "null",
    "http://localhost:1",
    "http://127.0.0.1:PORT",
    `http://${WINDOW}.localhost:PORT`,
    "https://localhost:PORT",
    "http://LOCALHOST:PORT",
    "",
  ),
)
const target = fc.constantFrom(
  "/a",
  "/a",
  "/ticket",
  "/nowhere",
  "/index.html",
  "/ticket",
  "/__sallyport__/ipc",
  "/__sallyport__/nothing",
  `${ASSET_PATH}${encodeURIComponent(`${root}/open/a`)}`,
  "//evil.test/a",
  "http://localhost:PORT/a",
  "http://evil.test/a",
  "*",
)
/** What a frame's navigation has, and what else a request can say of itself. */
const fetched = fc.oneof(
  fc.constant({ "sec-fetch-site": "cross-site", "sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate" }),
  fc.record({
    "sec-fetch-site": fc.constantFrom("same-origin", "same-site", "cross-site", "none"),
    "sec-fetch-dest": fc.constantFrom("iframe", "document", "empty", "image"),
    "sec-fetch-mode": fc.constantFrom("navigate", "cors"),
  }),
)

/** All of an answer by which two can be told apart. */
const looks = ({ status, headers, body }: Response): unknown => [
  status,
  [...headers].filter(([name]) => name !== "date"),
  body,
]

export const requests: Target = {
  name: "requests",
  properties: [
    served(
      "who is not a page of the app gets one empty answer, the same for what is there and what is not, and no process the isolation document by saying that it is a frame",
      fc.record({
        host,
        cookie,
        origin,
        target,
        fetched,
        isWorker: fc.constantFrom(false, false, false, true),
        method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST", "OPTIONS"),
      }),
      async (app: TestServer, { host, cookie, origin, target, fetched, isWorker, method }) => {
        app.gate.frames.set("ticket", FRAME)
        const fill = (text: string): string =>
          text
            .replaceAll("PORT", String(app.port))
            .replaceAll("COOKIE", app.cookie)
            .replaceAll("NAME", app.cookie.split("=")[0] as string)
        const headers: (readonly [string, string])[] = [
          ...host.map((name) => ["host", fill(name)] as const),
          ...(cookie === null ? [] : [["cookie", fill(cookie)] as const]),
          ...(origin === null ? [] : [["origin", fill(origin)] as const]),
          ...Object.entries(fetched),
          ...(isWorker ? [["service-worker", "script"] as const] : []),
        ]
        const answer = await askFor(app, method, fill(target), headers)
        const isFor = (name: string): boolean => host.length === 1 && host[0] === name && target.startsWith("/")
        // Two hosts, or none, and targets that are none: what HTTP does not allow may get no answer at all.
        if (answer === null) return assert.ok(host.length !== 1 || !/^(?:\/|http)/.test(target))
        assert.ok(
          !answer.body.includes(SANDBOX) && !answer.body.includes(FRAME.key.join()),
          "the isolation document was given",
        )
        const isKnown = /(?:^|; )COOKIE(?:;|$)/.test(cookie ?? "")
        const isOwn =
          origin === null || origin === "http://localhost:PORT" || fetched["sec-fetch-site"] === "same-origin"
        if (isFor("localhost:PORT") && !isWorker && isKnown && isOwn) {
          assert.notEqual(answer.status, 421)
          if (target === "/a") {
            const isRead = method === "GET" || method === "HEAD"
            assert.equal(answer.status, isRead ? 200 : 405)
            assert.equal(answer.body, method === "GET" ? contentOf("open/a") : "")
          }
          return
        }
        assert.equal(answer.body, "", "an outsider was told something")
        assert.equal(
          answer.status,
          ["localhost:PORT", "127.0.0.1:PORT", `${WINDOW}.localhost:PORT`].some(isFor)
            ? 403
            : answer.status === 400
              ? 400
              : 421,
        )
        if (isFor("localhost:PORT")) {
          const other = await askFor(app, method, "/nowhere/at/all", headers)
          assert.deepEqual(other && looks(other), looks(answer), "an outsider can tell what is there")
        }
      },
    ),
  ],
}
