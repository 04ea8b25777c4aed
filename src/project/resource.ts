import type { Span } from '../base/span.ts'
import type { ExportEntry } from '../config/exports/export-entry.ts'
import type { FormatChoice } from '../config/exports/format-options.ts'
import type { FilesSpec } from '../config/files-spec.ts'
import type { ConfigValue, NodeConfig } from '../config/node-config.ts'
import type {
  ConstraintEntry,
  FreshnessEntry,
  FreshnessPlaces,
  FunctionEntry,
  FunctionResult,
  GroupEntry,
  VersionId,
} from '../config/property-types.ts'
import type { Documented } from '../config/read-description.ts'
import type { FixtureFormat, FixtureRows, UnitTestVersions } from '../config/unit-test-entry.ts'
import type { RefCall, SourceCall } from '../template/host.ts'
import type { StaticFacts, Template } from '../template/template.ts'

export type Constraint = ConstraintEntry

/** A column as property files describe it. */
export interface Column extends Documented {
  readonly name: string
  readonly dataType: string | null
  readonly meta: { readonly [key: string]: ConfigValue }
  readonly tags: readonly string[]
  readonly quote: boolean | null
  readonly constraints: readonly Constraint[]
  /** Ours, for source files: false when a file may lack the column. */
  readonly required: boolean
  readonly span: Span
  /** Where the data type is written. */
  readonly typeSpan?: Span | null
}

/** Database, schema and identifier of the relation a node makes, unquoted. */
export interface NodeRelation {
  readonly database: string
  readonly schema: string
  readonly identifier: string
}

interface ResourceBase extends Documented {
  readonly uniqueId: string
  readonly name: string
  readonly packageName: string
  /** Relative to the resource folder (`models/`), with `/`. */
  readonly path: string
  /** Relative to the project, with `/`. */
  readonly originalFilePath: string
  readonly fqn: readonly string[]
  /** Where the resource is defined or, for a file, offset 0 of it. */
  readonly span: Span
}

interface NodeBase extends ResourceBase {
  readonly config: NodeConfig
  /** Keys as written, before templates in YAML were evaluated, as dbt's `unrendered_config`. */
  readonly unrenderedConfig: { readonly [key: string]: ConfigValue }
  readonly tags: readonly string[]
  readonly meta: { readonly [key: string]: ConfigValue }
  readonly columns: readonly Column[]
  /** Property file that describes the node, relative to the project; null when none does. */
  readonly patchPath: string | null
  /** unique ids that the node reads, in order of first appearance, without duplicates. */
  readonly dependsOn: readonly string[]
  /** SHA-256 of the raw text (or the seed's bytes), hex. */
  readonly checksum: string
}

export interface Model extends NodeBase {
  readonly resourceType: 'model'
  readonly relation: NodeRelation
  readonly template: Template
  readonly facts: StaticFacts
  readonly constraints: readonly Constraint[]
  /** What foreign keys refer to: the text of `to` -> unique id. */
  readonly foreignTargets?: ReadonlyMap<string, string>
  /** Null when the model has no versions. */
  readonly version: ModelVersion | null
  /** From when on nobody should read the model: a moment in ISO form. */
  readonly deprecationDate: string | null
}

/** Which of a model's versions a node is. */
export interface ModelVersion {
  readonly id: VersionId
  /** The version that an unpinned `ref` reads. */
  readonly latest: VersionId
  /** The view over the latest version that bears the model's own name; null unless it is this one's and wanted. */
  readonly pointer: NodeRelation | null
}

/** Models that belong together, with somebody who answers for them. */
export interface Group {
  readonly uniqueId: string
  readonly name: string
  readonly packageName: string
  readonly path: string
  readonly originalFilePath: string
  readonly description: string
  readonly owner: GroupEntry['owner']
  readonly meta: { readonly [key: string]: ConfigValue }
  readonly span: Span
}

export interface Seed extends NodeBase {
  readonly resourceType: 'seed'
  /** What foreign keys refer to: the text of `to` -> unique id. */
  readonly foreignTargets?: ReadonlyMap<string, string>
  readonly relation: NodeRelation
  readonly absolutePath: string
}

export type Freshness = FreshnessEntry

/** One table of a source. With `files` tsdbt loads it; without, it must exist. */
export interface Source extends NodeBase {
  readonly resourceType: 'source'
  readonly sourceName: string
  readonly sourceDescription: string
  /** Database and schema as written, before templates were evaluated; null when the file does not say. */
  readonly unrenderedPlace: { readonly database: string | null; readonly schema: string | null }
  readonly sourceMeta: { readonly [key: string]: ConfigValue }
  readonly loader: string
  readonly identifier: string
  readonly relation: NodeRelation
  readonly quarantine: NodeRelation
  readonly files: FilesSpec | null
  readonly loadedAtField: string | null
  readonly loadedAtQuery: string | null
  readonly freshnessPlaces: FreshnessPlaces
  readonly freshness: Freshness | null
}

/** A data test: singular (a file) or generic (declared in YAML, made from a `{{#*test}}`). */
export interface Test extends NodeBase {
  readonly resourceType: 'test'
  /** Schema and identifier for stored failures. */
  readonly relation: NodeRelation
  /** 10 hex digits of a generic test; null for a singular one. */
  readonly hash: string | null
  readonly generic: GenericTest | null
  /** The text of a singular test. */
  readonly template: Template | null
  readonly facts: StaticFacts
  /** Node that is tested: of a generic test; null for a singular one. */
  readonly attachedNode: string | null
  /** As it stands in SQL: in quotes when the column says `quote: true`. */
  readonly columnName: string | null
}

