const $ = (id) => document.getElementById(id)

/** Asks for a name. Resolves with null when it was not given. */
export function ask(label, value) {
  return show(label, value)
}

export async function confirm(question) {
  return (await show(question, null)) !== null
}

function show(label, value) {
  const dialog = $("ask")
  $("ask-label").textContent = label
  $("ask-value").hidden = value === null
  $("ask-value").required = value !== null
  $("ask-value").value = value ?? ""
  dialog.returnValue = "cancel"
  dialog.showModal()
  if (value === null) $("ask-ok").focus()
  else $("ask-value").select()
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? $("ask-value").value.trim() : null), {
      once: true,
    })
  })
}

let timer

/** Shows an error for eight seconds. */
export function toast(text) {
  $("toast").textContent = text
  $("toast").hidden = false
  clearTimeout(timer)
  timer = setTimeout(() => {
    $("toast").hidden = true
  }, 8000)
}

// Enter means OK, wherever in the dialog it is pressed.
$("ask").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return
  event.preventDefault()
  if ($("ask-value").reportValidity()) $("ask").close("ok")
})
