import { writeFile } from 'node:fs/promises'
import type { Admission } from '../../adapters/reader-schema.ts'
import { exportOfComment } from '../../adapters/reader-schema.ts'
import { DatabaseError, UserError } from '../../base/errors.ts'
import { countRows } from '../count-rows.ts'
import type { ExportJob, ExportWriter } from '../export-job.ts'
import { connectionGuide } from './connection-guide.ts'
import { designView, type LookerView } from './design-views.ts'
import { noRolesHere, readerSeesMore, schemaShared, viewNameTaken } from './errors.ts'

type Job = ExportJob<'looker'>
type Place = NonNullable<Job['export']['shelf']>

/** Views in a schema of their own, replaced in one transaction, with a role that may read them; and how to connect. */
export const lookerWriter: ExportWriter<'looker'> = {
  async write(job) {
    const { export: node, options, tables, dialect, session, output } = job
    const place = node.shelf!
    const shared = tables.find(({ relation: r }) => r.schema === place.schema && r.database === place.database)
    if (shared !== undefined)
      throw new UserError(schemaShared({ schema: place.schema, table: shared.name }, placeOf(job)))
    if (options.role !== null && session.readers.admit === undefined)
      throw new UserError(noRolesHere({ role: options.role }, placeOf(job)))
    const of = { ...place, uniqueId: node.uniqueId }
    const views = tables.map((table) => designView(table, of, { dialect, labels: options.labels }))
    await ensureSchema(job, place)
    const { dropped, admission } = await inTransaction(job, () => publish(job, place, views))
    if (admission !== null && admission.alsoSees.length > 0)
      job.warn(readerSeesMore({ role: options.role!, schemas: admission.alsoSees }, placeOf(job)))
    if (node.to !== null) await writeFile(output, connectionGuide(job, views, admission))
    return {
      rows: await countRows(job),
      facts: {
        schema: place.schema,
        views: views.length,
        dropped_views: dropped,
        role: options.role,
        role_can_log_in: admission?.canLogIn ?? null,
      },
    }
  },
}

const placeOf = ({ export: node }: Job) => ({ span: node.span, node: node.uniqueId })

async function inTransaction<T>({ session }: Job, work: () => Promise<T>): Promise<T> {
  await session.begin()
  try {
    const result = await work()
    await session.commit()
    return result
  } catch (error) {
    await session.rollback()
    throw error
  }
}

/** Before the transaction, as another export may make the same schema at the same time. */
async function ensureSchema({ session, dialect }: Job, place: Place): Promise<void> {
  if ((await session.readers.standing(place)) !== null) return
  try {
    await session.execute(dialect.createSchema(place.database, place.schema))
  } catch (error) {
    if (!(error instanceof DatabaseError) || (await session.readers.standing(place)) === null) throw error
  }
}

async function publish(
  job: Job,
  place: Place,
  views: readonly LookerView[],
): Promise<{ readonly dropped: number; readonly admission: Admission | null }> {
  const { session, dialect, options, export: node } = job
  const known = (await session.readers.standing(place)) ?? []
  for (const view of views) await replace(job, view, known)
  const names = views.map((view) => view.relation.identifier.toLowerCase())
  const gone = known.filter(
    ({ identifier, comment }) =>
      exportOfComment(comment) === node.uniqueId && !names.includes(identifier.toLowerCase()),
  )
  for (const { identifier } of gone) await session.execute(dialect.drop({ ...place, identifier }, 'view'))
  const { role, login } = options
  const reader = { ...place, login, export: node.uniqueId, views: views.map((view) => view.relation.identifier) }
  const admission = role === null ? null : ((await session.readers.admit?.({ ...reader, role })) ?? null)
  return { dropped: gone.length, admission }
}

type Standing = NonNullable<Awaited<ReturnType<Job['session']['readers']['standing']>>>

async function replace(job: Job, view: LookerView, standing: Standing): Promise<void> {
  const { session, dialect, export: node } = job
  const { relation } = view
  const there = standing.find(({ identifier }) => identifier.toLowerCase() === relation.identifier.toLowerCase())
  const owner = there === undefined ? null : exportOfComment(there.comment)
  if (there !== undefined && owner !== node.uniqueId)
    throw new UserError(viewNameTaken({ relation: dialect.relation(relation), owner }, placeOf(job)))
  const sql = { text: view.sql, segments: [] }
  if (session.guarded === undefined) await session.execute(dialect.createView(relation, sql, { replace: true }).text)
  else await session.guarded.replaceView({ target: relation, sql, existing: there?.kind ?? null })
  for (const statement of commentStatements(job, view)) await session.execute(statement)
}

function commentStatements({ dialect }: Job, { relation, comment, columns }: LookerView): readonly string[] {
  const described = columns.filter((column) => column.description.trim() !== '')
  return [
    dialect.commentOn?.(relation, 'view', comment),
    ...described.map((c) => dialect.commentOnColumn?.(relation, c.name, c.description.trim())),
  ].filter((statement) => statement !== undefined)
}
