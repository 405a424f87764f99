/** The app of second-launch.e2e.ts: opens a real window, and prints what its page says. SIGUSR2 opens another one, SIGTERM ends it. */
import { command, createApp } from "sallyport"

const [config, singleInstance] = process.argv.slice(2)
const commands = {
  say: command((args) => {
    console.log((args as { text: string }).text)
  }),
}
const app = await createApp({ config, commands, requireIsolation: true, singleInstance: singleInstance === "true" })
console.log(app.second ? "second" : "first")
process.on("SIGTERM", () => app.close())
process.on("SIGUSR2", () => app.open("other"))
await app.open("main")
