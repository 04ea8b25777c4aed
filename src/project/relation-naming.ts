import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { shortName } from '../base/short-name.ts'
import type { NodeConfig } from '../config/node-config.ts'
import { builtinPackage } from '../template/builtins.ts'
import type { MacroRegistry } from '../template/macro-registry.ts'
import type { MacroDefinition } from '../template/template.ts'
import type { Dict, Value } from '../template/value.ts'
import { badHookResult } from './errors.ts'
import { placed } from './load-host.ts'
import type { TargetInfo } from './load-options.ts'
import type { NodeRelation } from './resource.ts'

/** What naming macros may ask of a node, in dbt's words. */
export interface NamedNode {
  readonly uniqueId: string
  readonly name: string
  readonly resourceType: string
  readonly packageName: string
  readonly path: string
  readonly originalFilePath: string
  readonly fqn: readonly string[]
  readonly config: NodeConfig
  /** Of a versioned model. */
  readonly version?: string | number | null
}

export interface NamingOptions {
  readonly target: TargetInfo
  readonly packageName: string
  readonly macros: MacroRegistry
  /** Calls a macro with positional arguments and gives its value or its trimmed text. Throws `UserError`. */
  readonly call: (macro: MacroDefinition, positional: readonly Value[]) => Value
  readonly report: (diagnostic: Diagnostic) => void
}

/**
 * Gives nodes their relations: `<target schema>_<+schema>` (or `<+schema>` alone under `schema_naming: plain`) and
 * `alias` or the name. A package's own `generate_schema_name` and `generate_alias_name`, else the project's, replace that. A name that is too
 * long for the engine is cut and ends in a hash of the whole.
 */
export class RelationNaming {
  readonly #options: NamingOptions
  readonly #schemaMacro: MacroDefinition | undefined
  readonly #aliasMacro: MacroDefinition | undefined
  readonly #schemas = new Map<string, string>()

  constructor(options: NamingOptions) {
    this.#options = options
    this.#schemaMacro = this.#override('generate_schema_name')
    this.#aliasMacro = this.#override('generate_alias_name')
  }

  /** `describe` tells a project's own naming macros of the node; without such macros it is not called. */
  name(
    name: string,
    custom: { readonly schema: string | null; readonly alias: string | null; readonly database: string | null },
    describe: () => NamedNode,
  ): NodeRelation {
    const { target } = this.#options
    const database = custom.database ?? target.database
    const identifier =
      this.#aliasMacro === undefined
        ? (custom.alias ?? name).trim()
        : this.#called(this.#aliasMacro, custom.alias, describe(), name)
    return { database, schema: this.#schema(custom.schema, describe), identifier: this.#short(identifier) }
  }

  /** A name that no macro decides, shortened to what the engine takes. */
  plainIdentifier(name: string): string {
    return this.#short(name.trim())
  }

  /** The database of the target. */
  get database(): string {
    return this.#options.target.database
  }

  /** A source table that is loaded: its `schema` counts as a node's `+schema`; its identifier is not for macros to change. */
  sourceName(
    custom: { readonly schema: string; readonly identifier: string; readonly database: string | null },
    describe: () => NamedNode,
  ): NodeRelation {
    const database = custom.database ?? this.#options.target.database
    return { database, schema: this.#schema(custom.schema, describe), identifier: this.#short(custom.identifier) }
  }

  /** Where the rows of such a table go that are refused. */
  quarantineOf(relation: NodeRelation): NodeRelation {
    return { ...relation, identifier: this.#short(`${relation.identifier}__quarantine`) }
  }

  #short(name: string): string {
    return shortName(name, this.#options.target.maxIdentifierBytes ?? Number.POSITIVE_INFINITY)
  }

  #schema(custom: string | null, describe: () => NamedNode): string {
    if (this.#schemaMacro === undefined) return this.#plainSchema(custom)
    const named = this.#called(this.#schemaMacro, custom, describe(), this.#options.target.schema)
    return this.#short(named)
  }

  #override(name: string): MacroDefinition | undefined {
    const { macros, target, packageName } = this.#options
    const own = macros.resolve('macro', `${packageName}.${name}`, target.type, packageName)
    if (own !== undefined) return own
    const macro = macros.resolve('macro', name, target.type, packageName)
    return macro !== undefined && macro.packageName !== builtinPackage ? macro : undefined
  }

  #plainSchema(custom: string | null): string {
    const { target } = this.#options
    const wanted = custom?.trim() ?? ''
    if (wanted === '') return target.schema
    if (target.schemaNaming === 'plain') return this.#short(wanted)
    // One string for each schema, not one for each node.
    let schema = this.#schemas.get(wanted)
    if (schema === undefined) {
      schema = this.#short(`${target.schema}_${wanted}`)
      this.#schemas.set(wanted, schema)
    }
    return schema
  }

  #called(macro: MacroDefinition, custom: string | null, node: NamedNode, fallback: string): string {
    try {
      const arity = macro.parameters.length
      const value = this.#options.call(macro, [custom, nodeDict(node)].slice(0, arity))
      const text = typeof value === 'string' ? value.trim() : undefined
      if (text !== undefined && text !== '') return text
      const got = value === null ? 'nothing' : text === '' ? 'an empty text' : 'a value that is not text'
      this.#options.report(
        badHookResult({ macro: macro.name, node: node.name, got }, { span: macro.nameSpan, node: node.uniqueId }),
      )
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      for (const d of placed(error.diagnostics, macro.nameSpan)) this.#options.report(d)
    }
    return fallback
  }
}

function nodeDict(node: NamedNode): Dict {
  return {
    unique_id: node.uniqueId,
    name: node.name,
    resource_type: node.resourceType,
    package_name: node.packageName,
    path: node.path,
    original_file_path: node.originalFilePath,
    fqn: node.fqn,
    tags: node.config.tags,
    meta: node.config.meta as Dict,
    config: node.config as unknown as Dict,
    version: node.version ?? null,
  }
}
