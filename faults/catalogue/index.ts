import type { Fault } from "../fault.ts"
import { asleepAfterPing, browserAsleep, coreAsleep, laptopAsleep } from "./asleep.ts"
import { browserKilled, coreKilledWithWindow, windowKilled, windowKilledEarly } from "./browser-killed.ts"
import { clockSet } from "./clock-set.ts"
import { coreKilled, coreKilledMidway } from "./core-killed.ts"
import { diskFull } from "./disk-full.ts"
import { fewDescriptors } from "./few-descriptors.ts"
import { sandboxKilled } from "./sandbox-killed.ts"
import { cutConversation, cutToTheCore, cutToThePage } from "./socket-cut.ts"

/** Every fault, in the order of docs/faults.md. */
export const FAULTS: readonly Fault[] = [
  coreKilled,
  coreKilledMidway,
  cutToTheCore,
  cutToThePage,
  cutConversation,
  sandboxKilled,
  browserKilled,
  windowKilled,
  windowKilledEarly,
  coreKilledWithWindow,
  diskFull,
  fewDescriptors,
  clockSet,
  coreAsleep,
  laptopAsleep,
  browserAsleep,
  asleepAfterPing,
]
