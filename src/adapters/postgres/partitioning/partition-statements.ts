import { quoteIdentifier } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { TableStorage } from '../../replacement.ts'
import { postgresDialect, rowStorage } from '../postgres-dialect.ts'

/** Rows lie in the partitions, so these have what is said of the place of rows. */
export function createPartitionOf(parent: RelationName, name: string, bound: string, storage: TableStorage): string {
  const partition = postgresDialect.relation({ ...parent, identifier: name })
  const kind = storage.unlogged ? 'unlogged table' : 'table'
  return `create ${kind} ${partition} partition of ${postgresDialect.relation(parent)} ${bound}${rowStorage(storage)}`
}

/** A table that can become a partition: locks nothing of its future parent but against changes of its columns. */
export function createBeside(parent: RelationName, name: string, storage: TableStorage): string {
  const partition = postgresDialect.relation({ ...parent, identifier: name })
  const kind = storage.unlogged ? 'unlogged table' : 'table'
  const like = `like ${postgresDialect.relation(parent)} including defaults including constraints including generated including storage`
  return `create ${kind} ${partition} (${like})${rowStorage(storage)}`
}

/** Moves rows that found no partition before into the one that is being made. */
export function moveRows(from: RelationName, to: RelationName, condition: string, columns: readonly string[]): string {
  const names = columns.map(quoteIdentifier).join(', ')
  return `with moved as (delete from ${postgresDialect.relation(from)} where ${condition} returning ${names})
insert into ${postgresDialect.relation(to)} (${names}) select ${names} from moved`
}
