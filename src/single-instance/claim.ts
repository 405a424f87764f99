import { connect, createServer, type Server, type Socket } from "node:net"
import type { SocketFolder } from "./socket-folder.ts"

/** Maximum time in ms for a claim. Two processes that start at once see each other and try again. */
const CLAIM_MS = 5000
/** Longest pause in ms between two tries. */
const PAUSE_MS = 40
/** Maximum time in ms to connect to a process whose queue of connections is full. */
const FULL_MS = 2000

/** A claim that this process holds until it releases it or ends, however it ends. */
export interface Held {
  /** Takes the connections of other processes that want the same, also those that came before this call. */
  serve(onConnection: (socket: Socket) => void): void
  release(): Promise<void>
}

/**
 * Claims something for this process: at most one process on this machine holds it at a time. The holder listens on a socket in the folder. The system
 * closes the sockets of a process that ends, so a claim never outlives its holder: a socket that refuses connections is a leftover.
 *
 * A leftover cannot be replaced in one step, because a second process may have replaced it already. So no name is taken over: each try listens on
 * the next free number, and only then looks for other sockets that accept connections. A process that finds one stops listening and starts again. Of two
 * processes that listen, the one that looks last sees the other, so two never hold the claim.
 *
 * @returns a connection to the process that holds it, if another one does
 * @throws Error where no socket can be made
 */
export async function claim(folder: SocketFolder): Promise<Held | Socket> {
  try {
    const held = await tryToClaim(folder)
    if ("destroy" in held) folder.close()
    return held
  } catch (error) {
    folder.close()
    throw error
  }
}

async function tryToClaim(folder: SocketFolder): Promise<Held | Socket> {
  for (const end = performance.now() + CLAIM_MS; performance.now() < end; await pause()) {
    const before = folder.numbers()
    const holder = await firstAlive(folder, before)
    if (holder !== null) return holder
    const number = Math.max(0, ...(process.platform === "win32" ? [] : before)) + 1
    const candidate = await listen(folder.path(number))
    if (candidate === null) continue
    const others = folder.numbers().filter((other) => other !== number)
    const rival = await firstAlive(folder, process.platform === "win32" ? [] : others)
    if (rival === null) {
      for (const other of others) folder.remove(other)
      return {
        ...candidate,
        release: async () => {
          await candidate.release()
          folder.close()
        },
      }
    }
    rival.destroy()
    await candidate.release()
  }
  throw new Error("other processes claim it again and again")
}

async function firstAlive(folder: SocketFolder, numbers: readonly number[]): Promise<Socket | null> {
  for (const number of numbers) {
    const socket = await reach(folder.path(number))
    if (socket !== null) return socket
  }
  return null
}

/** Connects; `null`: no process listens there. */
function reach(path: string, end: number = performance.now() + FULL_MS): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.off("error", failed)
      // The process that uses the connection hears of its end by "close".
      socket.on("error", () => {})
      resolve(socket)
    })
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(null)
      else if (error.code === "EAGAIN" && performance.now() < end)
        setTimeout(() => reach(path, end).then(resolve, reject), PAUSE_MS)
      else reject(error)
    }
    socket.once("error", failed)
  })
}

/** Listens; `null`: another process does. */
function listen(path: string): Promise<Held | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    const held = holdWith(server)
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(null)
      else reject(error)
    })
    server.listen(path, () => {
      // An app that has ended must not be kept running by its claim.
      server.unref()
      resolve(held)
    })
  })
}

function holdWith(server: Server): Held {
  const open = new Set<Socket>()
  let waiting: Socket[] | null = []
  let serve: (socket: Socket) => void = (socket) => waiting?.push(socket)
  server.on("connection", (socket) => {
    open.add(socket)
    socket.on("error", () => {})
    socket.once("close", () => open.delete(socket))
    serve(socket)
  })
  return {
    serve(onConnection) {
      serve = onConnection
      for (const socket of waiting ?? []) onConnection(socket)
      waiting = null
    },
    release: () =>
      new Promise((resolve) => {
        // Deletes the socket's file, too.
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS))
}
