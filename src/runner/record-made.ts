import { type RecordedRelation, RelationRecord } from '../adapters/relation-record.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import type { RunContext } from './run-context.ts'

/**
 * Notes what the run has made, so that `prune` knows it one day. A warehouse that takes no such note is no reason for a run to
 * fail: what is not noted is never pruned.
 */
export async function recordMade({ request, pool, catalog }: RunContext): Promise<void> {
  const { adapter, target, project } = request
  const byDatabase = new Map<string, RecordedRelation[]>()
  for (const relation of catalog.made) {
    const list = byDatabase.get(relation.name.database)
    if (list === undefined) byDatabase.set(relation.name.database, [relation])
    else list.push(relation)
  }
  const owner = { project, target: target.name, schema: target.schema }
  for (const [database, made] of byDatabase) {
    try {
      await pool.run(0, ({ session }) => new RelationRecord(adapter, session, { database, owner }).add(made))
    } catch (error) {
      if (error instanceof CancelledError) return
      if (!(error instanceof DatabaseError) && !(error instanceof UserError)) throw error
      const reason = error instanceof UserError ? error.diagnostics[0]?.message : error.fault.message
      const text = `what this run made is not recorded, and \`prune\` will not see it: ${reason}`
      request.emit({ type: 'message', level: 'info', text })
    }
  }
}
