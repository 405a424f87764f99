import { invoke } from "@tauri-apps/api/core"
import { useState } from "react"
import reactLogo from "./assets/react.svg"
import "./App.css"

function App() {
  const [greeting, setGreeting] = useState("")
  const [name, setName] = useState("")

  async function greet() {
    setGreeting(await invoke("greet", { name }))
  }

  return (
    <main className="container">
      <h1>A window of React</h1>

      <div className="row">
        <img src="/vite.svg" className="logo" alt="Vite" />
        <img src="/tauri.svg" className="logo" alt="Tauri" />
        <img src={reactLogo} className="logo" alt="React" />
      </div>

      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          greet()
        }}
      >
        <input
          id="greet-input"
          onChange={(event) => setName(event.currentTarget.value)}
          placeholder="Who is to be greeted?"
        />
        <button type="submit">Greet</button>
      </form>
      <p id="greeting">{greeting}</p>
    </main>
  )
}

export default App
