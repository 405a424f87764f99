import type { Target } from "../property.ts"
import { auditChain } from "./audit-chain.ts"
import { byteRange } from "./byte-range.ts"
import { capabilities } from "./capabilities.ts"
import { chain } from "./chain.ts"
import { config } from "./config.ts"
import { core } from "./core.ts"
import { csp } from "./csp.ts"
import { files } from "./files.ts"
import { frameCodec } from "./frame-codec.ts"
import { hook } from "./hook.ts"
import { html } from "./html.ts"
import { isolationApp } from "./isolation-app.ts"
import { opener } from "./opener.ts"
import { page } from "./page.ts"
import { parsing } from "./parsing.ts"
import { paths } from "./paths.ts"
import { prototypes } from "./prototypes.ts"
import { requests } from "./requests.ts"
import { serializing } from "./serializing.ts"

export const TARGETS: readonly Target[] = [
  frameCodec,
  opener,
  parsing,
  serializing,
  html,
  csp,
  byteRange,
  core,
  chain,
  hook,
  prototypes,
  page,
  config,
  capabilities,
  paths,
  files,
  requests,
  isolationApp,
  auditChain,
]
