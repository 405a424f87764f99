type Callback = (data: unknown) => unknown

/** Functions of the page that the Core calls by number: those of channels, of listeners, and any other of Tauri's API. */
export class Callbacks {
  readonly map: Map<number, Callback> = new Map()

  /** Registers a function under a random u32. A `once` callback is removed before it is called. */
  register(callback?: Callback, once = false): number {
    let id: number
    do id = crypto.getRandomValues(new Uint32Array(1))[0] as number
    while (this.map.has(id))
    this.map.set(id, (data) => {
      if (once) this.map.delete(id)
      return callback?.(data)
    })
    return id
  }

  unregister(id: number): void {
    this.map.delete(id)
  }

  /** Calls one. What it throws is reported as uncaught, and stops nobody else. */
  run(id: number, data: unknown): void {
    const callback = this.map.get(id)
    if (callback === undefined) {
      console.warn(`[TAURI] Couldn't find callback id ${id}: was the page reloaded while a command ran?`)
      return
    }
    try {
      callback(data)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
