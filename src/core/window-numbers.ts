import { randomInt } from "node:crypto"
import type { WindowObserver } from "../boundary/core/window-registry.ts"

/** Numbers of windows are less than this. */
const MAX_NUMBER = 2 ** 32

/**
 * Numbers of open windows. A number names the isolation origin of its window. Browsers give a process to a host name, whatever the
 * port: because numbers are random, a window shares its process with no other app of this user.
 */
export class WindowNumbers {
  readonly #open = new Map<number, WindowObserver>()

  /** Returns a number that no other open window has. */
  take(observer: WindowObserver): number {
    let number = 0
    do number = randomInt(1, MAX_NUMBER)
    while (this.#open.has(number))
    this.#open.set(number, observer)
    return number
  }

  has(number: number): boolean {
    return this.#open.has(number)
  }

  /** Gives back the numbers of a window that was closed. */
  give(observer: WindowObserver): void {
    for (const [number, open] of this.#open) if (open === observer) this.#open.delete(number)
  }
}
