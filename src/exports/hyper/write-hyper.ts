import { chmod, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Session } from '../../adapters/adapter.ts'
import { UserError } from '../../base/errors.ts'
import type { HyperOptions } from '../../config/exports/hyper-options.ts'
import type { ExportJob, ExportTable, ExportWriter, WrittenExport } from '../export-job.ts'
import { checkValues } from './check-values.ts'
import { hyperRowsDiffer, hyperUnknownTable } from './errors.ts'
import type { HyperConnection } from './hyper-service.ts'
import { addForeignKey, copyFromCsv, countRows, createTable, hyperName, insertFromParquet } from './hyper-sql.ts'
import { planTable, type TablePlan } from './plan-table.ts'

/** What an export to a `.hyper` file needs of its job, so that packages with such a file inside can be made as well. */
export type HyperJob = Pick<
  ExportJob,
  'tables' | 'session' | 'dialect' | 'hyper' | 'scratch' | 'signal' | 'warn' | 'target' | 'projectRoot'
>

export const hyperWriter: ExportWriter<'hyper'> = {
  write: (job) => writeHyperFile(job, job.output, job.options),
}

/** Rows that each thread of the engine holds in memory; Hyper reads each group on a thread of its own. */
const ROW_GROUP = 61_440

/** Makes one `.hyper` file of all tables of a job, complete and checked by Hyper itself. */
export async function writeHyperFile(job: HyperJob, path: string, options: HyperOptions): Promise<WrittenExport> {
  const { hyper, session, dialect, signal } = job
  const below = relative(job.projectRoot, job.target)
  const shown = below.startsWith('..') ? job.target : below
  checkNames(job.tables, options)
  const single = job.tables.length === 1 ? (options.table ?? 'Extract') : null
  const { version } = await hyper.locate()
  const plans: TablePlan[] = []
  for (const table of job.tables) {
    const plan = planTable(table, options, { dialect, name: options.tables[table.name] ?? single ?? table.name })
    const { warnings, keyHolds } = await checkValues(session, plan, { dialect, outOfRange: options.outOfRange })
    for (const warning of [...plan.warnings, ...warnings]) job.warn(warning)
    plans.push(keyHolds ? plan : { ...plan, target: { ...plan.target, primaryKey: [] } })
  }
  const connection = await hyper.connect({ path, shown, create: options.version, reads: [job.scratch], signal })
  const rows: Record<string, number> = {}
  try {
    await connection.execute(`create schema if not exists ${hyperName(options.schema)}`)
    for (const [i, plan] of plans.entries()) {
      for (const statement of createTable(plan.target)) await connection.execute(statement)
      rows[plan.source.name] = await fillTable(connection, session, plan, join(job.scratch, `rows-${i}.parquet`))
    }
    if (options.keys) for (const statement of foreignKeys(plans)) await connection.execute(statement)
  } finally {
    await connection.close()
  }
  await hyper.validate({ path, shown })
  await chmod(path, 0o644)
  return { rows, facts: { hyper_version: options.version, hyperd: version } }
}

function checkNames(tables: readonly ExportTable[], options: HyperOptions): void {
  const known = tables.map(({ name }) => name)
  const unknown = Object.keys(options.tables).filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new UserError(unknown.map((name) => hyperUnknownTable({ name, known })))
}

async function fillTable(
  connection: HyperConnection,
  session: Session,
  plan: TablePlan,
  staged: string,
): Promise<number> {
  const sent = await sendRows(connection, session, plan, staged)
  const [[found = '0'] = []] = (await connection.query(countRows(plan.target))) as readonly (readonly string[])[]
  if (Number(found) !== sent) throw new UserError(hyperRowsDiffer({ table: plan.source.name, sent, found }))
  return sent
}

/** Streams where the engine can, else lets it write a file that Hyper reads. */
async function sendRows(
  connection: HyperConnection,
  { extraction }: Session,
  plan: TablePlan,
  staged: string,
): Promise<number> {
  if (extraction.csv !== undefined) return connection.copyFrom(copyFromCsv(plan.target), await extraction.csv(plan.sql))
  try {
    const { rows } = await extraction.toFile(plan.sql, {
      path: staged,
      format: 'parquet',
      compression: 'snappy',
      rowGroupSize: ROW_GROUP,
      // An extract has none.
      anyOrder: true,
    })
    await connection.execute(insertFromParquet(plan.target, staged))
    return rows
  } finally {
    await rm(staged, { force: true })
  }
}

/** Keys between tables of the file, where the other side's key is told, too. */
function foreignKeys(plans: readonly TablePlan[]): readonly string[] {
  return plans.flatMap((plan) =>
    plan.source.foreignKeys.flatMap(({ columns, table, targetColumns }) => {
      const to = plans.find(({ source }) => source.name === table)?.target
      const written = new Set(plan.target.columns.map(({ name }) => name))
      const fits =
        to !== undefined &&
        columns.every((name) => written.has(name)) &&
        to.primaryKey.length === targetColumns.length &&
        to.primaryKey.every((name) => targetColumns.includes(name))
      if (!fits) return []
      const own = to.primaryKey.map((name) => columns[targetColumns.indexOf(name)]!)
      return [addForeignKey({ from: plan.target, columns: own, to })]
    }),
  )
}
