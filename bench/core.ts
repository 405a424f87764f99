/** The measured app, in a process of its own: a real Core, as it is shipped. Started by sallyport-app.ts with its folder. */
import { setImmediate as nextTurn } from "node:timers/promises"
import { type Channel, command, createApp } from "sallyport"
import { answerQuestions } from "./answer-questions.ts"

const app = await createApp({
  config: process.argv[2],
  commands: {
    echo: command((args) => args),
    length: command((args) => (args as Uint8Array).length),
    stream: command(async (args) => {
      const { channel, count } = args as { readonly channel: Channel; readonly count: number }
      for (let n = 0; n < count; n++) if (!channel.send({ path: "notes/a.md", n })) await nextTurn()
      channel.end()
    }),
  },
  keepRunning: true,
  singleInstance: false,
})

answerQuestions({
  open: async () => {
    let link = ""
    await app.open("main", (url) => {
      link = url
    })
    return link
  },
  close: () => app.close(),
})
