const $ = (id) => document.getElementById(id)

/** How long after the last key a note is saved, in ms. */
const SAVE_MS = 800

/** The note that is open. It saves itself; what could not be saved stays, and is saved with the next attempt. */
export class Editor {
  #invoke
  #saved
  #opened
  #failed
  #saving = Promise.resolve()
  #timer
  #isDirty = false
  /** Name of the open note, or null. */
  name = null

  constructor(invoke, { saved, opened, failed }) {
    this.#invoke = invoke
    this.#saved = saved
    this.#opened = opened
    this.#failed = failed
    this.clear()
    $("text").addEventListener("input", () => this.#changed())
    addEventListener("pagehide", () => this.save().catch(() => {}))
  }

  async open(name) {
    await this.save()
    const text = await this.#invoke("read_note", { path: name })
    // What was typed meanwhile is newer.
    if (this.#isDirty && name === this.name) return
    await this.save()
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

  /** A Markdown link to an image: brackets would end its parts. */
  insertImage(title, path) {
    const target = encodeURI(path).replaceAll("(", "%28").replaceAll(")", "%29")
    const text = `![${title.replaceAll(/[[\]]/g, "")}](${target})\n`
    $("text").setRangeText(text, $("text").selectionStart, $("text").selectionEnd, "end")
    this.#changed()
    return this.#showImages($("text").value)
  }

  /** One after the other: of two texts the later one must stay. */
  save() {
    clearTimeout(this.#timer)
    this.#saving = this.#saving.catch(() => {}).then(() => this.#write())
    return this.#saving
  }

  async #write() {
    const { name } = this
    if (!this.#isDirty || name === null) return
    this.#isDirty = false
    try {
      await this.#invoke("write_note", { path: name, text: $("text").value })
    } catch (error) {
      this.#isDirty = true
      $("status").textContent = `${name}, NOT saved`
      throw error
    }
    if (!this.#isDirty) $("status").textContent = `${name}, saved`
    await this.#saved()
  }

  #changed() {
    this.#isDirty = true
    $("status").textContent = `${this.name} …`
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.save().catch(this.#failed), SAVE_MS)
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
      image.src = URL.createObjectURL(new Blob([await this.#invoke("read_image", { path: decodeURIComponent(path) })]))
      image.addEventListener("load", () => URL.revokeObjectURL(image.src))
      return image
    } catch {
      return null
    }
  }
}
