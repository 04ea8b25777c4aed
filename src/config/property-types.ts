import type { Span } from '../base/span.ts'
import type { ConfigLayer } from './config-layer.ts'
import type { FilesSpec } from './files-spec.ts'
import type { ConfigValue } from './node-config.ts'
import type { Documented } from './read-description.ts'
import type { ReferenceText } from './reference-text.ts'

/** An entry of `data_tests:`, checked for form; whether the test exists is not known here. */
export interface TestEntry {
  readonly name: string
  /** `dbt_utils` of `dbt_utils.accepted_range`. */
  readonly namespace: string | null
  /** `name:` of the entry: replaces the made name. */
  readonly label: string | null
  readonly description: string
  readonly args: { readonly [key: string]: ConfigValue }
  readonly argumentSpans: { readonly [key: string]: Span }
  readonly argumentKeySpans: { readonly [key: string]: Span }
  readonly config: ConfigLayer
  /** The test's name in the file. */
  readonly span: Span
}

export interface ConstraintEntry {
  readonly type: string
  readonly name: string | null
  readonly expression: string | null
  readonly columns: readonly string[]
  readonly to: string | null
  readonly to_columns: readonly string[]
  readonly warn_unenforced: boolean
  readonly warn_unsupported: boolean
  /** Where the type stands. */
  readonly span: Span
}

export interface ColumnEntry extends Documented {
  readonly name: string
  readonly dataType: string | null
  readonly meta: { readonly [key: string]: ConfigValue }
  readonly tags: readonly string[]
  readonly quote: boolean | null
  readonly constraints: readonly ConstraintEntry[]
  readonly required: boolean
  /** The name in the file. */
  readonly span: Span
  /** Where `data_type` stands. */
  readonly typeSpan: Span | null
  readonly tests: readonly TestEntry[]
}

/** `v:` of a version as it is written. */
export type VersionId = string | number

/** A moment in ISO form and where it is written. */
export interface DateEntry {
  readonly iso: string
  readonly span: Span
}

/** One entry of `versions:`, with what the model says for all its versions already in it. */
export interface VersionEntry {
  readonly id: VersionId
  /** `v:` in the file. */
  readonly span: Span
  readonly definedIn: { readonly name: string; readonly span: Span } | null
  readonly node: NodeEntry
}

/** What a property file says of a model or a seed. */
export interface NodeEntry extends Documented {
  readonly kind: 'model' | 'seed'
  readonly name: string
  readonly nameSpan: Span
  readonly config: ConfigLayer
  readonly columns: readonly ColumnEntry[]
  readonly tests: readonly TestEntry[]
  readonly constraints: readonly ConstraintEntry[]
  readonly deprecation: DateEntry | null
  /** Of a versioned model; empty for all others. */
  readonly versions: readonly VersionEntry[]
  readonly latestVersion: { readonly id: VersionId; readonly span: Span } | null
}

/** An entry of `groups:`. */
export interface GroupEntry {
  readonly name: string
  readonly nameSpan: Span
  readonly description: string
  readonly owner: { readonly name: string | null; readonly email: string | readonly string[] | null }
  readonly meta: { readonly [key: string]: ConfigValue }
}

/** What a property file says of a snapshot; with `relation` it is the snapshot, without it describes a file's. */
export interface SnapshotEntry
  extends Pick<NodeEntry, 'name' | 'nameSpan' | 'description' | 'config' | 'columns' | 'tests'> {
  readonly kind: 'snapshot'
  readonly relation: SnapshotRelation | null
}

/** `relation:` of a snapshot: what its rows are read from. */
export interface SnapshotRelation {
  readonly reference: ReferenceText & { readonly kind: 'ref' | 'source' }
  readonly text: string
  readonly span: Span
}

export interface FreshnessRule {
  readonly count: number | null
  readonly period: string | null
}

export interface FreshnessEntry {
  readonly warn_after: FreshnessRule
  readonly error_after: FreshnessRule
  readonly filter: string | null
}

/** Where in the file stands what a freshness is measured by; absent for what the project file says. */
export interface FreshnessPlaces {
  readonly freshness?: Span | undefined
  readonly loadedAtField?: Span | undefined
  readonly loadedAtQuery?: Span | undefined
}

/** One table of a source, with what the source says for all its tables already in it. */
export interface SourceEntry extends Documented {
  readonly sourceName: string
  readonly sourceNameSpan: Span
  readonly sourceDescription: string
  readonly sourceMeta: { readonly [key: string]: ConfigValue }
  readonly name: string
  readonly nameSpan: Span
  readonly database: string | null
  readonly schema: string
  /** Both as written, before templates were evaluated; null when nothing is written. */
  readonly unrenderedPlace: { readonly database: string | null; readonly schema: string | null }
  readonly identifier: string
  readonly loader: string
  readonly quoting: { readonly [key: string]: ConfigValue }
  /** Null: switched off; undefined: nothing is said. */
  readonly freshness: FreshnessEntry | null | undefined
  readonly loadedAtField: string | null
  /** A template that is evaluated when freshness is measured. */
  readonly loadedAtQuery: string | null
  readonly freshnessPlaces: FreshnessPlaces
  readonly files: FilesSpec | null
  /** Of the source, then of the table. */
  readonly config: readonly ConfigLayer[]
  readonly columns: readonly ColumnEntry[]
  readonly tests: readonly TestEntry[]
}

export interface MacroEntry {
  readonly name: string
  readonly nameSpan: Span
  readonly description: string
  readonly arguments: readonly { readonly name: string; readonly type: string | null; readonly description: string }[]
  readonly meta: { readonly [key: string]: ConfigValue }
}

/** Configuration and description of a singular test, by its name. */
export interface SingularTestEntry extends Documented {
  readonly name: string
  readonly nameSpan: Span
  readonly config: ConfigLayer
}

/** What a property file says of an analysis. */
export interface AnalysisEntry extends Documented {
  readonly name: string
  readonly nameSpan: Span
  readonly columns: readonly ColumnEntry[]
  readonly config: ConfigLayer
}

export interface FunctionArgumentEntry {
  readonly name: string
  readonly span: Span
  readonly dataType: string
  readonly typeSpan: Span
  readonly description: string
  /** SQL, or null without a default. */
  readonly defaultValue: string | null
}

export interface FunctionResult {
  readonly dataType: string
  readonly typeSpan: Span
  readonly description: string
}

/** What a property file says of a function. */
export interface FunctionEntry extends Documented {
  readonly name: string
  readonly nameSpan: Span
  readonly arguments: readonly FunctionArgumentEntry[]
  /** Undefined after a mistake in it. */
  readonly returns: FunctionResult | undefined
  readonly config: ConfigLayer
}

/** An entry of `exposures:`; whether what it reads exists is not known here. */
export interface ExposureEntry {
  readonly name: string
  readonly nameSpan: Span
  readonly label: string | null
  readonly type: 'dashboard' | 'notebook' | 'analysis' | 'ml' | 'application'
  readonly url: string | null
  readonly maturity: 'low' | 'medium' | 'high' | null
  readonly description: string
  readonly owner: {
    readonly name: string | null
    readonly email: string | readonly string[] | null
    /** Further keys, as written. */
    readonly more: { readonly [key: string]: ConfigValue }
  }
  readonly dependsOn: readonly {
    readonly reference: Exclude<ReferenceText, { kind: 'this' }>
    readonly span: Span
  }[]
  readonly config: ConfigLayer
}
