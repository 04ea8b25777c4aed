import type { Span } from '../base/span.ts'
import type { ConfigLayer } from './config-layer.ts'
import type { ConfigValue } from './node-config.ts'

/** A value of a fixture. Numbers are text as the file writes them, so that no digit is lost. */
export type FixtureValue = null | boolean | string | readonly ConfigValue[] | { readonly [key: string]: ConfigValue }

export interface FixtureCell {
  readonly column: string
  readonly columnSpan: Span
  readonly value: FixtureValue
  readonly span: Span
}

export interface FixtureRow {
  readonly cells: readonly FixtureCell[]
  readonly span: Span
}

export type FixtureFormat = 'dict' | 'csv' | 'sql'

/** Rows that are written out, or the query that gives them. */
export type FixtureRows =
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: readonly FixtureRow[] }
  | {
      readonly kind: 'sql'
      readonly sql: string
      readonly span: Span
      /** True when the text stands in the file as it is. */
      readonly exact: boolean
    }

/** Rows of a unit test as its property file gives them. */
export interface RowsEntry {
  readonly format: FixtureFormat
  /** Name of a file instead of rows. */
  readonly fixture: { readonly name: string; readonly span: Span } | null
  /** Null when a file holds the rows, or after a report. */
  readonly rows: FixtureRows | null
  /** As written, for the artifacts: a list of mappings, or the text of csv and sql. */
  readonly written: ConfigValue
  /** The rows, or what stands for them. */
  readonly span: Span
}

export interface GivenEntry extends RowsEntry {
  readonly input: string
  readonly inputSpan: Span
}

export interface ExpectEntry extends RowsEntry {
  /** Largest difference at which two numbers count as equal; 0 when nothing is said. */
  readonly tolerance: number
  /** The rows are those of the table after the increment, not those of the model's query. */
  readonly tableAfter: boolean
}

export interface OverrideEntry {
  readonly value: ConfigValue
  readonly keySpan: Span
  readonly span: Span
}

export interface OverridesEntry {
  readonly macros: ReadonlyMap<string, OverrideEntry>
  readonly vars: ReadonlyMap<string, OverrideEntry>
  readonly envVars: ReadonlyMap<string, OverrideEntry>
}

/** Versions of the model that a unit test is for. */
export interface UnitTestVersions {
  readonly include: readonly (string | number)[] | null
  readonly exclude: readonly (string | number)[] | null
}

/** An entry of `unit_tests:`, checked for form. */
export interface UnitTestEntry {
  readonly name: string
  readonly nameSpan: Span
  readonly description: string
  readonly model: string
  readonly modelSpan: Span
  readonly given: readonly GivenEntry[]
  readonly givenSpan: Span
  readonly expect: ExpectEntry
  readonly overrides: OverridesEntry
  readonly versions: UnitTestVersions | null
  readonly config: ConfigLayer
  /** The whole entry as it stands in the file. */
  readonly text: string
}
