import type { ReplaceRequest } from '../adapters/replacement.ts'
import type { ViewComparison } from '../adapters/table-features.ts'
import { UserError } from '../base/errors.ts'
import { viewChanged } from '../materializations/errors.ts'
import { type Renaming, rebindText } from '../materializations/rebind-text.ts'
import type { MaterializedViewRequest } from '../materializations/step.ts'
import { fittingIndexes } from '../materializations/storage-columns.ts'
import { withoutStagedEndings } from '../sql/staged-name.ts'
import type { MemberRun } from './member-run.ts'
import { featuresOf, guardedOf, ofMember, placed, placedStorage } from './member-storage.ts'
import type { RunContext } from './run-context.ts'
import { executeFor, plain } from './run-statement.ts'
import type { Worker } from './worker-pool.ts'

const REFRESH = 'refresh materialized view'

/**
 * Brings a materialized view that stands up to date, inside the transaction of its unit. Where its definition is what it
 * was and readers need not be locked out, it is refreshed where it stands; else a new one is made beside it, which takes
 * its place after the audit. The definitions are compared as the engine writes them, by making the new one without rows.
 */
export async function stageMaterializedView(
  context: RunContext,
  worker: Worker,
  member: MemberRun,
  request: MaterializedViewRequest,
): Promise<void> {
  const { target, staged, onChange } = request
  const { dialect } = context
  const features = featuresOf(worker)
  const run = (sql: string) => executeFor(context, worker, member.node, plain(sql))
  member.refreshed = false
  const empty = dialect.createMaterializedView!(staged, request.sql, { empty: true, storage: request.storage })
  await executeFor(context, worker, member.node, empty)
  const named = await placedStorage(context, worker, member, request)
  const found = await features.compareMaterializedViews(target, staged, named.storage.indexes)
  // A table that was swapped under it stands under another name until the view is made again.
  const publishedQuery = withoutStagedEndings(found.publishedQuery)
  const isMoved = publishedQuery !== found.publishedQuery
  const changed = changesOf({ ...found, publishedQuery }, request.renamings)
  if (changed.length > 0 && onChange === 'fail')
    throw new UserError(ofMember(context, member, viewChanged({ changed, fails: true })))
  if (request.forAudit) {
    await features.refreshMaterializedView(staged, { concurrently: false })
    return
  }
  const keeps = changed.length > 0 && onChange === 'continue'
  if (keeps) member.warn(ofMember(context, member, viewChanged({ changed, fails: false })))
  if ((changed.length === 0 || keeps) && found.concurrently && !isMoved) {
    await run(dialect.drop(staged, 'materialized_view'))
    member.rows = await features.refreshMaterializedView(target, { concurrently: true })
    member.refreshed = true
    member.did = REFRESH
    return
  }
  let replaced: ReplaceRequest = named
  if (keeps) {
    await run(dialect.drop(staged, 'materialized_view'))
    const again = dialect.createMaterializedView!(staged, plain(publishedQuery), { storage: request.storage })
    member.rows = await executeFor(context, worker, member.node, again)
    const columns = (await worker.session.columnsOf(staged)).map((column) => column.name)
    const indexes = fittingIndexes(request.storage.indexes, columns)
    replaced = { ...named, storage: { ...named.storage, indexes } }
  } else member.rows = await features.refreshMaterializedView(staged, { concurrently: false })
  member.did = changed.length > 0 && !keeps ? 'create materialized view' : REFRESH
  member.replacement = await placed(context, member, () => guardedOf(worker).prepareReplacement(replaced))
}

function changesOf(
  { sameColumns, publishedQuery, stagedQuery, sameIndexes }: ViewComparison,
  renamings: readonly Renaming[],
): readonly ('query' | 'indexes')[] {
  const sameQuery = sameColumns && rebindText(plain(stagedQuery), renamings).text === publishedQuery
  return [...(sameQuery ? [] : (['query'] as const)), ...(sameIndexes ? [] : (['indexes'] as const))]
}
