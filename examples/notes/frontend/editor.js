const $ = (id) => document.getElementById(id)

/** How long after the last key a note is saved, in ms. */
const SAVE_MS = 800

/** The note that is open. It saves itself. */
export class Editor {
  #invoke
  #saved
  #opened
  #timer
  #isDirty = false
  /** Name of the open note, or null. */
  name = null

  constructor(invoke, { saved, opened }) {
    this.#invoke = invoke
    this.#saved = saved
    this.#opened = opened
    this.clear()
    $("text").addEventListener("input", () => this.#changed())
    addEventListener("pagehide", () => this.save())
  }

  async open(name) {
    await this.save()
    const text = await this.#invoke("read_note", { path: name })
    this.name = name
    $("text").value = text
    $("text").disabled = false
    $("text").focus()
    $("text").setSelectionRange(0, 0)
    $("status").textContent = name
    this.#opened(name)
    await this.#showImages(text)
  }

  clear() {
    clearTimeout(this.#timer)
    this.#isDirty = false
    this.name = null
    $("text").value = ""
    $("text").disabled = true
    $("status").textContent = ""
    $("images").replaceChildren()
  }

  insert(text) {
    $("text").setRangeText(text, $("text").selectionStart, $("text").selectionEnd, "end")
    this.#changed()
    return this.#showImages($("text").value)
  }

  async save() {
    clearTimeout(this.#timer)
    if (!this.#isDirty || this.name === null) return
    this.#isDirty = false
    await this.#invoke("write_note", { path: this.name, text: $("text").value })
    $("status").textContent = `${this.name}, saved`
    await this.#saved()
  }

  #changed() {
    this.#isDirty = true
    $("status").textContent = `${this.name} …`
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.save(), SAVE_MS)
  }

  async #showImages(text) {
    const paths = [...text.matchAll(/!\[[^\]]*\]\((attachments\/[^)]+)\)/g)].map(([, path]) => path)
    const images = await Promise.all(paths.map((path) => this.#image(path)))
    $("images").replaceChildren(...images.filter((image) => image !== null))
  }

  /** A link to an image that is not there shows nothing. */
  async #image(path) {
    try {
      const image = new Image()
      image.alt = path
      image.src = URL.createObjectURL(new Blob([await this.#invoke("read_image", { path })]))
      image.addEventListener("load", () => URL.revokeObjectURL(image.src))
      return image
    } catch {
      return null
    }
  }
}
