import { InternalError } from '../../../base/errors.ts'
import { quoteIdentifier } from '../../../sql/quote.ts'
import type { TableStorage } from '../../replacement.ts'
import { createDeclared, type DeclaredIndex, isOurs } from './declared-index.ts'
import { addGenerated, dressColumns, dressIdentities } from './dress-columns.ts'
import type { ConstraintFacts, IndexFacts, RelationFacts, StatisticsFact } from './relation-facts.ts'
import { temporaryName } from './shortened.ts'
import { commentOn, kindWord, qualified } from './sql-words.ts'

/** Gives a staged table or materialized view what its predecessor had and what its configuration declares. */
export function dressTable(
  old: RelationFacts | null,
  now: RelationFacts,
  storage: TableStorage,
  declared: readonly DeclaredIndex[],
  version: number,
): readonly string[] {
  const isTable = now.kind === 'r' || now.kind === 'p'
  const same = old !== null && (old.kind === 'm') === (now.kind === 'm') && old.kind !== 'v'
  if (!same) return [...place(null, now, storage), ...declaredStatements(null, now, declared)]
  return [
    ...place(old, now, storage),
    ...(isTable ? addGenerated(old, now) : []),
    ...(isTable ? dressColumns(old, now, version) : columnTargets(old, now)),
    // Before the keys, which would make their columns not null under a name of their own.
    ...constraintsOf('n', old, now),
    ...declaredStatements(old, now, declared),
    ...copiedIndexes(old, now).flatMap((index) => indexStatements(index, old, now)),
    ...constraintsOf('cpuxf', old, now),
    ...(isTable ? dressIdentities(old, now) : []),
    ...(isTable ? old.statistics.flatMap((s) => statisticsStatements(s, old, now)) : []),
    ...marks(old, now),
  ]
}

function place(old: RelationFacts | null, now: RelationFacts, storage: TableStorage): readonly string[] {
  const alter = `alter ${kindWord(now.kind)} ${qualified(now)}`
  const out: string[] = []
  if (now.kind === 'r' && (now.persistence === 'u') !== storage.unlogged)
    out.push(`${alter} set ${storage.unlogged ? 'unlogged' : 'logged'}`)
  const method = old?.accessMethod ?? null
  if (method !== null && method !== now.accessMethod && now.kind !== 'p')
    out.push(`${alter} set access method ${quoteIdentifier(method)}`)
  const tablespace = storage.tablespace ?? old?.tablespace ?? null
  if (tablespace !== null && tablespace !== now.tablespace)
    out.push(`${alter} set tablespace ${quoteIdentifier(tablespace)}`)
  const fillfactor = storage.fillfactor === null ? [] : [`fillfactor=${storage.fillfactor}`]
  const kept = (old?.options ?? []).filter((o) => fillfactor.length === 0 || !o.startsWith('fillfactor='))
  const wanted = [...kept, ...fillfactor, ...(old?.toastOptions ?? []).map((o) => `toast.${o}`)]
  const present = [...now.options, ...now.toastOptions.map((o) => `toast.${o}`)]
  const missing = wanted.filter((o) => !present.includes(o))
  // A partitioned table has no pages of its own.
  if (missing.length > 0 && now.kind !== 'p') out.push(`${alter} set (${missing.map(optionWord).join(', ')})`)
  return out
}

/** An option as the catalog holds it, `name=value`, as a statement takes it. */
export function optionWord(option: string): string {
  const at = option.indexOf('=')
  const value = option.slice(at + 1)
  return `${option.slice(0, at)}='${value.replaceAll("'", "''")}'`
}

function columnTargets(old: RelationFacts, now: RelationFacts): readonly string[] {
  return now.columns.flatMap((column) => {
    const before = old.columns.find((c) => c.name === column.name)
    if (before === undefined || before.statistics === column.statistics) return []
    const name = quoteIdentifier(column.name)
    return [`alter materialized view ${qualified(now)} alter column ${name} set statistics ${before.statistics ?? -1}`]
  })
}

function declaredStatements(
  old: RelationFacts | null,
  now: RelationFacts,
  declared: readonly DeclaredIndex[],
): readonly string[] {
  return declared
    .filter(({ name }) => !isAdministrators(old, name))
    .flatMap((index) => {
      const name = temporaryName(now.name, index.name)
      if (now.indexes.some((i) => i.name === name)) return []
      const marked = `index ${quoteIdentifier(now.schema)}.${quoteIdentifier(name)}`
      return [createDeclared(index, name, qualified(now)), commentOn(marked, index.mark)]
    })
}

/** An administrator's index under the name of a declared one is left as it is. */
export function isAdministrators(old: RelationFacts | null, name: string): boolean {
  return old?.indexes.some((index) => index.name === name && !isOurs(index)) === true
}

/** Indexes that are not of a declaration, and that can be made again. */
export function copiedIndexes(old: RelationFacts, now: RelationFacts): readonly IndexFacts[] {
  if (old.kind === 'v') return []
  return old.indexes.filter(
    (index) => index.valid && !isOurs(index) && !isOfExclusion(index, old) && hasAll(index, now),
  )
}

function isOfExclusion({ constraint }: IndexFacts, { constraints }: RelationFacts): boolean {
  const owner = constraints.find((c) => c.name === constraint && c.kind !== 'n')
  return owner !== undefined && (owner.kind === 'x' || owner.temporal)
}

