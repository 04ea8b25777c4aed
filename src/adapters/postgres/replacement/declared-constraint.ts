import { createHash } from 'node:crypto'
import { DatabaseError, UserError } from '../../../base/errors.ts'
import { quoteIdentifier } from '../../../sql/quote.ts'
import type { ConstraintSpec } from '../../constraints.ts'
import { constraintRefused } from '../../errors.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { isOurs, MARK } from './declared-index.ts'
import type { RelationFacts } from './relation-facts.ts'
import { shortened, temporaryName } from './shortened.ts'
import { commentOn, qualified } from './sql-words.ts'

/** A constraint that a contract declares, with the name that it bears in the end. */
export interface DeclaredConstraint {
  readonly spec: ConstraintSpec
  readonly name: string
  /** Its comment: tells ours from an administrator's, and an unchanged definition from a changed one. */
  readonly mark: string
}

/** Those with a name; `not null` is a property of its column. */
function declaredConstraints(table: string, specs: readonly ConstraintSpec[]): readonly DeclaredConstraint[] {
  return specs
    .filter((spec) => spec.kind !== 'not_null')
    .map((spec) => {
      const { kind, columns, expression } = spec
      const hash = createHash('sha256')
        .update(JSON.stringify([kind, columns, expression]))
        .digest('hex')
        .slice(0, 8)
      const words = [table, ...columns, kind].join('_')
      return { spec, name: spec.name ?? shortened(words, `_${hash}`), mark: `${MARK}${hash}` }
    })
}

/** A statement that a constraint asks for. */
export interface ConstraintStatement {
  readonly sql: string
  readonly spec: ConstraintSpec
}

/** Executes them; one that the server does not take is a `UserError` at its constraint. */
export async function addConstraints(
  connection: PostgresConnection,
  statements: readonly ConstraintStatement[],
): Promise<void> {
  for (const { sql, spec } of statements) {
    try {
      await connection.execute(sql)
    } catch (error) {
      if (!(error instanceof DatabaseError) || !REFUSALS.has(error.fault.kind)) throw error
      const { kind, span } = spec
      throw new UserError(constraintRefused({ kind, reason: error.fault.message }, { span }), error.fault)
    }
  }
}

/** Locks and lost connections are no fault of the constraint. */
const REFUSALS: ReadonlySet<string> = new Set([
  'constraint',
  'syntax',
  'column-missing',
  'function-missing',
  'type',
  'other',
])

/** @param name the one that it bears at first; @param on the quoted name of the table */
function addDeclared({ spec, mark }: DeclaredConstraint, name: string, on: string): readonly ConstraintStatement[] {
  const constraint = `constraint ${quoteIdentifier(name)}`
  return [
    { sql: `alter table ${on} add ${constraint} ${definition(spec)}`, spec },
    { sql: commentOn(`${constraint} on ${on}`, mark), spec },
  ]
}

function definition({ kind, columns, expression }: ConstraintSpec): string {
  if (kind === 'check') return `check (${expression})`
  if (kind === 'custom') return expression!
  const keys = `${kind === 'unique' ? 'unique' : 'primary key'} (${columns.map(quoteIdentifier).join(', ')})`
  return expression === null ? keys : `${keys} ${expression}`
}

/** Those that rest on an index, whose names are told apart within a schema. */
function isIndexed({ spec }: DeclaredConstraint): boolean {
  return spec.kind !== 'check'
}

/**
 * An old table without what declarations made of it, so that its successor is not given that. Null: there is no contract;
 * `not null` is then an administrator's.
 */
export function withoutDeclared(old: RelationFacts, specs: readonly ConstraintSpec[] | null): RelationFacts {
  const ours = old.constraints.filter(isOurs)
  if (ours.length === 0 && specs === null) return old
  const gone = new Set(ours.map((c) => c.name))
  return {
    ...old,
    constraints: old.constraints.filter((c) => !gone.has(c.name) && (specs === null || c.kind !== 'n')),
    indexes: old.indexes.filter((i) => i.constraint === null || !gone.has(i.constraint)),
    columns: specs === null ? old.columns : old.columns.map((c) => ({ ...c, notNull: false })),
  }
}

/** Statements that give a staged table its constraints, the indexed ones under names that its predecessor does not bear. */
export function constrainStaged(
  now: RelationFacts,
  target: string,
  specs: readonly ConstraintSpec[],
): readonly ConstraintStatement[] {
  const table = qualified(now)
  const keys = declaredConstraints(target, specs).flatMap((declared) => {
    const name = isIndexed(declared) ? temporaryName(now.name, declared.name) : declared.name
    return now.constraints.some((c) => c.name === name) ? [] : addDeclared(declared, name, table)
  })
  return [...requireColumns(now, specs), ...keys]
}

function requireColumns(table: RelationFacts, specs: readonly ConstraintSpec[]): readonly ConstraintStatement[] {
  const alter = `alter table ${qualified(table)} alter column`
  return specs
    .filter((spec) => spec.kind === 'not_null')
    .flatMap((spec) => spec.columns.map((name) => ({ name, spec })))
    .filter(({ name }) => table.columns.find((c) => c.name === name)?.notNull === false)
    .map(({ name, spec }) => ({ sql: `${alter} ${quoteIdentifier(name)} set not null`, spec }))
}

/** Final names, when the old table has given them up. `now` stands at its own. */
export function finalConstraintNames(
  staged: string,
  now: RelationFacts,
  specs: readonly ConstraintSpec[],
): readonly string[] {
  return declaredConstraints(now.name, specs)
    .filter(isIndexed)
    .map(({ name }) => {
      const from = quoteIdentifier(temporaryName(staged, name))
      return `alter table ${qualified(now)} rename constraint ${from} to ${quoteIdentifier(name)}`
    })
}

/** How the constraints of a table that stays become those that are declared. */
export function constraintChanges(
  table: RelationFacts,
  specs: readonly ConstraintSpec[] | null,
): { readonly drop: readonly string[]; readonly add: readonly ConstraintStatement[] } {
  const on = qualified(table)
  const declared = declaredConstraints(table.name, specs ?? [])
  const kept = new Set(
    table.constraints.filter((c) => declared.some((d) => d.name === c.name && d.mark === c.comment)).map((c) => c.name),
  )
  const surplus = table.constraints.filter((c) => isOurs(c) && !kept.has(c.name))
  const inKey = new Set(
    table.constraints.filter((c) => c.kind === 'p' && !surplus.includes(c)).flatMap((c) => c.columns),
  )
  const wanted = new Set((specs ?? []).filter((s) => s.kind === 'not_null').flatMap((s) => s.columns))
  for (const { spec } of declared) if (spec.kind === 'primary_key') for (const name of spec.columns) wanted.add(name)
  const nullable =
    specs === null
      ? []
      : table.columns.filter((c) => c.notNull && !wanted.has(c.name) && !inKey.has(c.name) && c.identity === '')
  return {
    drop: [
      ...surplus.map((c) => `alter table ${on} drop constraint ${quoteIdentifier(c.name)}`),
      ...nullable.map((c) => `alter table ${on} alter column ${quoteIdentifier(c.name)} drop not null`),
    ],
    add: [
      ...requireColumns(table, specs ?? []),
      ...declared.filter((d) => !kept.has(d.name)).flatMap((d) => addDeclared(d, d.name, on)),
    ],
  }
}
