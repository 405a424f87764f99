// A plain frontend: no framework, no packages. What it can do to the disk, it does through invoke().
import { showAttacks } from "./attack-panel.js"
import { ATTACKS, runAttack } from "./attacks.js"
import { ask, confirm, toast } from "./dialogs.js"
import { Editor } from "./editor.js"
import { NoteList } from "./note-list.js"

const invoke = (cmd, args, options) => window.__TAURI_INTERNALS__.invoke(cmd, args, options)
const $ = (id) => document.getElementById(id)

const failed = (error) => toast(error?.code ? `${error.code}: ${error.message}` : String(error?.message ?? error))
const run = (action) => Promise.resolve().then(action).catch(failed)

const editor = new Editor(invoke, { saved: () => list.refresh(), opened: (name) => list.mark(name), failed })
const list = new NoteList(invoke, (name) => run(() => editor.open(name)))

const fileName = (title) => `${title.replace(/\.md$/, "")}.md`

async function createNote() {
  const title = await ask("Name of the new note", "Untitled")
  if (title === null) return
  const name = fileName(title)
  await invoke("create_note", { path: name, text: `# ${title}\n\n` })
  await list.refresh()
  await editor.open(name)
}

async function renameNote() {
  if (editor.name === null) return
  const title = await ask(`New name of "${editor.name}"`, editor.name.replace(/\.md$/, ""))
  if (title === null || fileName(title) === editor.name) return
  await editor.save()
  await invoke("rename_note", { from: editor.name, to: fileName(title) })
  await editor.open(fileName(title))
  await list.refresh()
}

async function deleteNote() {
  const { name } = editor
  if (name === null || !(await confirm(`Delete "${name}"?`))) return
  await editor.save().catch(() => {})
  await invoke("delete_note", { path: name })
  editor.clear()
  await list.refresh()
}

async function attachImage() {
  const [file] = $("file").files
  $("file").value = ""
  if (file === undefined || editor.name === null) return
  const headers = { note: encodeURIComponent(editor.name), filename: encodeURIComponent(file.name) }
  const { path } = await invoke("attach_image", await file.arrayBuffer(), { headers })
  await editor.insertImage(file.name, path)
}

const actions = {
  new: createNote,
  rename: renameNote,
  delete: deleteNote,
  attach: () => (editor.name === null ? undefined : $("file").click()),
}
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
/** With Alt a Mac types another letter: the key that was pressed tells which one is meant. */
function keyOf({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key
}
addEventListener("keydown", (event) => {
  const key = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${keyOf(event)}`
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
    switchPattern: async (pattern) => {
      await editor.save()
      await invoke("switch_pattern", { pattern })
    },
  })
  await list.refresh()
  if (list.first !== null) await editor.open(list.first)
})
