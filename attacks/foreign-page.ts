import type { Scene } from "./attack.ts"

/** Where another page is from: another site, or another port of the app's own one. */
export type Elsewhere = "127.0.0.1" | "evil.localhost" | "localhost"

/** Runs a script, the body of an async function, in a page that is not the app's. */
export async function onForeignPage<Result>(
  { driver, stranger }: Scene,
  host: Elsewhere,
  script: string,
): Promise<Result> {
  const port = await stranger.serve((_request, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>Elsewhere</title><body></body>")
  })
  const page = await driver.open(`http://${host}:${port}/`)
  try {
    return await page.evaluate<Result>(script)
  } finally {
    await page.close().catch(() => {})
  }
}
