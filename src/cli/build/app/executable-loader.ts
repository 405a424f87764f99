import { PROGRAM } from "../../../built-app.ts"

/**
 * What an executable runs first. Node runs one classic script there, and the app is an ES module that may wait at its top level: this
 * hands it to Node's loader from memory, under an address in the executable, which no file can have. Nothing is unpacked.
 */
export const LOADER: string = `"use strict"
const { registerHooks } = require("node:module")
const { join } = require("node:path")
const { getAsset } = require("node:sea")
const { pathToFileURL } = require("node:url")
const { Script, constants } = require("node:vm")

const url = pathToFileURL(join(process.execPath, ${JSON.stringify(PROGRAM)})).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === url ? { url, format: "module", shortCircuit: true } : next(specifier, context),
  load: (asked, context, next) =>
    asked === url ? { format: "module", source: getAsset(${JSON.stringify(PROGRAM)}, "utf8"), shortCircuit: true } : next(asked, context),
})
// The script that an executable begins with has no import() of its own; Node says of this one that it may change.
const { emitWarning } = process
process.emitWarning = () => {}
const options = { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }
const load = new Script("(url) => import(url)", options).runInThisContext()
const loading = load(url)
process.emitWarning = emitWarning
void loading
`
