import type { App } from "./app.ts"
import type { AppWindow } from "./app-window.ts"

/**
 * The app of a second launch: closed from the start, because the first instance shows its windows. Windows that it opens are closed, too, so that
 * a program which knows nothing of second launches ends by itself.
 */
export class SecondApp implements App {
  readonly second = true
  readonly origin = ""
  readonly pattern: App["pattern"]
  readonly closed: Promise<void> = Promise.resolve()

  constructor(pattern: App["pattern"]) {
    this.pattern = pattern
  }

  async open(label: string = "main"): Promise<AppWindow> {
    return { label, close: async () => {}, closed: Promise.resolve() }
  }

  emit(): void {}

  emitTo(): void {}

  listen(): () => void {
    return () => {}
  }

  onSecondLaunch(): () => void {
    return () => {}
  }

  exit(code: number): void {
    process.exitCode = code
  }

  async close(): Promise<void> {}
}
