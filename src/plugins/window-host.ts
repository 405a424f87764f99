/** An app's windows, as its plugins see and change them. */
export interface WindowHost {
  /** Of the windows there are, in the order in which they were opened. */
  readonly labels: readonly string[]
  /**
   * Opens a window and waits until its page has come.
   *
   * @param options as in `app.windows`
   * @throws Error for wrong options, a label that is in use, and a window that could not be shown
   */
  create(options: unknown): Promise<void>
  /** Closes a window, unless somebody who listens for that is to decide. */
  requestClose(label: string): Promise<void>
  /** Closes a window. Throws an `Error` when it is still there some seconds later. */
  destroy(label: string): Promise<void>
}
