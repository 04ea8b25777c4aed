import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { PartitionNames } from '../../table-features.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { runBatch } from '../replacement/run-batch.ts'
import { shortened } from '../replacement/shortened.ts'
import { hash } from './partition-key.ts'

/** Partitions, and their parts of the table's indexes, get names that do not tell of the run. */
export async function namePartitions(connection: PostgresConnection, { schema, names }: PartitionNames): Promise<void> {
  // Where rows were replaced in place, the partitions of the run are gone.
  const standing = await takenNames(
    connection,
    schema,
    names.map((name) => name.from),
  )
  const fresh = names.filter(({ from }) => standing.has(from))
  if (fresh.length === 0) return
  const taken = await takenNames(
    connection,
    schema,
    fresh.map((name) => name.to),
  )
  const lasting = new Map(fresh.map(({ from, to }) => [from, taken.has(to) ? shortened(to, `_${hash(from)}`) : to]))
  const inSchema = (name: string): string => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const indexes = await indexesOf(connection, schema, [...lasting.keys()])
  await runBatch(connection, [
    ...[...lasting].map(([from, to]) => `alter table ${inSchema(from)} rename to ${quoteIdentifier(to)}`),
    ...indexes.map(({ name, partition, parent }) => {
      const to = shortened(lasting.get(partition)!, `_${hash(parent)}_idx`)
      return `alter index ${inSchema(name)} rename to ${quoteIdentifier(to)}`
    }),
  ])
}

async function takenNames(
  connection: PostgresConnection,
  schema: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query(`select c.relname from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(schema)} and c.relname in (${names.map(quoteString).join(', ')})`)
  return new Set(rows.map(([name]) => String(name)))
}

interface PartitionIndex {
  readonly name: string
  readonly partition: string
  readonly parent: string
}

async function indexesOf(
  connection: PostgresConnection,
  schema: string,
  partitions: readonly string[],
): Promise<readonly PartitionIndex[]> {
  const { rows } = await connection.query(`select i.relname, t.relname, p.relname
from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid
join pg_catalog.pg_class t on t.oid = x.indrelid join pg_catalog.pg_namespace n on n.oid = t.relnamespace
join pg_catalog.pg_inherits h on h.inhrelid = i.oid join pg_catalog.pg_class p on p.oid = h.inhparent
where n.nspname = ${quoteString(schema)} and t.relname in (${partitions.map(quoteString).join(', ')})`)
  return rows.map(([name, partition, parent]) => ({
    name: String(name),
    partition: String(partition),
    parent: String(parent),
  }))
}
