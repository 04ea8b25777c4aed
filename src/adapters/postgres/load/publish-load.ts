import { InternalError, UserError } from '../../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { RelationKind, RelationName } from '../../../sql/relation.ts'
import { duplicateRule } from '../../duckdb/load-declaration.ts'
import type { LoadState } from '../../load/load-state.ts'
import type { StagedLoad } from '../../load.ts'
import type { GuardedReplacement, Replacement, ReplaceRequest, TableStorage } from '../../replacement.ts'
import { inTransaction } from '../in-transaction.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { removeLosers } from './deduplicate.ts'
import { recordFiles } from './load-state.ts'
import { quarantineColumns } from './stage-load.ts'
import { tableTypes } from './table-types.ts'

/** Replaces a table under its dependants. */
export type Replacer = Pick<GuardedReplacement, 'prepareReplacement' | 'publishReplacement'>

const PLAIN: TableStorage = { indexes: [], unlogged: false, fillfactor: null, tablespace: null, partitionBy: null }

/** Moves staged rows into the target and its quarantine and records the files, in the transaction that is open. */
export async function publishLoad(connection: PostgresConnection, replacer: Replacer, load: StagedLoad): Promise<void> {
  if (load.failed) throw new InternalError(`${load.request.uniqueId}: a failed load cannot be published`)
  if (!connection.inTransaction) throw new InternalError('a load is published inside a transaction')
  if (load.state === undefined) return
  const state = load.state as LoadState
  const { request } = load
  if (state.replace) await replace(connection, replacer, state.staged, request.target)
  else await merge(connection, load, state)
  await publishQuarantine(connection, load, state)
  await connection.execute(postgresDialect.drop(state.stagedQuarantine, 'table'))
  await recordFiles(connection, request, { all: state.replace, forgotten: state.forgotten, files: state.records })
}

/** Drops staged tables. With `keepQuarantine` the refused rows are kept first, each file's in place of its earlier ones. */
export async function discardLoad(
  connection: PostgresConnection,
  load: StagedLoad,
  options: { keepQuarantine: boolean },
): Promise<void> {
  if (load.state === undefined) return
  await inTransaction(connection, async () => {
    if (options.keepQuarantine) await publishQuarantine(connection, load, load.state as LoadState)
    for (const name of load.relations) await connection.execute(postgresDialect.drop(name, 'table'))
  })
}

/**
 * In place where that is possible, whatever the size: the tests of the unit follow in the same transaction, and a swap
 * would keep readers out until they are done. Such tables have no indexes as a rule, so that it is cheap.
 */
async function replace(
  connection: PostgresConnection,
  replacer: Replacer,
  staged: RelationName,
  target: RelationName,
): Promise<void> {
  const existing = await kindOf(connection, target)
  const request = { target, staged, existing, kind: 'table', method: 'auto', storage: PLAIN } as const
  const prepared =
    (existing === 'table' && (await possibleInPlace(replacer, request))) || (await replacer.prepareReplacement(request))
  await replacer.publishReplacement(prepared)
}

async function possibleInPlace(replacer: Replacer, request: ReplaceRequest): Promise<Replacement | false> {
  try {
    return await replacer.prepareReplacement({ ...request, method: 'in_place' })
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

const KINDS: { readonly [relkind: string]: RelationKind } = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized_view',
}

async function kindOf(connection: PostgresConnection, name: RelationName): Promise<RelationKind | null> {
  const { rows } = await connection.query(`select c.relkind::text from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(name.schema)} and c.relname = ${quoteString(name.identifier)}`)
  return KINDS[String(rows[0]?.[0])] ?? null
}

async function merge(connection: PostgresConnection, load: StagedLoad, state: LoadState): Promise<void> {
  const { target } = load.request
  const targetName = postgresDialect.relation(target)
  if (state.replaced.length > 0) await connection.execute(`delete from ${targetName} where ${inFiles(state.replaced)}`)
  const staged = [...((await tableTypes(connection, state.staged)) ?? [])]
  const standing = (await tableTypes(connection, target)) ?? new Map<string, string>()
  for (const [name, type] of staged) {
    if (!standing.has(name)) await connection.execute(postgresDialect.addColumn(target, name, type))
  }
  const rule = duplicateRule(load.request, [...staged.map(([name]) => name), ...standing.keys()])
  if (rule !== undefined) {
    const tables = { from: target, winners: state.staged, fromIsNew: false, except: [] }
    await removeLosers(connection, tables, rule)
  }
  const names = staged.map(([name]) => quoteIdentifier(name)).join(', ')
  await connection.execute(
    `insert into ${targetName} (${names}) select ${names} from ${postgresDialect.relation(state.staged)}`,
  )
  await connection.execute(postgresDialect.drop(state.staged, 'table'))
}

async function publishQuarantine(connection: PostgresConnection, load: StagedLoad, state: LoadState): Promise<void> {
  const table = postgresDialect.relation(load.request.quarantine)
  if ((await tableTypes(connection, load.request.quarantine)) === undefined) {
    await connection.execute(`create table ${table} (${quarantineColumns()})`)
  }
  if (state.replaced.length > 0) await connection.execute(`delete from ${table} where ${inFiles(state.replaced)}`)
  await connection.execute(`insert into ${table} select * from ${postgresDialect.relation(state.stagedQuarantine)}`)
}

function inFiles(paths: readonly string[]): string {
  return `_file in (${paths.map(quoteString).join(', ')})`
}
