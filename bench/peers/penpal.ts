import { CallOptions, connect, WindowMessenger } from "penpal"
import type { Note } from "../subject.ts"
import type { Peer } from "./peer.ts"

/** A type and no interface: penpal asks for an index signature. */
type Methods = {
  echo(note: Note): Note
  length(bytes: Uint8Array): number
}

/** A sandboxed frame's origin is opaque: no origin could be named. */
const messengerTo = (remoteWindow: Window): WindowMessenger =>
  new WindowMessenger({ remoteWindow, allowedOrigins: ["*"] })

export const penpal: Peer = {
  name: "penpal",
  title: "penpal, page to frame",
  packages: ["penpal"],
  endsIn: "frame",
  setUp: "a WindowMessenger to a sandboxed frame of another site, bytes handed over as transferables (README)",
  lacks: ["channel_per_s"],
  connect: async (frame) => {
    const remote = await connect<Methods>({ messenger: messengerTo(frame) }).promise
    return {
      echo: (note) => remote.echo(note),
      length: (bytes) => remote.length(bytes, new CallOptions({ transferables: [bytes.buffer] })),
    }
  },
  expose: () => {
    const methods: Methods = { echo: (note) => note, length: (bytes) => bytes.length }
    connect({ messenger: messengerTo(parent), methods })
  },
}
