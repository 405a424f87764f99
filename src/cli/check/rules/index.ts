import type { Rule } from "../rule.ts"
import { appLarge } from "./app-large.ts"
import { bundledPackage } from "./bundled-package.ts"
import { commandNotCalled } from "./command-not-called.ts"
import { commandNotNamed } from "./command-not-named.ts"
import { dotdotOnly } from "./dotdot-only.ts"
import { dynamicImport } from "./dynamic-import.ts"
import { evalCall } from "./eval-call.ts"
import { flatArgument } from "./flat-argument.ts"
import { hookChecksNothing } from "./hook-checks-nothing.ts"
import { hookNotSet } from "./hook-not-set.ts"
import { hookReturnsError } from "./hook-returns-error.ts"
import { hookReturnsNothing } from "./hook-returns-nothing.ts"
import { hookSetLate } from "./hook-set-late.ts"
import { ignoreRules } from "./ignore.ts"
import { inlineHandler } from "./inline-handler.ts"
import { javascriptUrl } from "./javascript-url.ts"
import { launchRules } from "./launch.ts"
import { networkCall } from "./network-call.ts"
import { packageDependencies } from "./package-dependencies.ts"
import { pathPrefix } from "./path-prefix.ts"
import { payloadArgs } from "./payload-args.ts"
import { promiseNotAwaited } from "./promise-not-awaited.ts"
import { refusalPends } from "./refusal-pends.ts"
import { secondParameter } from "./second-parameter.ts"
import { unknownCommandPasses } from "./unknown-command-passes.ts"

/** Every rule: what a launch refuses, what does not run in the frame, what a hook misses, the size of it all. */
export const RULES: readonly Rule[] = [
  ...launchRules,
  hookNotSet,
  hookSetLate,
  dynamicImport,
  networkCall,
  evalCall,
  inlineHandler,
  javascriptUrl,
  hookChecksNothing,
  unknownCommandPasses,
  hookReturnsNothing,
  hookReturnsError,
  payloadArgs,
  flatArgument,
  secondParameter,
  refusalPends,
  pathPrefix,
  dotdotOnly,
  promiseNotAwaited,
  commandNotNamed,
  commandNotCalled,
  appLarge,
  packageDependencies,
  bundledPackage,
  ...ignoreRules,
]
