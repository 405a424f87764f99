/** The Core of `sallyport dev --mock FILE`: `CONFIG FILE` are its arguments. */
import { createApp } from "../../app.ts"
import { DEFAULT_WINDOW, readConfig } from "../../config/config.ts"
import { readMock } from "./read-mock.ts"

const [config, file = ""] = process.argv.slice(2)
const { windows } = await readConfig(config, undefined, { dev: true })
const app = await createApp({ config, ...(await readMock(file)) })
for (const { label } of windows.length === 0 ? [DEFAULT_WINDOW] : windows.filter(({ create }) => create))
  await app.open(label)
