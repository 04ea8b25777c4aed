import { DatabaseError } from '../../../base/errors.ts'
import { quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { GrantRequest, GuardedReplacement, Replacement, ReplaceRequest, ViewRequest } from '../../replacement.ts'
import { inTransaction } from '../in-transaction.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { applyGrants } from './apply-grants.ts'
import { type Decision, decide, predict } from './decide.ts'
import {
  addConstraints,
  constrainStaged,
  constraintChanges,
  finalConstraintNames,
  withoutDeclared,
} from './declared-constraint.ts'
import { type DeclaredIndex, declaredIndexes } from './declared-index.ts'
import { dressRelation } from './dress-relation.ts'
import { dressTable } from './dress-table.ts'
import { ExclusiveLocks, namingHolders, unlessLocked } from './exclusive-locks.ts'
import { indexChanges, replaceRows } from './in-place-statements.ts'
import { leaveRebuilt } from './leave-rebuilt.ts'
import { normalTypes } from './normal-types.ts'
import { findPlainTable, replacePlainRows } from './plain-table.ts'
import { readFacts } from './read-facts.ts'
import { type CatalogFacts, factsOf, type RelationFacts } from './relation-facts.ts'
import { replaceView } from './replace-view.ts'
import { finalNames, rename } from './restore-statements.ts'
import { runBatch } from './run-batch.ts'
import { qualified } from './sql-words.ts'
import { swapRelations } from './swap-relations.ts'

/** Above this size, about 10,000 rows, a new table is analyzed before it is published. */
const ANALYZE_BYTES = 512 * 1024

/** Publishes relations as an administrator would by hand: see `GuardedReplacement`. */
export class PostgresReplacement implements GuardedReplacement {
  readonly #connection: PostgresConnection

  constructor(connection: PostgresConnection) {
    this.#connection = connection
  }

  prepareReplacement(request: ReplaceRequest): Promise<Replacement> {
    return inTransaction(this.#connection, async () => {
      const plain = await findPlainTable(this.#connection, request)
      if (plain !== null) return { request, how: 'in_place', why: plain.why, state: null }
      const catalog = await this.#facts(request)
      const staged = factsOf(catalog, request.staged)
      if (staged === null) throw missing(request.staged)
      const old = undeclared(leaveRebuilt(catalog, request, staged.columns).old, request)
      const decision = old === null ? NOTHING_STANDS : decide(request, old, staged, catalog)
      if (decision.how !== 'in_place') {
        await this.#dress(request, old, staged, catalog)
        if (staged.bytes >= ANALYZE_BYTES) await this.#connection.execute(`analyze ${qualified(staged)}`)
      }
      return { request, ...decision, state: null }
    })
  }

  publishReplacement({ request, how }: Replacement): Promise<void> {
    const target = { schema: request.target.schema, name: request.target.identifier }
    return namingHolders(this.#connection, target, async () => {
      const locks = await ExclusiveLocks.of(this.#connection)
      await this.#publish(request, how, locks)
      await locks.restore()
    })
  }

  async predictReplacement(
    request: ReplaceRequest,
    columns: readonly { readonly name: string; readonly type: string }[] | null,
  ): Promise<{ readonly how: Replacement['how'] | null; readonly why: string }> {
    return inTransaction(this.#connection, async () => {
      const { schema, identifier } = request.target
      const catalog = await readFacts(this.#connection, schema, [identifier])
      const old = undeclared(leaveRebuilt(catalog, request, columns).old, request)
      if (old === null) return NOTHING_STANDS
      return predict(request, old, columns === null ? null : await normalTypes(this.#connection, columns), catalog)
    })
  }

  replaceView(request: ViewRequest): Promise<void> {
    return inTransaction(this.#connection, () => replaceView(this.#connection, request))
  }

  applyGrants(request: GrantRequest): Promise<readonly string[]> {
    return inTransaction(this.#connection, () => applyGrants(this.#connection, request))
  }

  async #publish(request: ReplaceRequest, how: Replacement['how'], locks: ExclusiveLocks): Promise<void> {
    const connection = this.#connection
    // From here on nobody else changes the table's definition.
    if (how !== 'create' && (await this.#isTable(request.target))) {
      const { schema, identifier: name } = request.target
      await locks.take([{ schema, name, kind: 'r', owner: '' }], WHILE_WORKING[how])
    }
    const plain = how === 'in_place' ? await findPlainTable(connection, request) : null
    if (plain !== null) {
      for (const statement of replacePlainRows(request, plain)) await connection.execute(statement)
      return
    }
    const catalog = await this.#facts(request)
    const staged = factsOf(catalog, request.staged)
    if (staged === null) throw missing(request.staged)
    const { old: standing, isKept } = leaveRebuilt(catalog, request, staged.columns)
    const old = undeclared(standing, request)
    const declared = this.#declared(request)
    const now = { ...staged, name: request.target.identifier }
    if (old === null)
      return runBatch(connection, [
        rename(staged, now.name),
        ...finalNames(null, staged, now, declared),
        ...finalConstraintNames(staged.name, now, request.constraints ?? []),
      ])
    const decision = decide(request, old, staged, catalog)
    if (decision.how === 'in_place') return this.#replaceRows(request, { old: standing!, staged }, declared, locks)
    const changed = await this.#dress(request, old, staged, catalog)
    const fresh = changed ? await this.#facts(request) : catalog
    const pair = { old, isKept, staged: factsOf(fresh, request.staged)! }
    await swapRelations(connection, locks, pair, catalog, declared)
    await runBatch(connection, finalConstraintNames(staged.name, now, request.constraints ?? []))
  }

  async #replaceRows(
    request: ReplaceRequest,
    { old, staged }: { readonly old: RelationFacts; readonly staged: RelationFacts },
    declared: readonly DeclaredIndex[],
    locks: ExclusiveLocks,
  ): Promise<void> {
    const connection = this.#connection
    const changes = indexChanges(old, declared)
    const constraints = constraintChanges(old, request.constraints ?? null)
    if (constraints.drop.length + constraints.add.length > 0) await locks.take([old], 'access exclusive')
    for (const statement of constraints.drop) await connection.execute(statement)
    for (const statement of replaceRows(old, staged)) await connection.execute(statement)
    await addConstraints(connection, constraints.add)
    if (changes.drop.length > 0) {
      const drop = async () => {
        await locks.take([old], 'access exclusive')
        await runBatch(connection, changes.drop)
      }
      // Dropping an index locks readers out, which can wait for another run unless a new index needs its name.
      await (changes.urgent ? drop() : unlessLocked(connection, drop))
    }
    for (const statement of changes.create) await connection.execute(statement)
  }

  /** True when there was something to do. */
  async #dress(
    request: ReplaceRequest,
    old: RelationFacts | null,
    staged: RelationFacts,
    { version }: CatalogFacts,
  ): Promise<boolean> {
    const constraints = request.constraints ?? []
    const table = dressTable(old, staged, request.storage, this.#declared(request), version)
    const keys = constrainStaged(staged, request.target.identifier, constraints)
    const count = table.length + keys.length
    for (const statement of table) await this.#connection.execute(statement)
    await addConstraints(this.#connection, keys)
    if (old === null) return count > 0
    const now = count === 0 ? staged : factsOf(await this.#facts(request), request.staged)!
    const rest = dressRelation(old, now, version)
    await runBatch(this.#connection, rest)
    return count + rest.length > 0
  }

  async #isTable({ schema, identifier }: RelationName): Promise<boolean> {
    const { rows } = await this.#connection.query(`select from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = ${quoteString(schema)} and c.relname = ${quoteString(identifier)} and c.relkind in ('r', 'p')`)
    return rows.length > 0
  }

  #declared({ target, storage }: ReplaceRequest): readonly DeclaredIndex[] {
    return declaredIndexes(target.identifier, storage.indexes)
  }

  #facts({ target, staged }: ReplaceRequest): Promise<CatalogFacts> {
    return readFacts(this.#connection, target.schema, [target.identifier, staged.identifier])
  }
}

/** Both let readers pass; the second keeps other writers away, so that no row of theirs is mixed in. */
const WHILE_WORKING = { swap: 'share update exclusive', in_place: 'share row exclusive' } as const

const NOTHING_STANDS: Decision = { how: 'create', why: 'nothing stands there' }

function undeclared(old: RelationFacts | null, { constraints }: ReplaceRequest): RelationFacts | null {
  return old === null ? null : withoutDeclared(old, constraints ?? null)
}

function missing({ schema, identifier }: RelationName): DatabaseError {
  return new DatabaseError({
    kind: 'table-missing',
    message: `the new relation "${schema}.${identifier}" is gone`,
    name: identifier,
  })
}
