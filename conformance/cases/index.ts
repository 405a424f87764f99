import type { CaseGroup } from "../case.ts"
import { coreApp, coreCases } from "./core.ts"

/** All cases. Each group has an app of its own. */
export const GROUPS: readonly CaseGroup[] = [{ name: "core", cases: coreCases, app: coreApp }]
