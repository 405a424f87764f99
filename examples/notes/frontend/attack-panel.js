import { ATTACKS, runAttack } from "./attacks.js"

const $ = (id) => document.getElementById(id)

const BY = { hook: "Stopped by the hook", core: "Stopped by the Core", browser: "Stopped by the browser" }

/** Fills the panel: a button an attack, its verdict beside it, and the switch between the patterns. */
export function showAttacks({ pattern }, { failed, done, switchPattern }) {
  const isIsolated = pattern === "isolation"
  $("pattern").textContent = isIsolated ? "isolated" : "not isolated"
  $("pattern").classList.toggle("open", !isIsolated)
  $("story").textContent = isIsolated
    ? "One of this page's packages has turned against you. It can run any script here. Let it try."
    : "There is no guard now. These are copies of your notes, in a folder that is thrown away."
  const buttons = ATTACKS.map((attack) => {
    const button = attackButton(attack)
    button.addEventListener("click", () => play(button, attack).then(done).catch(failed))
    return button
  })
  $("attack-list").replaceChildren(...buttons.map(inItem))
  $("attack-all").addEventListener("click", async () => {
    for (const [index, attack] of ATTACKS.entries()) await play(buttons[index], attack).then(done).catch(failed)
  })
  $("brownfield").checked = !isIsolated
  $("brownfield").addEventListener("change", ({ target }) => {
    switchPattern(target.checked ? "brownfield" : "isolation").catch((error) => {
      target.checked = !isIsolated
      failed(error)
    })
  })
}

function attackButton({ title, explanation }) {
  const button = document.createElement("button")
  button.type = "button"
  const [name, verdict, detail] = ["span", "span", "small"].map((tag) => document.createElement(tag))
  name.textContent = title
  verdict.className = "verdict"
  verdict.setAttribute("role", "status")
  detail.textContent = explanation
  button.append(name, verdict, detail)
  return button
}

async function play(button, { id }) {
  const verdict = button.querySelector(".verdict")
  verdict.textContent = "…"
  button.disabled = true
  try {
    const { stopped, by, detail } = await runAttack(id)
    button.className = stopped ? "stopped" : "succeeded"
    verdict.textContent = stopped ? (BY[by] ?? "Stopped") : "Succeeded"
    button.querySelector("small").textContent = detail
  } finally {
    button.disabled = false
  }
}

function inItem(button) {
  const item = document.createElement("li")
  item.append(button)
  return item
}
