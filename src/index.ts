/** What a Core imports. */
export {
  type App,
  type AppOptions,
  type AppWindow,
  createApp,
  InstanceError,
  type IsolationOptions,
  type SecondLaunch,
  type ShownWindow,
  type ShowUrl,
} from "./app.ts"
export { ConfigError, type ConfigProblem, type ConfigProblemCode } from "./config/config.ts"
export type { Scope } from "./core/access.ts"
export type { AuditOptions } from "./core/audit-options.ts"
export { Channel } from "./core/channel.ts"
export { type CallContext, type Command, type Commands, command, type Handler } from "./core/command.ts"
export { type Decision, DIAGNOSTICS_CHANNEL } from "./core/decisions.ts"
export type { EventTarget } from "./core/event-target.ts"
export type { AppEvent, EventHandler } from "./core/events.ts"
export { Failure, fail } from "./core/failure.ts"
export type { Plugin, PluginHost, PluginInstance, PluginPermission } from "./core/plugin.ts"
export type { Resource, Resources } from "./core/resources.ts"
export type { StandardSchema } from "./core/standard-schema.ts"
export { IsolationAppError, type IsolationAppErrorCode } from "./isolation-app/isolation-app.ts"
