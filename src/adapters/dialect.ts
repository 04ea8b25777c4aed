import type { MappedText } from '../base/source-map.ts'
import type { RelationKind, RelationName } from '../sql/relation.ts'
import type { LogicalType } from './logical-type.ts'
import type { TableStorage } from './replacement.ts'
import type { FunctionSpec } from './sql-function.ts'

/** A constant of SQL: what can be written as a literal. */
export type Constant =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Constant[]
  | { readonly [key: string]: Constant }

/** What a new relation is told of the place of its rows. Engines without the capability `tableStorage` leave it out. */
export type RowStorage = Pick<TableStorage, 'unlogged' | 'fillfactor' | 'tablespace'>

/** How one engine writes SQL. Pure functions; the only place that knows the engine's syntax. */
export interface Dialect {
  readonly engine: string
  /** Longest identifier in the engine's unit, or undefined when there is no limit that matters. */
  readonly maxIdentifierBytes?: number | undefined
  identifier(name: string): string
  literal(value: Constant): string
  /** The full name, always with all parts that the engine takes, quoted. */
  relation(name: RelationName): string
  /** `create [or replace] table … as (…)`; the body keeps its map. */
  createTableAs(
    name: RelationName,
    body: MappedText,
    options?: { replace?: boolean; temporary?: boolean; empty?: boolean; storage?: RowStorage },
  ): MappedText
  /** The statements that make a function, or replace one of the same name; they belong into one transaction. */
  createFunction(spec: FunctionSpec): readonly MappedText[]
  /** The statements that drop a function with all that `createFunction` made of it. */
  dropFunction(name: RelationName): readonly string[]
  createView(name: RelationName, body: MappedText, options?: { replace?: boolean }): MappedText
  drop(name: RelationName, kind: RelationKind): string
  /** Renames a table within its schema. */
  rename(from: RelationName, to: string, kind: RelationKind): string
  createSchema(database: string, schema: string): string
  addColumn(name: RelationName, column: string, type: string): string
  dropColumn(name: RelationName, column: string): string
  alterColumnType(name: RelationName, column: string, type: string): string
  /** A type as a contract compares it: names of types that hold the same values are the same. Absent: the engine's names are. */
  comparableType?(type: string): string
  /** What a type holds, by the name that results give it. Never raises: what is not known is `other`. */
  logicalType(engineType: string): LogicalType
  /** A condition that also matches null to null. */
  nullSafeEqual(left: string, right: string): string
  /** As `nullSafeEqual`, in a form that engines can hash; both sides must have one type. */
  nullSafeJoin(left: string, right: string): string
  /** An expression of that type as something that can be compared. Absent where all types can be. */
  comparable?(expression: string, type: string): string
  /** Present exactly when the engine has the capability `materializedViews`. */
  createMaterializedView?(
    name: RelationName,
    body: MappedText,
    options?: { empty?: boolean; storage?: RowStorage },
  ): MappedText
  commentOn?(name: RelationName, kind: RelationKind, comment: string): string
  commentOnColumn?(name: RelationName, column: string, comment: string): string
}
