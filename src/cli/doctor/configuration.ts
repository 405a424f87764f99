import { ConfigError, readConfig } from "../../config/config.ts"
import { shadowingPolicies } from "../build/tauri-policies.ts"
import { type Examine, error, type Finding, fine, warning } from "./finding.ts"

export const configuration: Examine = async ({ project }) => {
  if (project === null)
    return {
      name: "Configuration",
      findings: [
        warning(
          "no tauri.conf.json here, in src-tauri, or in the folders above",
          "name the project's folder, or make an app: sallyport init --new DIR",
        ),
      ],
    }
  const findings: Finding[] = [
    fine(`${project.config}, of a ${project.target === "tauri" ? "Tauri" : "Sallyport"} project`),
  ]
  if (project.target === "sallyport") findings.push(...(await problems(project.config)))
  for (const policy of shadowingPolicies(project)) findings.push(warning(policy, "see above"))
  findings.push(
    project.pattern === "isolation"
      ? fine("app.security.pattern is isolation")
      : warning("app.security.pattern is not isolation: every call reaches the Core unseen", "add it: sallyport init"),
  )
  return { name: "Configuration", findings }
}

/** Everything that a launch would refuse. */
async function problems(config: string): Promise<Finding[]> {
  try {
    await readConfig(config)
    return []
  } catch (reason) {
    if (!(reason instanceof ConfigError)) throw reason
    return reason.problems.map(({ file, path, message }) => error(`${file}: ${path ?? "the file"}`, message))
  }
}
