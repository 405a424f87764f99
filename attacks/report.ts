import { BROWSERS } from "../e2e/drivers/driver.ts"
import type { Attack, Weakness } from "./attack.ts"

/** `docs/attacks.md`: what is tried, what stops it, and what its control switches off. */
export function report(attacks: readonly Attack[]): string {
  const rows = attacks.map(
    ({ id, name, stoppedBy, control, not = {} }) =>
      `| ${id} | ${name} | ${stoppedBy} | ${inWords(control)} | ${BROWSERS.map((browser) => not[browser] ?? "stopped").join(" | ")} |`,
  )
  return `# Attacks

Made by \`npm run attacks -- --write\` from a run in which none of them succeeded: ${attacks.length} attacks, each against a real Core in a process of
its own, in real browsers. Each was tried a second time with its defence switched off, in a copy of the source or by the
configuration, and succeeded there. All of them are from a script in the page: \`P\` in the [threat model](threat-model.md). What other processes try
(\`N\`) is tried over real sockets by the tests in \`src/server\`, without controls; of what can be done on the disk (\`D\`), a lock of the isolation app's files and its
signature are not there yet.

| | what is tried | what stops it | it succeeds without | Chromium | Firefox | WebKitGTK |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`
}

function inWords(control: Weakness): string {
  if (control === "brownfield") return "isolation"
  return [control]
    .flat()
    .map(({ off }) => off)
    .join("; and ")
}