function hasAll({ columns }: { readonly columns: readonly string[] }, now: RelationFacts): boolean {
  return columns.every((name) => now.columns.some((c) => c.name === name) || name === '')
}

function indexStatements(index: IndexFacts, old: RelationFacts, now: RelationFacts): readonly string[] {
  const name = temporaryName(now.name, index.name)
  if (now.indexes.some((i) => i.name === name)) return []
  const { definition, head, unique, tablespace, comment, statistics } = index
  if (!definition.startsWith(head)) throw new InternalError(`index ${index.name} is defined in an unknown form`)
  const made = `${quoteIdentifier(now.schema)}.${quoteIdentifier(name)}`
  const tail = definition.slice(head.length)
  const out = [`create ${unique ? 'unique ' : ''}index ${quoteIdentifier(name)} on ${qualified(now)} ${tail}`]
  if (tablespace !== null) out.push(`alter index ${made} set tablespace ${quoteIdentifier(tablespace)}`)
  if (comment !== null) out.push(commentOn(`index ${made}`, comment))
  for (const { position, target } of statistics)
    out.push(`alter index ${made} alter column ${position} set statistics ${target}`)
  const constraint = old.constraints.find((c) => c.name === index.constraint && c.kind !== 'n')
  if (constraint !== undefined) {
    const kind = constraint.kind === 'p' ? 'primary key' : 'unique'
    const rest = `${kind} using index ${quoteIdentifier(name)}${deferral(constraint)}`
    out.push(`alter table ${qualified(now)} add constraint ${quoteIdentifier(name)} ${rest}`)
    out.push(...constraintComment(constraint, name, now))
  }
  return out
}

function deferral({ deferrable, deferred }: ConstraintFacts): string {
  return `${deferrable ? ' deferrable' : ''}${deferred ? ' initially deferred' : ''}`
}

function constraintsOf(kinds: string, old: RelationFacts, now: RelationFacts): readonly string[] {
  return old.constraints.filter((c) => kinds.includes(c.kind)).flatMap((c) => constraintStatements(c, old, now))
}

function constraintStatements(constraint: ConstraintFacts, old: RelationFacts, now: RelationFacts): readonly string[] {
  const { kind, temporal, definition } = constraint
  if ((kind === 'p' || kind === 'u') && !temporal) return []
  if (!hasAll(constraint, { ...now, columns: [...now.columns, ...old.columns.filter((c) => c.generated !== '')] }))
    return []
  const indexed = kind === 'x' || temporal
  const name = indexed ? temporaryName(now.name, constraint.name) : constraint.name
  if (now.constraints.some((c) => c.name === name)) return []
  if (kind === 'n' && now.columns.find((c) => c.name === constraint.columns[0])?.notNull === true) return []
  const text = constraint.referencesItself
    ? definition.replace(`REFERENCES ${old.fullName}(`, () => `REFERENCES ${now.fullName}(`)
    : definition
  const add = `alter table ${qualified(now)} add constraint ${quoteIdentifier(name)} ${text}`
  return [add, ...constraintComment(constraint, name, now)]
}

function constraintComment({ comment }: ConstraintFacts, name: string, now: RelationFacts): readonly string[] {
  return comment === null ? [] : [commentOn(`constraint ${quoteIdentifier(name)} on ${qualified(now)}`, comment)]
}

function statisticsStatements(fact: StatisticsFact, old: RelationFacts, now: RelationFacts): readonly string[] {
  const name = temporaryName(now.name, fact.name)
  if (now.statistics.some((s) => s.name === name)) return []
  const made = `${quoteIdentifier(now.schema)}.${quoteIdentifier(name)}`
  const head = /^CREATE STATISTICS (?:"(?:[^"]|"")*"|[^\s."]+)\.(?:"(?:[^"]|"")*"|[^\s"]+) /.exec(fact.definition)?.[0]
  const tail = ` FROM ${old.fullName}`
  if (head === undefined || !fact.definition.endsWith(tail))
    throw new InternalError(`statistics ${fact.name} are defined in an unknown form`)
  const body = fact.definition.slice(head.length, -tail.length)
  const out = [`create statistics ${made} ${body} from ${qualified(now)}`]
  // Statistics do not change hands with their table.
  out.push(`alter statistics ${made} owner to ${quoteIdentifier(fact.owner)}`)
  if (fact.target !== null) out.push(`alter statistics ${made} set statistics ${fact.target}`)
  if (fact.comment !== null) out.push(commentOn(`statistics ${made}`, fact.comment))
  return out
}

/** What is said of indexes once they stand. */
function marks(old: RelationFacts, now: RelationFacts): readonly string[] {
  const name = qualified(now)
  const out: string[] = []
  const clustered = copiedIndexes(old, now).find((i) => i.clustered)
  if (clustered !== undefined && !now.indexes.some((i) => i.clustered)) {
    const index = quoteIdentifier(temporaryName(now.name, clustered.name))
    out.push(`alter ${kindWord(now.kind)} ${name} cluster on ${index}`)
  }
  if (now.kind === 'm' || old.replicaIdentity === now.replicaIdentity) return out
  if (old.replicaIdentity !== 'i')
    out.push(`alter table ${name} replica identity ${{ n: 'nothing', f: 'full', d: 'default' }[old.replicaIdentity]}`)
  else if (old.replicaIndex !== null) {
    const index = quoteIdentifier(temporaryName(now.name, old.replicaIndex))
    out.push(`alter table ${name} replica identity using index ${index}`)
  }
  return out
}
