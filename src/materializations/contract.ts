import type { Capabilities } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { MappedText } from '../base/source-map.ts'
import { MappedTextBuilder } from '../base/source-map.ts'
import type { Span } from '../base/span.ts'
import type { Column, RelationNode } from '../project/resource.ts'

/** A column that a contract promises. */
export interface ContractColumn {
  /** As the engine has it. */
  readonly name: string
  /** As a cast takes it. */
  readonly type: string
  readonly span: Span
  readonly typeSpan: Span
}

type Engine = { readonly dialect: Dialect; readonly capabilities: Capabilities }

/** The columns of an enforced contract, in their order; null when there is none. */
export function contractOf(node: RelationNode, { capabilities }: Engine): readonly ContractColumn[] | null {
  const { contract, materialized } = node.config
  if (!contract.enforced || materialized === 'ephemeral') return null
  if (node.resourceType !== 'model' && node.resourceType !== 'seed') return null
  return node.columns.map((column) => ({
    name: engineName(column, capabilities.ignoresCase === true),
    type: contract.alias_types ? withoutAlias(column.dataType ?? '') : (column.dataType ?? ''),
    span: column.span,
    typeSpan: column.typeSpan ?? column.span,
  }))
}

/** A name without quotes means what it means in SQL: where case counts, the engine folds it. */
export function engineName({ name, quote }: Pick<Column, 'name' | 'quote'>, ignoresCase: boolean): string {
  return ignoresCase || quote === true || !/^[A-Za-z_]\w*$/.test(name) ? name : name.toLowerCase()
}

/** dbt's word for text, which not every engine knows. */
function withoutAlias(type: string): string {
  return /^\s*string\s*$/i.test(type) ? 'text' : type
}

/** The query with its columns in the order of the contract. */
export function inContractOrder(body: MappedText, columns: readonly ContractColumn[], dialect: Dialect): MappedText {
  const names = columns.map((column) => dialect.identifier(column.name)).join(', ')
  return new MappedTextBuilder().raw(`select ${names}\nfrom (\n`).append(body).raw('\n) as contracted').build()
}

/** No rows, and the columns of the query. */
export function emptyQuery(body: MappedText): MappedText {
  return new MappedTextBuilder().raw('select * from (\n').append(body).raw('\n) as contracted limit 0').build()
}
