import type { Phase } from "../phase.ts"
import { calls } from "./calls.ts"
import { fairness } from "./fairness.ts"
import { hostile } from "./hostile.ts"
import { page } from "./page.ts"
import { sessions } from "./sessions.ts"
import { windows } from "./windows.ts"

export const PHASES: readonly Phase[] = [windows, fairness, hostile, calls, page, sessions]
