import { quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { PartitionSpec } from '../../replacement.ts'
import type { PartitionGrowth } from '../../table-features.ts'
import { columnsOf } from '../catalog.ts'
import { inGuardedTransaction } from '../in-guarded-transaction.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { refuseTooMany } from './fill-partitions.ts'
import { type PartitionKey, PartitionKeys, partitionName } from './partition-key.ts'
import { createBeside, moveRows } from './partition-statements.ts'

interface Partitioning {
  /** `RANGE (day)`; null for a plain table. */
  readonly definition: string | null
  readonly strategy: PartitionSpec['kind'] | null
  readonly columns: readonly string[]
  /** Name of the partition for all other rows. */
  readonly rest: string | null
  readonly partitions: readonly { readonly bound: string; readonly constraint: string | null }[]
}

/**
 * Makes the partitions that new rows lack. A partition is made beside its table and attached, which lets others read and
 * write meanwhile; only the default partition is locked for a moment, because none of its rows may belong to the new one.
 */
export async function growPartitions(
  connection: PostgresConnection,
  { table, rows, storage, partitionBy }: PartitionGrowth,
): Promise<string | null> {
  const found = await partitioningOf(connection, table)
  const differs = difference(found, partitionBy)
  if (differs !== null || partitionBy.kind === 'hash') return differs
  const keys = new PartitionKeys(partitionBy, await columnsOf(connection, rows))
  const known = partitionBy.kind === 'list' ? constraintsOf(found) : keys.overlap(boundsOf(found))
  const missing = await connection.query(keys.query(postgresDialect.relation(rows), known))
  if (missing.rows.length === 0) return null
  refuseTooMany(keys, found.partitions.length + missing.rows.length)
  await inGuardedTransaction(connection, table, async () => {
    for (const row of missing.rows)
      await addPartition(connection, table, keys.keyOf(row), { storage, rest: found.rest })
  })
  return null
}

async function addPartition(
  connection: PostgresConnection,
  table: RelationName,
  { label, bound, condition }: PartitionKey,
  { storage, rest }: { readonly storage: PartitionGrowth['storage']; readonly rest: string | null },
): Promise<void> {
  const name = partitionName(table.identifier, label)
  const partition = { ...table, identifier: name }
  await connection.execute(createBeside(table, name, storage))
  if (rest !== null) {
    const strays = { ...table, identifier: rest }
    const asked = `select exists (select from ${postgresDialect.relation(strays)} where ${condition})`
    if ((await connection.query(asked)).rows[0]![0] === true) {
      const columns = await writtenColumns(connection, table)
      await connection.execute(moveRows(strays, partition, condition, columns))
    }
  }
  const [parent, child] = [postgresDialect.relation(table), postgresDialect.relation(partition)]
  await connection.execute(`alter table ${parent} attach partition ${child} ${bound}`)
}

function difference({ definition, strategy, columns, partitions }: Partitioning, spec: PartitionSpec): string | null {
  if (definition === null) return 'a plain table'
  if (strategy !== spec.kind || columns.length !== 1 || columns[0] !== spec.column)
    return `partitioned by ${definition.toLowerCase()}`
  if (spec.kind !== 'hash' || partitions.length === spec.partitions) return null
  return `in ${partitions.length} partitions of its hash`
}

function constraintsOf({ partitions }: Partitioning): string | null {
  const known = partitions.flatMap(({ constraint }) => (constraint === null ? [] : [`(${constraint})`]))
  return known.length === 0 ? null : known.join(' or ')
}

function boundsOf({ partitions }: Partitioning): readonly (readonly [string, string])[] {
  return partitions.flatMap(({ bound }) => {
    const found = /^FOR VALUES FROM \((.*)\) TO \((.*)\)$/.exec(bound)
    return found === null ? [] : [[found[1]!, found[2]!] as const]
  })
}

const STRATEGIES: { readonly [letter: string]: PartitionSpec['kind'] } = { r: 'range', l: 'list', h: 'hash' }

async function partitioningOf(connection: PostgresConnection, table: RelationName): Promise<Partitioning> {
  const { rows } = await connection.query(`select pg_get_partkeydef(c.oid), p.partstrat,
  (select json_agg(a.attname order by k.n) from unnest(p.partattrs::int2[]) with ordinality k (attnum, n)
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum)::text,
  (select d.relname from pg_class d where d.oid = p.partdefid),
  (select coalesce(json_agg(json_build_object('bound', pg_get_expr(i.relpartbound, i.oid),
      'constraint', pg_get_partition_constraintdef(i.oid))), '[]')
    from pg_inherits h join pg_class i on i.oid = h.inhrelid
    where h.inhparent = c.oid and i.oid <> p.partdefid)::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_partitioned_table p on p.partrelid = c.oid
where n.nspname = ${quoteString(table.schema)} and c.relname = ${quoteString(table.identifier)}`)
  const row = rows[0]
  if (row === undefined) return { definition: null, strategy: null, columns: [], rest: null, partitions: [] }
  const [definition, strategy, columns, rest, partitions] = row
  return {
    definition: String(definition),
    strategy: STRATEGIES[String(strategy)] ?? null,
    columns: JSON.parse(String(columns)) as string[],
    rest: rest === null ? null : String(rest),
    partitions: JSON.parse(String(partitions)) as Partitioning['partitions'],
  }
}

/** Columns that can be inserted: all but those that the server computes. */
async function writtenColumns(connection: PostgresConnection, table: RelationName): Promise<readonly string[]> {
  const { rows } = await connection.query(`select a.attname from pg_attribute a
join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(table.schema)} and c.relname = ${quoteString(table.identifier)}
  and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`)
  return rows.map(([name]) => String(name))
}
