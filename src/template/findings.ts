import type { Diagnostic } from '../base/diagnostic.ts'
import type { FunctionCall, RefCall, SourceCall } from './host.ts'
import type { ConfigEntry, StaticFacts } from './template.ts'

const at = (place: { readonly path: string; readonly start: number }): string => `${place.path}:${place.start}`

/** What a static walk has found so far. Each place counts once, however often it is passed. */
export class Findings {
  readonly refs = new Map<string, RefCall>()
  readonly sources = new Map<string, SourceCall>()
  readonly functions = new Map<string, FunctionCall>()
  readonly config = new Map<string, ConfigEntry>()
  readonly macros = new Set<string>()
  readonly variables = new Set<string>()
  readonly environment = new Set<string>()
  usesThis = false
  usesIncremental = false
  usesQuery = false
  /** `{{depends_on}}` was seen: computed names are the author's responsibility. */
  declaresDependencies = false
  readonly diagnostics = new Map<string, Diagnostic>()
  /** Computed names that did not fold; mistakes unless dependencies are declared. */
  readonly unresolved = new Map<string, Diagnostic>()

  ref(call: RefCall): void {
    this.refs.set(`${at(call.span)} ${call.package ?? ''} ${call.name} ${call.version ?? ''}`, call)
  }

  source(call: SourceCall): void {
    this.sources.set(`${at(call.span)} ${call.source} ${call.table}`, call)
  }

  function(call: FunctionCall): void {
    this.functions.set(`${at(call.span)} ${call.package ?? ''} ${call.name}`, call)
  }

  entry(entry: ConfigEntry): void {
    this.config.set(at(entry.keySpan), entry)
  }

  report(diagnostic: Diagnostic): void {
    const place = diagnostic.span === undefined ? '' : at(diagnostic.span)
    this.diagnostics.set(`${place} ${diagnostic.code}`, diagnostic)
  }

  leaveUnresolved(diagnostic: Diagnostic): void {
    const place = diagnostic.span === undefined ? '' : at(diagnostic.span)
    this.unresolved.set(`${place} ${diagnostic.code}`, diagnostic)
  }

  /** Takes over facts, not mistakes. */
  add(other: Findings): void {
    for (const [key, call] of other.refs) this.refs.set(key, call)
    for (const [key, call] of other.sources) this.sources.set(key, call)
    for (const [key, call] of other.functions) this.functions.set(key, call)
    for (const [key, entry] of other.config) this.config.set(key, entry)
    for (const name of other.macros) this.macros.add(name)
    for (const name of other.variables) this.variables.add(name)
    for (const name of other.environment) this.environment.add(name)
    this.usesThis ||= other.usesThis
    this.usesIncremental ||= other.usesIncremental
    this.usesQuery ||= other.usesQuery
    this.declaresDependencies ||= other.declaresDependencies
  }

  facts(): StaticFacts {
    return {
      refs: [...this.refs.values()],
      sources: [...this.sources.values()],
      functions: [...this.functions.values()],
      config: [...this.config.values()],
      macros: [...this.macros].sort(),
      variables: [...this.variables].sort(),
      environment: [...this.environment].sort(),
      usesThis: this.usesThis,
      usesIncremental: this.usesIncremental,
      usesQuery: this.usesQuery,
    }
  }

  /** All mistakes, those of computed names only where they are not declared. */
  mistakes(): readonly Diagnostic[] {
    return [...this.diagnostics.values(), ...(this.declaresDependencies ? [] : this.unresolved.values())]
  }
}
