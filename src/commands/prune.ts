import type { Adapter, Session } from '../adapters/adapter.ts'
import { type RecordedRelation, RelationRecord } from '../adapters/relation-record.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import { isRelationNode } from '../project/relation-of.ts'
import type { Node } from '../project/resource.ts'
import { type MadeName, type RelationName, relationKey } from '../sql/relation.ts'
import { diagnosticsIn, outcomeOf } from './close-outcome.ts'
import { dropFailed } from './errors.ts'
import type { PruneOptions } from './options.ts'
import type { PruneOutcome } from './outcome.ts'
import { madeName, type PruneCandidate, type PrunePlan, planPrune } from './prune-plan.ts'
import { connect, type Workspace } from './workspace.ts'

const NOTHING: PrunePlan = { drop: [], keep: [], gone: [] }

/**
 * Finds relations that runs of this project and target have made and that no enabled node makes any more. Drops them when
 * `confirm` says so; without it they are only found.
 */
export async function prune(workspace: Workspace, options: PruneOptions = {}): Promise<PruneOutcome> {
  const close = (
    plan: PrunePlan,
    dropped: PruneOutcome['dropped'],
    found: readonly Diagnostic[] = [],
  ): PruneOutcome => {
    const outcome = outcomeOf(workspace, found, 1)
    return { ...outcome, plan, dropped }
  }
  if (workspace.broken) return { ...outcomeOf(workspace, []), plan: NOTHING, dropped: [] }
  let adapter: Adapter | undefined
  try {
    adapter = await connect(workspace)
    const stop = () => adapter!.cancel()
    workspace.options.signal?.addEventListener('abort', stop, { once: true })
    const { target, targetInfo } = workspace
    await adapter.hold?.({ database: target.profile.database, schema: targetInfo.schema })
    const session = await adapter.acquire()
    try {
      const pruning = new Pruning(workspace, adapter, session)
      const plan = await pruning.plan(options.includeSnapshots ?? false)
      if (plan.drop.length === 0 || !((await options.confirm?.(plan)) ?? false)) return close(plan, [])
      const found: Diagnostic[] = []
      const dropped = await pruning.drop(plan, (diagnostic) => found.push(diagnostic))
      return close(plan, dropped, found)
    } finally {
      await session.release()
    }
  } catch (error) {
    if (error instanceof CancelledError)
      return { ...outcomeOf(workspace, []), exitCode: 130, plan: NOTHING, dropped: [] }
    return { ...outcomeOf(workspace, diagnosticsIn(error)), plan: NOTHING, dropped: [] }
  } finally {
    await adapter?.close()
  }
}

/** One pruning at work on one connection. */
class Pruning {
  readonly #workspace: Workspace
  readonly #adapter: Adapter
  readonly #session: Session

  constructor(workspace: Workspace, adapter: Adapter, session: Session) {
    this.#workspace = workspace
    this.#adapter = adapter
    this.#session = session
  }

  async plan(includeSnapshots: boolean): Promise<PrunePlan> {
    const recorded: RecordedRelation[] = []
    for (const database of this.#databases()) recorded.push(...((await this.#recordOf(database).read()) ?? []))
    const belonging = this.#belonging()
    const candidates = recorded
      .filter((r) => !belonging.has(this.#keyOf(madeName(r))))
      .map((r) => ({ ...r, reason: reasonOf(r.uniqueId, this.#workspace) }))
    if (candidates.length === 0) return NOTHING
    const schemas = candidates.map((c) => c.name)
    const existing = await this.#adapter.relations(schemas)
    const functions = await this.#adapter.functions(schemas)
    const dependants = await this.#adapter.dependants(candidates.map(madeName))
    return planPrune({
      candidates,
      existing: [...existing, ...functions.map((name) => ({ name, kind: 'function' as const }))],
      dependants,
      includeSnapshots,
      keyOf: (name) => this.#keyOf(name),
    })
  }

  /** One after the other, each with its entry in the record; one that cannot be dropped is told of, and stays. */
  async drop(plan: PrunePlan, report: (diagnostic: Diagnostic) => void): Promise<readonly PruneCandidate[]> {
    const dropped: PruneCandidate[] = []
    for (const candidate of plan.drop) {
      const { name, kind } = candidate
      try {
        await this.#session.begin()
        const { dialect } = this.#adapter
        const statements = kind === 'function' ? dialect.dropFunction(name) : [dialect.drop(name, kind)]
        for (const statement of statements) await this.#session.execute(statement)
        await this.#session.execute(this.#recordOf(name.database).forgetting([candidate]))
        await this.#session.commit()
        dropped.push(candidate)
      } catch (error) {
        await this.#session.rollback()
        if (!(error instanceof DatabaseError) && !(error instanceof UserError)) throw error
        const { fault } = error
        const relation = `${name.schema}.${name.identifier}`
        report(dropFailed({ relation, reason: fault?.message ?? error.message }, { notes: fault?.notes ?? [] }))
      }
    }
    for (const gone of plan.gone) await this.#session.execute(this.#recordOf(gone.name.database).forgetting([gone]))
    return dropped
  }

  /** Those in which nodes of the project may stand. */
  #databases(): ReadonlySet<string> {
    const { project, targetInfo, graph } = this.#workspace
    const nodes = [...graph.nodes.values(), ...project.disabled]
    return new Set([
      targetInfo.database,
      ...nodes
        .filter(isBuilt)
        .flatMap(relationsOf)
        .map((r) => r.database),
    ])
  }

  #belonging(): ReadonlySet<string> {
    const nodes = [...this.#workspace.graph.nodes.values()].filter(isBuilt)
    return new Set(
      nodes.flatMap((node) => {
        const kind = node.resourceType === 'function' ? 'function' : 'relation'
        return relationsOf(node).map((name) => this.#keyOf({ name, kind }))
      }),
    )
  }

  #recordOf(database: string): RelationRecord {
    const { project, targetInfo } = this.#workspace
    const owner = { project: project.name, target: targetInfo.name, schema: targetInfo.schema }
    return new RelationRecord(this.#adapter, this.#session, { database, owner })
  }

  #keyOf({ name, kind }: MadeName): string {
    const key = `${kind} ${relationKey(name)}`
    return this.#adapter.capabilities.ignoresCase === true ? key.toLowerCase() : key
  }
}

/** A test's relation holds its bad rows. */
function isBuilt(node: Node): boolean {
  if (node.resourceType === 'source') return node.files !== null
  return (
    node.resourceType === 'test' ||
    node.resourceType === 'function' ||
    (isRelationNode(node) && node.config.materialized !== 'ephemeral')
  )
}

function relationsOf(node: Node): readonly RelationName[] {
  if (node.resourceType === 'source') return [node.relation, node.quarantine]
  if (node.resourceType === 'model' && node.version?.pointer != null) return [node.relation, node.version.pointer]
  return 'relation' in node ? [node.relation] : []
}

function reasonOf(uniqueId: string, { graph, project }: Workspace): string {
  const type = uniqueId.split('.', 1)[0]!.replaceAll('_', ' ')
  const node = graph.nodes.get(uniqueId)
  if (node === undefined)
    return project.disabled.some((d) => d.uniqueId === uniqueId)
      ? `the ${type} is disabled`
      : `no such ${type} any more`
  if (node.config.materialized === 'ephemeral') return `the ${type} is ephemeral now`
  return node.resourceType === 'source' && node.files === null
    ? 'the source is not loaded any more'
    : `the ${type} has another name or schema now`
}