export interface GenericTest {
  /** `unique`, `not_null`, `dbt_utils.accepted_range` without the package part … */
  readonly name: string
  readonly namespace: string | null
  /** unique id of the `{{#*test}}` definition (project, package or built-in). */
  readonly macroId: string
  /** Arguments without `model` and `column_name`; `to:` and the like stay dbt's text. */
  readonly kwargs: { readonly [key: string]: ConfigValue }
  /** Where each argument stands in YAML. */
  readonly argumentSpans: { readonly [key: string]: Span }
  /** Argument values that are `ref('x')`, `source('a', 'b')`: argument name -> unique id. */
  readonly references: { readonly [argument: string]: string }
}

/** A query whose rows are kept with the time in which each was valid. */
export interface Snapshot extends NodeBase {
  readonly resourceType: 'snapshot'
  readonly relation: NodeRelation
  /** The query: of the file, or `select * from` what `relation:` names in YAML. */
  readonly template: Template
  /** The query as it is written, or would be. */
  readonly rawCode: string
  readonly facts: StaticFacts
}

/** A query that is compiled and never run. */
export interface Analysis extends NodeBase {
  readonly resourceType: 'analysis'
  readonly template: Template
  readonly facts: StaticFacts
}

/** A function in the warehouse, made from a file of `functions/`. */
export interface SqlFunction extends NodeBase {
  readonly resourceType: 'function'
  readonly relation: NodeRelation
  readonly template: Template
  readonly facts: StaticFacts
  readonly arguments: FunctionEntry['arguments']
  readonly returns: FunctionResult
}

/** Something outside that reads nodes: a dashboard, a notebook. Nothing is run for it. */
export interface Exposure extends NodeBase {
  readonly resourceType: 'exposure'
  readonly type: 'dashboard' | 'notebook' | 'analysis' | 'ml' | 'application'
  readonly label: string | null
  readonly url: string | null
  readonly maturity: 'low' | 'medium' | 'high' | null
  readonly owner: {
    readonly name: string | null
    readonly email: string | readonly string[] | null
    /** Further keys, as written. */
    readonly more: { readonly [key: string]: ConfigValue }
  }
  /** As written under `depends_on`, for the artifacts. */
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
}

/** A file, or something like it outside of the warehouse, that a run makes of what is published. */
export interface Export extends NodeBase {
  readonly resourceType: 'export'
  readonly label: string | null
  readonly owner: ExportEntry['owner']
  /** As written under `from`, for the artifacts. */
  readonly refs: readonly RefCall[]
  readonly sources: readonly SourceCall[]
  readonly choice: FormatChoice
  /** With `/`, relative to the package unless it is absolute; null where the format needs none. */
  readonly to: string | null
  readonly toSpan: Span
  readonly outsideProject: boolean
  /** Where it makes views of its own; null for files. */
  readonly shelf: Pick<NodeRelation, 'database' | 'schema'> | null
  readonly promised: ExportEntry['columns']
  readonly onSchemaChange: ExportEntry['onSchemaChange']
  readonly publish: ExportEntry['publish']
}

/** A model's query on given rows, with the rows that must come out. Its only parent is the model. */
export interface UnitTest extends NodeBase {
  readonly resourceType: 'unit_test'
  /** unique id of the model. */
  readonly model: string
  readonly given: readonly UnitTestInput[]
  readonly givenSpan: Span
  readonly expect: UnitTestExpectation
  readonly overrides: UnitTestOverrides
  readonly versions: UnitTestVersions | null
  /** Of the model; null when it has none. */
  readonly version: VersionId | null
}

interface UnitTestRows {
  readonly rows: FixtureRows
  readonly format: FixtureFormat
  /** Name of the fixture as written; null for rows in the property file. */
  readonly fixture: string | null
  /** Rows as written; null with a fixture. */
  readonly written: ConfigValue
  readonly span: Span
}

export interface UnitTestInput extends UnitTestRows {
  /** As written: `ref('orders')`, `source('shop', 'orders')`, `this`. */
  readonly input: string
  readonly inputSpan: Span
  /** unique id of the node; for `this` that of the model. */
  readonly node: string
  readonly what: 'rows' | 'quarantine' | 'this'
}

export interface UnitTestExpectation extends UnitTestRows {
  readonly tolerance: number
  readonly tableAfter: boolean
}

export interface UnitTestOverrides {
  /** What `(is_incremental)` gives. */
  readonly incremental: boolean
  /** By the unique id of the macro. */
  readonly macros: ReadonlyMap<string, ConfigValue>
  readonly vars: { readonly [name: string]: ConfigValue }
  readonly env: { readonly [name: string]: string }
  /** As written, for the artifacts; null when there are none. */
  readonly written: { readonly [part: string]: { readonly [name: string]: ConfigValue } } | null
}

/** `on-run-start` or `on-run-end` statement of the project. */
export interface Operation extends NodeBase {
  readonly resourceType: 'operation'
  readonly when: 'on-run-start' | 'on-run-end'
  readonly index: number
  /** The statement as written: `template.file` is the whole of `project.yml`. */
  readonly rawCode: string
  readonly template: Template
  readonly facts: StaticFacts
}

/** What the DAG is made of. Operations are kept apart: they stand outside the order. */
export type Node = Model | Seed | Source | Snapshot | Test | UnitTest | Exposure | Export | Analysis | SqlFunction

/** What a run makes in the warehouse. */
export type BuiltNode = RelationNode | SqlFunction

/** A node that makes a relation. */
export type RelationNode = Model | Seed | Source | Snapshot
