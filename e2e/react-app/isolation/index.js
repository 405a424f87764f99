window.__TAURI_ISOLATION_HOOK__ = (payload) => {
  if (payload.cmd === "greet" && payload.name === "nobody") throw new Error("nobody is not greeted")
  return payload
}
