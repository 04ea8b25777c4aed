import type { Diagnostic } from '../base/diagnostic.ts'
import { builtinPackage } from './builtins.ts'
import { duplicateMacro } from './errors.ts'
import type { MacroDefinition } from './template.ts'

/** All macros and generic tests a project can call, by name, with engine overrides and packages. */
export interface MacroRegistry {
  /**
   * The definition that a call by `name` (or `package.name`) means on `engine`: of the project, then of `fromPackage`,
   * then the built-in one; a search order of `fromPackage` (or of `package`) replaces that. Calls from the built-in
   * library mean built-ins first, so that no override breaks them. `within` is the macro that calls: an override that
   * calls `package.name` gets the next one in the order.
   */
  resolve(
    kind: 'macro' | 'test',
    name: string,
    engine: string,
    fromPackage: string,
    within?: MacroDefinition,
  ): MacroDefinition | undefined
  /** Engines that define `name` when there is no plain definition, for the message. */
  enginesOf(kind: 'macro' | 'test', name: string): readonly string[]
  /** Names as they can be called: plain for the project and the built-ins, `package.name` for other packages. */
  names(kind: 'macro' | 'test'): readonly string[]
  /** Whether a file that could not be read defines this name: who calls it makes no mistake of its own. */
  isUnread(name: string): boolean
  get(uniqueId: string): MacroDefinition | undefined
  /** Those of the project and its packages; asking for these reads nothing of the library. */
  readonly written: readonly MacroDefinition[]
  all(): readonly MacroDefinition[]
}

/** The built-in library, whose files are read only when a name is asked for. */
export interface MacroLibrary {
  find(kind: 'macro' | 'test', name: string, engine: string): MacroDefinition | undefined
  enginesOf(kind: 'macro' | 'test', name: string): readonly string[]
  names(kind: 'macro' | 'test'): readonly string[]
  all(): readonly MacroDefinition[]
}

export interface RegistryOptions {
  /** Name of the root project: its macros win over all others. */
  readonly projectName: string
  readonly library: MacroLibrary
  /** Packages in which macros of a package are looked for, by its name: `dispatch` of the project file. */
  readonly dispatch?: ReadonlyMap<string, readonly string[]>
  /** Names that files define which could not be read. */
  readonly unread?: ReadonlySet<string>
}

/** The variants of one name in one package: the plain one under ``, overrides under their engine. */
type Variants = Map<string, MacroDefinition>

interface Index {
  readonly find: (packageName: string, kind: 'macro' | 'test', name: string) => Variants | undefined
  readonly names: (kind: 'macro' | 'test') => readonly string[]
}

function choose(variants: Variants | undefined, engine: string): MacroDefinition | undefined {
  return variants?.get(engine) ?? variants?.get('')
}

function indexOf(definitions: readonly MacroDefinition[], projectName: string, diagnostics: Diagnostic[]): Index {
  const byPackage = new Map<string, Map<string, Variants>>()
  for (const definition of definitions) {
    const { kind, name, packageName, engine = '' } = definition
    const names = byPackage.get(packageName) ?? new Map<string, Variants>()
    byPackage.set(packageName, names)
    const variants = names.get(`${kind} ${name}`) ?? new Map<string, MacroDefinition>()
    names.set(`${kind} ${name}`, variants)
    const earlier = variants.get(engine)
    if (earlier === undefined) variants.set(engine, definition)
    else {
      const labels = [{ span: earlier.nameSpan, text: 'first defined here' }]
      const written = engine === '' ? name : `${engine}.${name}`
      diagnostics.push(duplicateMacro({ kind, name: written }, { span: definition.nameSpan, labels }))
    }
  }
  return {
    find: (packageName, kind, name) => byPackage.get(packageName)?.get(`${kind} ${name}`),
    names: (kind) => {
      const found: string[] = []
      for (const [packageName, names] of byPackage) {
        for (const key of names.keys()) {
          if (!key.startsWith(`${kind} `)) continue
          const name = key.slice(kind.length + 1)
          found.push(packageName === projectName ? name : `${packageName}.${name}`)
        }
      }
      return found
    },
  }
}

