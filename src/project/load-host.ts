import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { isSecretVariable } from '../base/scrub.ts'
import type { ConfigValue } from '../config/node-config.ts'
import type { CallSite, TemplateHost } from '../template/host.ts'
import { type Dict, TextObject, type Value } from '../template/value.ts'
import { noRelationsHere, secretOutsideProfiles } from './errors.ts'
import type { TargetInfo } from './load-options.ts'
import { lookUpVariable, variableNames } from './variables.ts'

export interface LoadHostOptions {
  readonly packageName: string
  readonly engine: string
  /** Undefined while `profiles.yml` itself is read. */
  readonly target: TargetInfo | undefined
  readonly vars: { readonly [name: string]: ConfigValue }
  readonly env: Readonly<Record<string, string | undefined>>
  /** True for `profiles.yml`. */
  readonly secrets: boolean
}

/** What `{{target}}` offers. */
export function targetDict(target: TargetInfo | undefined): Dict {
  if (target === undefined) return {}
  const { name, type, database, schema, threads, profileName } = target
  return { name, type, database, schema, threads, profile_name: profileName, target_name: name }
}

/** The world as templates see it before there is a graph: in YAML, while parsing, and in macros that make names. */
export function createLoadHost(options: LoadHostOptions): TemplateHost {
  const refuse = (what: string, site: CallSite): never => {
    throw new UserError(noRelationsHere({ what }, site))
  }
  return {
    engine: options.engine,
    packageName: options.packageName,
    ref: (_call, site) => refuse('ref', site),
    function: (_call, site) => refuse('function', site),
    source: (call, site) => refuse(call.quarantine ? 'quarantine' : 'source', site),
    this: undefined,
    isIncremental: () => false,
    variable: (name) => lookUpVariable(options.vars, name),
    variableNames: () => variableNames(options.vars),
    environment: (name, site) => {
      if (!options.secrets && isSecretVariable(name)) throw new UserError(secretOutsideProfiles({ name }, site))
      return options.env[name]
    },
    target: targetDict(options.target),
    query: () => undefined,
    columnsOf: () => undefined,
    say: () => undefined,
    literal: (value) => sqlLiteral(value),
    identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  }
}

function sqlLiteral(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (value instanceof TextObject) return value.text
  return Array.isArray(value)
    ? (value as readonly Value[]).map(sqlLiteral).join(', ')
    : `'${JSON.stringify(value).replaceAll("'", "''")}'`
}

/** A template value as plain data. Relations become their text. */
export function plainData(value: Value): ConfigValue {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof TextObject) return value.text
  if (Array.isArray(value)) return (value as readonly Value[]).map(plainData)
  return Object.fromEntries(Object.entries(value as Dict).map(([key, part]) => [key, plainData(part)]))
}

/** Adds the place to diagnostics that have none. */
export function placed(diagnostics: readonly Diagnostic[], span: Diagnostic['span']): readonly Diagnostic[] {
  return diagnostics.map((d) => (d.span === undefined && d.data === undefined ? { ...d, span } : d))
}
