import { type Diagnostic, diagnosticKinds } from './diagnostic.ts'

export type WarningLevel = 'error' | 'warn' | 'silence'

/** `--warn-error-options`: which warnings count as errors, which stay warnings, which are not told. */
export interface WarningOptions {
  readonly error: 'all' | readonly string[]
  readonly warn: 'all' | readonly string[]
  readonly silence: 'all' | readonly string[]
}

/** The code of a test that warns. */
export const testWarning = 'run/test-failed'

/** The code of a source that is staler than `warn_after`. */
export const freshnessWarning = 'run/stale-source'

/** dbt's names of events, and the codes that say the same here. */
const events: ReadonlyMap<string, readonly string[]> = new Map([
  ['LogTestResult', [testWarning]],
  ['LogFreshnessResult', [freshnessWarning]],
  ['NoNodesForSelectionCriteria', ['graph/selector-no-match', 'graph/selection-empty']],
  ['NothingToDo', ['graph/selection-empty']],
  ['DeprecatedModel', ['project/deprecated-model']],
  ['DeprecatedReference', ['graph/deprecated-ref']],
  ['UpcomingReferenceDeprecation', ['graph/deprecated-ref']],
  ['UnusedResourceConfigPath', ['config/unknown-folder']],
  ['NoNodeForYamlKey', ['project/unknown-node']],
  ['MacroNotFoundForPatch', ['project/unknown-node']],
  ['NodeNotFoundOrDisabled', ['graph/disabled-ref']],
  ['JinjaLogWarning', ['compile/template-warning']],
  ['UnsupportedConstraintMaterialization', ['project/constraint-not-enforced']],
  ['UnversionedBreakingChange', ['artifacts/breaking-contract']],
  ['CustomKeyInConfigDeprecation', ['config/unsupported-config']],
  ['ConfigDataPathDeprecation', []],
  ['ConfigSourcePathDeprecation', []],
  ['ConfigTargetPathDeprecation', []],
  ['ConfigLogPathDeprecation', []],
  ['CustomKeyInObjectDeprecation', []],
  ['CustomTopLevelKeyDeprecation', []],
  ['DuplicateYAMLKeysDeprecation', []],
  ['EnvironmentVariableNamespaceDeprecation', []],
  ['GenericJSONSchemaValidationDeprecation', []],
  ['MissingArgumentsPropertyInGenericTestDeprecation', []],
  ['MissingPlusPrefixDeprecation', ['config/key-without-project']],
  ['ModelParamUsageDeprecation', []],
  ['PackageInstallPathDeprecation', []],
  ['PackageRedirectDeprecation', []],
  ['ProjectFlagsMovedDeprecation', []],
  ['PropertyMovedToConfigDeprecation', []],
  ['ResourceNamesWithSpacesDeprecation', []],
  ['SourceFreshnessProjectHooksNotRun', []],
  ['SourceOverrideDeprecation', []],
  ['UnexpectedJinjaBlockDeprecation', []],
  ['WEOIncludeExcludeDeprecation', []],
])

/** dbt's group of all deprecations. */
const deprecations = 'Deprecations'

/** Every name that options may use: dbt's events and its group, and the codes, as far as they can be warnings. */
export function warningNames(): readonly string[] {
  return [...events.keys(), deprecations, ...diagnosticKinds().map((kind) => kind.code)]
}

function codesOf(name: string): readonly string[] {
  return events.get(name) ?? [name]
}

function groupsOf(name: string): readonly string[] {
  if (name !== deprecations) return []
  return [...events].flatMap(([event, codes]) => (event.endsWith('Deprecation') ? codes : []))
}

/**
 * What becomes of each warning. A name is stronger than a group, a group stronger than `all`; where two lists hold a
 * warning in the same way, `silence` is stronger than `warn`, and `warn` than `error`.
 */
export class WarningPolicy {
  readonly #named = new Map<string, WarningLevel>()
  readonly #grouped = new Map<string, WarningLevel>()
  #others: WarningLevel = 'warn'

  constructor({ error, warn, silence }: WarningOptions) {
    const lists = [
      ['error', error],
      ['warn', warn],
      ['silence', silence],
    ] as const
    for (const [level, list] of lists) {
      if (list === 'all') this.#others = level
      else
        for (const name of list) {
          for (const code of groupsOf(name)) this.#grouped.set(code, level)
          if (name !== deprecations) for (const code of codesOf(name)) this.#named.set(code, level)
        }
    }
  }

  levelOf(code: string): WarningLevel {
    return this.#named.get(code) ?? this.#grouped.get(code) ?? this.#others
  }

  /** The diagnostics without those that are silent; warnings that count as errors are errors. Errors stay as they are. */
  apply(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    return diagnostics.flatMap((diagnostic) => {
      if (diagnostic.severity === 'error') return [diagnostic]
      const level = this.levelOf(diagnostic.code)
      if (level === 'warn') return [diagnostic]
      if (level === 'silence') return []
      const notes = [...(diagnostic.notes ?? []), 'a warning that counts as an error by `--warn-error`']
      return [{ ...diagnostic, severity: 'error' as const, notes }]
    })
  }
}

/** `--warn-error`. */
export const allWarningsAreErrors: WarningOptions = { error: 'all', warn: [], silence: [] }
export const warningsAreWarnings: WarningOptions = { error: [], warn: [], silence: [] }
