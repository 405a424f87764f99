const $ = (id) => document.getElementById(id)

/** The notes, newest first, or what a search found in them. */
export class NoteList {
  #invoke
  #open
  #query = ""
  #current = null
  /** Name of the newest note, or null. */
  first = null

  constructor(invoke, open) {
    this.#invoke = invoke
    this.#open = open
    for (const id of ["search", "notes"]) $(id).addEventListener("keydown", (event) => this.#move(event))
  }

  async search(query) {
    this.#query = query.trim()
    await this.refresh()
  }

  async refresh() {
    const query = this.#query
    const entries = query === "" ? await this.#all() : await this.#found(query)
    // A later search may have been faster.
    if (query !== this.#query) return
    this.#show(entries)
  }

  /** Marks the note that is open. */
  mark(name) {
    this.#current = name
    for (const button of $("notes").querySelectorAll("button"))
      button.setAttribute("aria-current", button.dataset.name === name)
  }

  #show(entries) {
    const query = this.#query
    const items = entries.map(({ name, detail }) => this.#item(name, detail))
    $("notes").replaceChildren(...items)
    if (items.length === 0) $("notes").textContent = query === "" ? "No notes." : "Nothing found."
    this.mark(this.#current)
  }

  async #all() {
    const notes = await this.#invoke("list_notes")
    this.first = notes[0]?.name ?? null
    return notes.map(({ name, modified }) => ({ name, detail: new Date(modified).toLocaleString() }))
  }

  async #found(query) {
    const matches = await this.#invoke("search_notes", { query })
    return matches.map(({ path, line, text }) => ({ name: path, detail: `${line}: ${text.trim()}` }))
  }

  #item(name, detail) {
    const button = document.createElement("button")
    button.type = "button"
    button.dataset.name = name
    button.append(name.replace(/\.md$/, ""))
    const small = document.createElement("small")
    small.textContent = detail
    button.append(small)
    button.addEventListener("click", () => this.#open(name))
    const item = document.createElement("li")
    item.append(button)
    return item
  }

  /** Arrow keys walk the list, and lead into it from the search. */
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const buttons = [...$("notes").querySelectorAll("button")]
    buttons[buttons.indexOf(document.activeElement) + step]?.focus()
  }
}
