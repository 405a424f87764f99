// A plain frontend: no framework, no packages. What it can do to the disk, it does through invoke().
import { showAttacks } from "./attack-panel.js"
import { ATTACKS, runAttack } from "./attacks.js"
import { ask, confirm, toast } from "./dialogs.js"
import { Editor } from "./editor.js"
import { NoteList } from "./note-list.js"

const invoke = (cmd, args, options) => window.__TAURI_INTERNALS__.invoke(cmd, args, options)
const $ = (id) => document.getElementById(id)

const editor = new Editor(invoke, { saved: () => list.refresh(), opened: (name) => list.mark(name) })
const list = new NoteList(invoke, (name) => editor.open(name))

async function createNote() {
  const title = await ask("Name of the new note", "Untitled")
  if (title === null) return
  const name = `${title.replace(/\.md$/, "")}.md`
  await invoke("write_note", { path: name, text: `# ${title}\n\n` })
  await list.refresh()
  await editor.open(name)
}

async function renameNote() {
  if (editor.name === null) return
  const title = await ask(`New name of "${editor.name}"`, editor.name.replace(/\.md$/, ""))
  if (title === null || `${title}.md` === editor.name) return
  await editor.save()
  await invoke("rename_note", { from: editor.name, to: `${title}.md` })
  await editor.open(`${title}.md`)
  await list.refresh()
}

async function deleteNote() {
  const { name } = editor
  if (name === null || !(await confirm(`Delete "${name}"?`))) return
  editor.clear()
  await invoke("delete_note", { path: name })
  await list.refresh()
}

async function attachImage() {
  const [file] = $("file").files
  $("file").value = ""
  if (file === undefined || editor.name === null) return
  const headers = { note: encodeURIComponent(editor.name), filename: encodeURIComponent(file.name) }
  const { path } = await invoke("attach_image", await file.arrayBuffer(), { headers })
  editor.insert(`![${file.name}](${path})\n`)
}

const actions = {
  new: createNote,
  rename: renameNote,
  delete: deleteNote,
  attach: () => (editor.name === null ? undefined : $("file").click()),
}
const failed = (error) => toast(error?.code ? `${error.code}: ${error.message}` : String(error?.message ?? error))
const run = (action) => Promise.resolve().then(action).catch(failed)

for (const [id, action] of Object.entries(actions)) $(id).addEventListener("click", () => run(action))
$("file").addEventListener("change", () => run(attachImage))
$("search").addEventListener("input", () => run(() => list.search($("search").value)))

// Alt and not Ctrl: the browser keeps Ctrl+N and its like for itself.
const SHORTCUTS = {
  "Alt+n": actions.new,
  "Alt+a": actions.attach,
  "Alt+Backspace": actions.delete,
  "Alt+f": () => $("search").focus(),
  "Alt+x": () => $("attack-all").click(),
  F2: actions.rename,
  "Ctrl+s": () => editor.save(),
}
addEventListener("keydown", (event) => {
  const key = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.key}`
  if (SHORTCUTS[key] === undefined || $("ask").open) return
  event.preventDefault()
  run(SHORTCUTS[key])
})

// For the tour, which plays the attacker from outside.
window.notesAttacks = { ATTACKS, runAttack }

run(async () => {
  const info = await invoke("app_info")
  showAttacks(info, {
    failed,
    // What an attack did to the notes shows at once.
    done: () => list.refresh(),
    switchPattern: (pattern) => invoke("switch_pattern", { pattern }),
  })
  await list.refresh()
  if (list.first !== null) await editor.open(list.first)
})
