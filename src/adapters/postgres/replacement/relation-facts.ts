/** One right on a relation or a column. An empty grantee is everybody. */
export interface RightFact {
  readonly grantor: string
  readonly grantee: string
  readonly privilege: string
  readonly grantable: boolean
}

export interface IdentityFact {
  readonly sequence: string
  readonly schema: string
  /** `start with … increment by …`, as `create sequence` takes it. */
  readonly options: string
  readonly owner: string
  readonly rights: readonly RightFact[] | null
  readonly comment: string | null
}

export interface ColumnFacts {
  readonly name: string
  /** With its modifier, as `format_type` writes it. */
  readonly type: string
  readonly notNull: boolean
  readonly default: string | null
  /** `a` always, `d` by default, empty for none. */
  readonly identity: string
  readonly sequence: IdentityFact | null
  /** `s` stored, `v` virtual, empty for none. */
  readonly generated: string
  /** Null is the server's default. */
  readonly statistics: number | null
  readonly storage: string
  /** The storage that the type has by itself. */
  readonly typeStorage: string
  /** `p` pglz, `l` lz4, empty for the server's default. */
  readonly compression: string
  readonly options: readonly string[] | null
  readonly rights: readonly RightFact[] | null
  readonly comment: string | null
  readonly labels: readonly LabelFact[]
}

export interface LabelFact {
  readonly provider: string
  readonly label: string
}

export interface IndexFacts {
  readonly name: string
  /** `create index …`, and the part of it before the access method. */
  readonly definition: string
  readonly head: string
  readonly unique: boolean
  readonly valid: boolean
  readonly clustered: boolean
  readonly tablespace: string | null
  readonly comment: string | null
  /** The name of the constraint that owns it. */
  readonly constraint: string | null
  /** Columns of the table that it reads. */
  readonly columns: readonly string[]
  /** Targets of its expressions' statistics, by position from 1. */
  readonly statistics: readonly { readonly position: number; readonly target: number }[]
}

export interface ConstraintFacts {
  readonly name: string
  /** `c` check, `f` foreign key, `n` not null, `p` primary key, `u` unique, `x` exclusion. */
  readonly kind: string
  readonly definition: string
  readonly deferrable: boolean
  readonly deferred: boolean
  readonly validated: boolean
  readonly inherited: boolean
  /** A key over ranges (`without overlaps`), which no index can be given to. */
  readonly temporal: boolean
  readonly columns: readonly string[]
  readonly referencesItself: boolean
  readonly comment: string | null
}

/** A trigger or a rule: something that is made again by its own definition. */
export interface DefinitionFact {
  readonly name: string
  readonly definition: string
  /** `O` as usual, `D` disabled, `R` on replicas, `A` always. */
  readonly enabled: string
  readonly comment: string | null
  /** For triggers: whether a `delete` or an `insert` fires it. */
  readonly firesOnRows: boolean
  /** Columns of the table that it names. */
  readonly columns: readonly string[]
}

export interface PolicyFact {
  readonly name: string
  readonly permissive: boolean
  readonly command: string
  /** Empty for everybody. */
  readonly roles: readonly string[]
  readonly using: string | null
  readonly check: string | null
  readonly comment: string | null
  readonly columns: readonly string[]
}

export interface StatisticsFact {
  readonly schema: string
  readonly name: string
  readonly definition: string
  readonly owner: string
  readonly target: number | null
  readonly comment: string | null
  readonly columns: readonly string[]
}

export interface PublicationFact {
  readonly name: string
  readonly mine: boolean
  readonly columns: readonly string[] | null
  readonly where: string | null
}

/** A view that reads a relation directly, with the columns that it reads. */
export interface ReaderFact {
  readonly oid: number
  readonly columns: readonly string[]
}

/** Anything else that binds to a relation. */
export interface DependantFact {
  readonly kind: 'function' | 'foreign_key' | 'row_type' | 'inheritance' | 'other'
  /** In the server's words: `constraint a on table b`. */
  readonly description: string
  /** `create or replace function …`; null when it cannot be made again. */
  readonly definition: string | null
  readonly mine: boolean
  /** For foreign keys: what a delete does; `a` is no action. */
  readonly onDelete: string | null
  readonly columns: readonly string[]
}

export interface OwnedSequenceFact {
  readonly schema: string
  readonly name: string
  readonly column: string
}

/** Everything that a catalog knows about one relation and that has to survive it. */
export interface RelationFacts {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** As the server writes it without a search path. */
  readonly fullName: string
  /** `r` table, `p` partitioned table, `v` view, `m` materialized view … */
  readonly kind: string
  readonly owner: string
  readonly mine: boolean
  /** `p` permanent, `u` unlogged, `t` temporary. */
  readonly persistence: string
  readonly tablespace: string | null
  readonly accessMethod: string | null
  readonly options: readonly string[]
  readonly toastOptions: readonly string[]
  readonly rowSecurity: boolean
  readonly forceRowSecurity: boolean
  /** Policies filter what this connection sees and changes. */
  readonly rowSecurityActive: boolean
  /** `d` default, `n` nothing, `f` full, `i` an index. */
  readonly replicaIdentity: string
  readonly replicaIndex: string | null
  readonly ofType: boolean
  readonly extension: string | null
  readonly partitionKey: string | null
  readonly isPartition: boolean
  readonly partitions: readonly { readonly schema: string; readonly name: string }[]
  readonly parents: readonly string[]
  readonly rights: readonly RightFact[] | null
  readonly comment: string | null
  readonly labels: readonly LabelFact[]
  readonly bytes: number
  readonly populated: boolean
  /** The query of a view. */
  readonly query: string | null
  readonly columns: readonly ColumnFacts[]
  readonly indexes: readonly IndexFacts[]
  readonly constraints: readonly ConstraintFacts[]
  readonly triggers: readonly DefinitionFact[]
  readonly rules: readonly DefinitionFact[]
  readonly policies: readonly PolicyFact[]
  readonly statistics: readonly StatisticsFact[]
  readonly publications: readonly PublicationFact[]
  /** It is published without a replica identity. */
  readonly refusesDeletes: boolean
  readonly sequences: readonly OwnedSequenceFact[]
  readonly readers: readonly ReaderFact[]
  readonly dependants: readonly DependantFact[]
}

/** What was found at some names, with the views above. */
export interface CatalogFacts {
  readonly relations: readonly RelationFacts[]
  /** The names of the server's number for a version: 180004. */
  readonly version: number
}

/** Finds a relation by its name. */
export function factsOf(
  { relations }: CatalogFacts,
  name: { readonly schema: string; readonly identifier: string },
): RelationFacts | null {
  return relations.find((r) => r.schema === name.schema && r.name === name.identifier) ?? null
}
