import type { Target } from "../property.ts"
import { frameCodec } from "./frame-codec.ts"
import { opener } from "./opener.ts"
import { parsing } from "./parsing.ts"
import { serializing } from "./serializing.ts"

export const TARGETS: readonly Target[] = [frameCodec, opener, parsing, serializing]
