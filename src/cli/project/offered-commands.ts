import { type AnyNode, type ObjectExpression, type Program, type Property, parse } from "acorn"
import { stripTypes } from "../../isolation-app/strip-types.ts"

/** A command's name in a module. */
export interface OfferedAt {
  readonly name: string
  readonly file: string
  readonly offset: number
}

/** A module of the Core, or `null` when it cannot be had. */
export type Load = (from: string, specifier: string) => { readonly file: string; readonly text: string } | null

/**
 * The commands of `createApp({ commands })` in a module: the keys of the object, wherever it is written: in the call, in a
 * constant, in another module, in a function that returns it, spread into another.
 */
export function offeredCommands(file: string, text: string, load: Load): readonly OfferedAt[] {
  const modules = new Modules(load)
  const module = modules.parse(file, text)
  if (module === null) return []
  const found: OfferedAt[] = []
  visit(module.program, (node) => {
    if (node.type !== "CallExpression" || node.callee.type !== "Identifier" || node.callee.name !== "createApp") return
    const [options] = node.arguments
    if (options?.type !== "ObjectExpression") return
    const commands = propertyOf(options, "commands")
    if (commands !== undefined) found.push(...modules.keys(commands.value as AnyNode, module, 0))
  })
  return found
}

interface Module {
  readonly file: string
  readonly program: Program
}

/** Deeper than any app defines its commands; an end for modules that name each other. */
const DEEPEST = 20

class Modules {
  readonly #load: Load
  readonly #parsed = new Map<string, Module | null>()

  constructor(load: Load) {
    this.#load = load
  }

  parse(file: string, text: string): Module | null {
    const known = this.#parsed.get(file)
    if (known !== undefined) return known
    let module: Module | null = null
    try {
      const script = /\.[cm]?ts$/.test(file) ? stripTypes(text) : text
      module = { file, program: parse(script, { ecmaVersion: "latest", sourceType: "module" }) }
    } catch {
      // Not ours to report: the Core itself will not start.
    }
    this.#parsed.set(file, module)
    return module
  }

  keys(node: AnyNode, module: Module, depth: number): OfferedAt[] {
    if (depth > DEEPEST) return []
    if (node.type === "ObjectExpression") {
      return node.properties.flatMap((property) => {
        if (property.type === "SpreadElement") return this.keys(property.argument, module, depth + 1)
        const name = keyOf(property)
        return name === null ? [] : [{ name, file: module.file, offset: property.start }]
      })
    }
    if (node.type === "Identifier") return this.#definition(node.name, module, depth + 1)
    if (node.type === "CallExpression" && node.callee.type === "Identifier") {
      return this.#definition(node.callee.name, module, depth + 1)
    }
    if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
      // Object.freeze({ … }), Object.assign({ … }, { … })
      return node.arguments.flatMap((argument) => this.keys(argument, module, depth + 1))
    }
    if (
      node.type === "ArrowFunctionExpression" ||
      node.type === "FunctionExpression" ||
      node.type === "FunctionDeclaration"
    ) {
      return this.#returned(node.body, module, depth)
    }
    return []
  }

  #returned(body: AnyNode, module: Module, depth: number): OfferedAt[] {
    if (body.type !== "BlockStatement") return this.keys(body, module, depth + 1)
    return body.body.flatMap((statement) =>
      statement.type === "ReturnStatement" && statement.argument
        ? this.keys(statement.argument, module, depth + 1)
        : [],
    )
  }

  /** What a name stands for, at whatever depth of the module it is defined: apps have one of each name. */
  #definition(name: string, module: Module, depth: number): OfferedAt[] {
    let found: AnyNode | null = null
    visit(module.program, (node) => {
      if (node.type === "FunctionDeclaration" && node.id?.name === name) found ??= node
      if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.id.name === name)
        found ??= node.init ?? null
    })
    if (found !== null) return this.keys(found, module, depth)
    for (const statement of module.program.body) {
      if (statement.type !== "ImportDeclaration") continue
      const specifier = statement.specifiers.find(({ local }) => local.name === name)
      if (specifier === undefined) continue
      const other = this.#imported(module, String(statement.source.value))
      if (other === null) return []
      if (specifier.type !== "ImportSpecifier") return this.#default(other, depth)
      const { imported } = specifier
      return this.#definition(imported.type === "Identifier" ? imported.name : String(imported.value), other, depth)
    }
    return []
  }

  #default(module: Module, depth: number): OfferedAt[] {
    const statement = module.program.body.find(({ type }) => type === "ExportDefaultDeclaration")
    if (statement?.type !== "ExportDefaultDeclaration") return []
    return this.keys(statement.declaration as AnyNode, module, depth)
  }

  #imported(module: Module, specifier: string): Module | null {
    const loaded = this.#load(module.file, specifier)
    return loaded === null ? null : this.parse(loaded.file, loaded.text)
  }
}

function propertyOf(object: ObjectExpression, name: string): Property | undefined {
  return object.properties.find((property) => property.type === "Property" && keyOf(property) === name) as
    | Property
    | undefined
}

function keyOf({ key, computed }: Property): string | null {
  if (key.type === "Identifier" && !computed) return key.name
  return key.type === "Literal" && typeof key.value === "string" ? key.value : null
}

function visit(node: AnyNode, see: (node: AnyNode) => void): void {
  see(node)
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) visit(child as AnyNode, see)
    }
  }
}
