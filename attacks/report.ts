import { BROWSERS } from "../e2e/drivers/driver.ts"
import type { Attack, Weakness } from "./attack.ts"

/** `docs/attacks.md`: what is tried, what stops it, and what its control switches off. */
export function report(attacks: readonly Attack[]): string {
  const inBrowsers = attacks
    .filter((attack) => attack.where !== "local")
    .map((attack) => `${row(attack)} ${BROWSERS.map((browser) => attack.not?.[browser] ?? "stopped").join(" | ")} |`)
  const local = attacks.filter(({ where }) => where === "local").map(row)
  return `# Attacks

Made by \`npm run attacks -- --write\` from a run in which none of them succeeded: ${attacks.length} attacks, each against a real Core in another
process. Each was tried a second time with its defence switched off, in a copy of the source or by the
configuration, and succeeded there. Rows are those of the [threat model](threat-model.md): \`P\` is a script in the app's page, \`N\` the network and
other processes, \`D\` the disk.

\`npm test\` tries an attack in every engine where the page, the sandbox or a rule of the browser has a part in the defence, and in one engine where
the Core alone stops it. It tries each control in one engine. \`npm test -- --all\` tries every attack and every control in every engine.

## In browsers

Real ones: Chromium, Firefox and WebKitGTK.

| | what is tried | what stops it | it succeeds without | Chromium | Firefox | WebKitGTK |
| --- | --- | --- | --- | --- | --- | --- |
${inBrowsers.join("\n")}

## From another process

Over real sockets, through the files and what the system tells of processes.

| | what is tried | what stops it | it succeeds without |
| --- | --- | --- | --- |
${local.join("\n")}
`
}

function row({ id, name, stoppedBy, control }: Attack): string {
  return `| ${id} | ${name} | ${stoppedBy} | ${inWords(control)} |`
}

function inWords(control: Weakness): string {
  if (control === "brownfield") return "isolation"
  return [control]
    .flat()
    .map(({ off }) => off)
    .join("; and ")
}
