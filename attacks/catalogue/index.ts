import type { Attack } from "../attack.ts"
import { refusedCalls } from "./p01-refused-calls.ts"
import { forgedFrames } from "./p02-forged-frames.ts"
import { otherWindows } from "./p17-other-windows.ts"

/** Every attack, in the order of the catalogue. */
export const ATTACKS: readonly Attack[] = [...refusedCalls, ...forgedFrames, ...otherWindows]
