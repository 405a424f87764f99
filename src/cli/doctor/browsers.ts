import { findAppBrowser, findProgram } from "../../window/find-browser.ts"
import { type Examine, type Finding, fine, warning } from "./finding.ts"

export const browsers: Examine = async () => {
  const findings: Finding[] = []
  const found = findAppBrowser()
  if (found === null)
    findings.push(
      warning(
        "no Chrome, Chromium, Edge or Brave: windows open as tabs of the default browser, in the user's own profile",
        "install one of them, or give createApp a `show` that shows windows itself",
      ),
    )
  else {
    findings.push(fine(`windows are shown by ${found.name}: ${found.program}`))
    if (found.ownFolder !== null)
      findings.push(
        warning(
          `${found.name} runs in a container (Snap or Flatpak), so its launch link stands in its process's argument list`,
          "install it from its maker's or the distribution's package where other users work on this machine",
        ),
      )
  }
  if (process.platform === "linux" && process.getuid?.() === 0)
    findings.push(warning("this user is root: Chromium runs without its own sandbox", "run apps as another user"))
  const firefox = ["firefox", "firefox-esr"].map((name) => findProgram(name)).find((program) => program !== null)
  if (firefox !== undefined) findings.push(fine(`sallyport test --browser firefox can use ${firefox}`))
  return { name: "Browsers", findings }
}
