import { CommandError } from "../../run-command.ts"

/** Why an app cannot be built from its sources. */
export type AppBuildErrorCode = "BEFORE_BUILD_COMMAND" | "BUNDLE" | "EXECUTABLE"

/** The project is understood, and cannot be built: a finding, not a wrong use. */
export class AppBuildError extends CommandError {
  readonly code: AppBuildErrorCode

  constructor(code: AppBuildErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
