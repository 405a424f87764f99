import type { CaseGroup } from "../case.ts"
import { assetsApp, assetsCases } from "./assets.ts"
import { coreApp, coreCases } from "./core.ts"
import { mocksApp, mocksCases } from "./mocks.ts"

/** All cases. Each group has an app of its own. */
export const GROUPS: readonly CaseGroup[] = [
  { name: "core", cases: coreCases, app: coreApp },
  { name: "assets", cases: assetsCases, app: assetsApp },
  { name: "mocks", cases: mocksCases, app: mocksApp },
]