/** A built-in by its unique id, without reading the files of the others. */
function builtinById(library: MacroLibrary, uniqueId: string): MacroDefinition | undefined {
  const [, engine = '', test, name] = /^macro\.tsdbt\.(?:(duckdb|postgres)__)?(test_)?(\w+)$/.exec(uniqueId) ?? []
  if (name === undefined) return undefined
  const found = library.find(test === undefined ? 'macro' : 'test', name, engine)
  return found?.uniqueId === uniqueId ? found : library.all().find((definition) => definition.uniqueId === uniqueId)
}

/** Names under which projects know the built-in macros. */
export const builtinNamespaces: readonly string[] = [builtinPackage, 'dbt', 'dbt_utils']

/** Puts definitions of the project and its packages over the built-in library. */
export function createMacroRegistry(
  definitions: readonly MacroDefinition[],
  options: RegistryOptions,
): { readonly registry: MacroRegistry; readonly diagnostics: readonly Diagnostic[] } {
  const { projectName, library } = options
  const diagnostics: Diagnostic[] = []
  const index = indexOf(definitions, projectName, diagnostics)
  const overBuiltins = builtinNamespaces.flatMap((name) => options.dispatch?.get(name) ?? [])
  let own: Map<string, MacroDefinition> | undefined
  const all = (): readonly MacroDefinition[] => [...definitions, ...library.all()]
  /** Package and plain name, when `name` has a package part. */
  const qualified = (name: string): readonly [string | undefined, string] => {
    const dot = name.lastIndexOf('.')
    return dot < 0 ? [undefined, name] : [name.slice(0, dot), name.slice(dot + 1)]
  }
  const resolve: MacroRegistry['resolve'] = (kind, called, engine, fromPackage, within) => {
    const [owner, name] = qualified(called)
    if (owner === builtinPackage) return library.find(kind, name, engine)
    const among = (packages: readonly string[]): MacroDefinition | undefined => {
      for (const packageName of packages) {
        const found = choose(index.find(packageName, kind, name), engine)
        if (found !== undefined) return found
      }
      return undefined
    }
    if (owner !== undefined) {
      const order = [...(options.dispatch?.get(owner) ?? []), owner]
      const overriding = within?.name === name && within.kind === kind ? order.indexOf(within.packageName) + 1 : 0
      return among(order.slice(overriding))
    }
    if (fromPackage === builtinPackage) {
      const own = library.find(kind, name, engine)
      if (own !== undefined) return own
    }
    const order = options.dispatch?.get(fromPackage) ?? [projectName]
    const written = among([...order, fromPackage])
    if (written !== undefined) return written
    const builtin = library.find(kind, name, engine)
    return builtin === undefined ? undefined : (among(overBuiltins) ?? builtin)
  }
  const enginesOf: MacroRegistry['enginesOf'] = (kind, written) => {
    const [owner, name] = qualified(written)
    const engines = new Set<string>(
      owner === undefined || owner === builtinPackage ? library.enginesOf(kind, name) : [],
    )
    for (const engine of index.find(owner ?? projectName, kind, name)?.keys() ?? []) engines.add(engine)
    engines.delete('')
    return [...engines].sort()
  }
  const registry: MacroRegistry = {
    resolve,
    enginesOf,
    isUnread: (name) => options.unread?.has(name) === true,
    names: (kind) => [...index.names(kind), ...library.names(kind)],
    get: (uniqueId) => {
      own ??= new Map(definitions.map((definition) => [definition.uniqueId, definition]))
      return own.get(uniqueId) ?? builtinById(library, uniqueId)
    },
    written: definitions,
    all,
  }
  return { registry, diagnostics }
}
