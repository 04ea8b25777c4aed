import { UserError } from '../../../base/errors.ts'
import { stagedName } from '../../../sql/staged-name.ts'
import type { PartitionFill, PartitionNames } from '../../table-features.ts'
import { columnsOf } from '../catalog.ts'
import { inGuardedTransaction } from '../in-guarded-transaction.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect, rowStorage } from '../postgres-dialect.ts'
import { tooManyPartitions } from './errors.ts'
import { MAX_PARTITIONS, type PartitionKey, PartitionKeys, partitionName } from './partition-key.ts'
import { createPartitionOf } from './partition-statements.ts'

const MAX_BYTES = 63

/** Makes a partitioned table out of rows, with a partition for every key that they have. */
export async function fillPartitions(
  connection: PostgresConnection,
  { rows, target, published, storage, partitionBy }: PartitionFill,
): Promise<PartitionNames> {
  const keys = new PartitionKeys(partitionBy, await columnsOf(connection, rows))
  const [from, to] = [postgresDialect.relation(rows), postgresDialect.relation(target)]
  const run = target.identifier.slice(-8)
  const names: { from: string; to: string }[] = []
  await inGuardedTransaction(connection, target, async () => {
    const place = rowStorage({ tablespace: storage.tablespace })
    await connection.execute(`create table ${to} (like ${from}) partition by ${keys.clause}${place}`)
    for (const { label, bound } of await partitionsOf(connection, keys, from)) {
      const lasting = partitionName(published.identifier, label)
      const name = { from: stagedName(lasting, run, MAX_BYTES), to: lasting }
      await connection.execute(createPartitionOf(target, name.from, bound, storage))
      names.push(name)
    }
    await connection.execute(`insert into ${to} select * from ${from}`)
  })
  return { schema: target.schema, names }
}

async function partitionsOf(
  connection: PostgresConnection,
  keys: PartitionKeys,
  rows: string,
): Promise<readonly PartitionKey[]> {
  const { spec } = keys
  if (spec.kind === 'hash') return keys.remainders(spec.partitions)
  const found = await connection.query(keys.query(rows, null))
  refuseTooMany(keys, found.rows.length)
  const rest = { label: 'default', bound: 'default', condition: 'false' }
  return [...found.rows.map((row) => keys.keyOf(row)), rest]
}

/** Raises `UserError` when a table would have too many partitions. */
export function refuseTooMany({ spec, granularity }: PartitionKeys, count: number): void {
  if (count <= MAX_PARTITIONS) return
  throw new UserError(tooManyPartitions({ column: spec.column, granularity, limit: MAX_PARTITIONS }))
}
