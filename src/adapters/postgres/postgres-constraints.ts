import { InternalError } from '../../base/errors.ts'
import type { ConstraintRequest, TableConstraints } from '../constraints.ts'
import { inGuardedTransaction } from './in-guarded-transaction.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { addConstraints, type ConstraintStatement, constraintChanges } from './replacement/declared-constraint.ts'
import { readFacts } from './replacement/read-facts.ts'
import { factsOf } from './replacement/relation-facts.ts'

/** Constraints of tables whose rows change where they are; those of others come with their replacement. */
export class PostgresConstraints implements TableConstraints {
  readonly #own: () => PostgresConnection

  /** @param own raises when the connection was given back */
  constructor(own: () => PostgresConnection) {
    this.#own = own
  }

  async differ(request: ConstraintRequest): Promise<boolean> {
    const { drop, add } = await this.#changes(request)
    return drop.length + add.length > 0
  }

  async loosen(request: ConstraintRequest): Promise<void> {
    const { drop } = await this.#changes(request)
    await this.#change(request, drop, [])
  }

  async ensure(request: ConstraintRequest): Promise<void> {
    const { drop, add } = await this.#changes(request)
    await this.#change(request, drop, add)
  }

  async #changes({ table, constraints }: ConstraintRequest): Promise<ReturnType<typeof constraintChanges>> {
    const catalog = await readFacts(this.#own(), table.schema, [table.identifier])
    const facts = factsOf(catalog, table)
    if (facts === null) throw new InternalError(`no table ${table.identifier} to give constraints to`)
    return constraintChanges(facts, constraints)
  }

  async #change(
    { table }: ConstraintRequest,
    drop: readonly string[],
    add: readonly ConstraintStatement[],
  ): Promise<void> {
    if (drop.length + add.length === 0) return
    const connection = this.#own()
    await inGuardedTransaction(connection, table, async () => {
      for (const statement of drop) await connection.execute(statement)
      await addConstraints(connection, add)
    })
  }
}
