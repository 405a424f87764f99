/** What a Core imports. */
export { type App, type AppOptions, type AppWindow, createApp, type ShowUrl } from "./app.ts"
export { ConfigError, type ConfigProblem, type ConfigProblemCode } from "./config/config.ts"
export { type CallContext, type Command, type Commands, command, type Handler } from "./core/command.ts"
export { type Decision, DIAGNOSTICS_CHANNEL } from "./core/decisions.ts"
export type { StandardSchema } from "./core/standard-schema.ts"
export { IsolationAppError, type IsolationAppErrorCode } from "./isolation-app/isolation-app.ts"
