import { type Commands, command } from "sallyport"
import * as v from "valibot"
import type { Notes } from "./notes.ts"

export type Pattern = "isolation" | "brownfield"

/** What the commands know of the app around them. */
export interface Surroundings {
  readonly notes: Notes
  readonly pattern: Pattern
  /** A file outside the folder, for the attacks to try. */
  readonly secret: string
  /** Starts the app again with another pattern. */
  readonly switchPattern: (pattern: Pattern) => void
}

const path = v.string()

export function notesCommands({ notes, pattern, secret, switchPattern }: Surroundings): Commands {
  return {
    app_info: command(() => ({ pattern, folder: notes.folder, secret })),
    list_notes: command(() => notes.list()),
    read_note: command(v.object({ path }), ({ path }) => notes.read(path)),
    create_note: command(v.object({ path, text: v.string() }), ({ path, text }) => notes.create(path, text)),
    write_note: command(v.object({ path, text: v.string() }), ({ path, text }) => notes.write(path, text)),
    rename_note: command(v.object({ from: path, to: path }), ({ from, to }) => notes.rename(from, to)),
    delete_note: command(v.object({ path }), ({ path }) => notes.delete(path)),
    delete_all_notes: command(() => notes.deleteAll()),
    search_notes: command(v.object({ query: v.pipe(v.string(), v.minLength(1)) }), ({ query }) => notes.search(query)),
    attach_image: command(v.instance(Uint8Array), async (bytes, { headers }) => ({
      path: await notes.attach(decodeURIComponent(headers.get("filename") ?? "image.png"), bytes),
    })),
    read_image: command(v.object({ path }), ({ path }) => notes.image(path)),
    switch_pattern: command(v.object({ pattern: v.picklist(["isolation", "brownfield"]) }), ({ pattern }) =>
      switchPattern(pattern),
    ),
  }
}
