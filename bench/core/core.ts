/**
 * The app that is looked into, in a process of its own: a real Core. Started by core-process.ts with the configuration's folder
 * and the module to take Sallyport from.
 */
import { Session } from "node:inspector/promises"
import { setTimeout as delay } from "node:timers/promises"
import type * as Sallyport from "sallyport"
import { answerQuestions } from "../answer-questions.ts"
import { markSteps, takeMark, takenMarks } from "./core-marks.ts"

const [folder = "", source = "sallyport"] = process.argv.slice(2)
const { command, createApp } = (await import(source)) as typeof Sallyport
const inspector = new Session()

const app = await createApp({
  config: folder,
  keepRunning: true,
  singleInstance: false,
  commands: {
    echo: command((args) => {
      takeMark("command")
      return args
    }),
    length: command((args) => (args as Uint8Array).length),
    textLength: command((args) => (args as { text: string }).text.length),
    /** Takes `ms` without taking the processor. */
    wait: command(async (args) => {
      await delay((args as { ms: number }).ms)
    }),
    /** Takes the processor for `ms`. */
    work: command((args) => {
      const end = performance.now() + (args as { ms: number }).ms
      while (performance.now() < end);
    }),
  },
})

answerQuestions({
  open: async (label: string) => {
    let link = ""
    await app.open(label, (url) => {
      link = url
    })
    return link
  },
  startProfile: async (interval: number) => {
    inspector.connect()
    await inspector.post("Profiler.enable")
    await inspector.post("Profiler.setSamplingInterval", { interval })
    await inspector.post("Profiler.start")
  },
  stopProfile: async () => {
    const { profile } = await inspector.post("Profiler.stop")
    inspector.disconnect()
    return profile
  },
  mark: markSteps,
  marks: takenMarks,
  close: () => app.close(),
})
