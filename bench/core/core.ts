/**
 * The app that is measured, in a process of its own: a real Core. Started by core-process.ts with the configuration's
 * folder and the module to take Sallyport from; it does what it is asked over IPC.
 */
import { Session } from "node:inspector/promises"
import type * as Sallyport from "sallyport"
import { markSteps, takeMark, takenMarks } from "./core-marks.ts"
import type { Answer, FromCore, ToCore } from "./core-process.ts"

const [folder = "", source = "sallyport"] = process.argv.slice(2)
const { command, createApp } = (await import(source)) as typeof Sallyport

const tell = (message: FromCore): void => void process.send?.(message)
const inspector = new Session()

const app = await createApp({
  config: folder,
  keepRunning: true,
  commands: {
    echo: command((args) => {
      takeMark("command")
      return args
    }),
    length: command((args) => (args as Uint8Array).length),
    textLength: command((args) => (args as { text: string }).text.length),
    /** Takes `ms` without taking the processor. */
    wait: command(async (args) => {
      await new Promise((resolve) => setTimeout(resolve, (args as { ms: number }).ms))
      return null
    }),
    /** Takes the processor for `ms`. */
    work: command((args) => {
      const end = performance.now() + (args as { ms: number }).ms
      while (performance.now() < end);
      return null
    }),
  },
})
tell({ kind: "listening", pid: process.pid })

process.on("message", async (message: ToCore) => {
  const { id, ask } = message
  try {
    tell({ kind: "answer", id, value: await answer(message), error: null })
  } catch (error) {
    tell({ kind: "answer", id, value: null, error: `${ask}: ${error instanceof Error ? error.message : error}` })
  }
})
process.once("disconnect", () => process.exit(1))

async function answer(message: ToCore): Promise<Answer> {
  switch (message.ask) {
    case "open": {
      let link = ""
      await app.open(message.label, (url) => {
        link = url
      })
      return link
    }
    case "cpu": {
      const { user, system } = process.cpuUsage()
      return user + system
    }
    case "startProfile":
      inspector.connect()
      await inspector.post("Profiler.enable")
      await inspector.post("Profiler.setSamplingInterval", { interval: message.samplingUs })
      await inspector.post("Profiler.start")
      return null
    case "stopProfile": {
      const { profile } = await inspector.post("Profiler.stop")
      inspector.disconnect()
      return profile
    }
    case "mark":
      markSteps()
      return null
    case "marks":
      return takenMarks()
    case "close":
      await app.close()
      setImmediate(() => process.disconnect?.())
      process.removeAllListeners("disconnect")
      return null
  }
}
