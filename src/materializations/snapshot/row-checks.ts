import type { Dialect } from '../../adapters/dialect.ts'
import type { Diagnostic } from '../../base/diagnostic.ts'
import type { NodeRelation } from '../../project/resource.ts'
import type { Changes } from './applied-changes.ts'
import { duplicateVersions, noUpdateTime, severalCurrent } from './errors.ts'
import type { ResolvedSnapshot } from './snapshot-spec.ts'
import { CONTROL } from './staged-changes.ts'

/** A query that must give no rows; if it does, they are shown under the diagnostic. */
export interface RowCheck {
  readonly sql: string
  readonly diagnostic: Diagnostic
}

const shown = 3

/** Of the table of a history that begins. */
export function firstChecks(snapshot: ResolvedSnapshot, table: NodeRelation, dialect: Dialect): readonly RowCheck[] {
  const { spec, updatedAt } = snapshot
  const names = keyNames(snapshot, dialect)
  const at = dialect.identifier(spec.meta.dbt_updated_at)
  const times = spec.strategy === 'timestamp' ? [...names, at] : names
  const listed = times.join(', ')
  const doubles = `select ${listed}, count(*) as "rows" from ${dialect.relation(table)}
group by ${listed} having count(*) > 1 order by ${listed} limit ${shown}`
  return [
    ...(updatedAt === null ? [] : [missingTime(snapshot, `${dialect.relation(table)} where ${at} is null`, dialect)]),
    { sql: doubles, diagnostic: duplicates(snapshot) },
  ]
}

/** Of the staged changes of a history that stands. */
export function stagedChecks({ snapshot, staged }: Changes, dialect: Dialect): readonly RowCheck[] {
  const { spec, updatedAt, key } = snapshot
  const names = keyNames(snapshot, dialect)
  const id = (name: string): string => dialect.identifier(name)
  const table = dialect.relation(staged)
  const time = updatedAt === null || spec.strategy === 'check' ? [] : [id(updatedAt.name)]
  const listed = [...names, ...time].join(', ')
  const twice = `select distinct ${listed} from ${table} where ${id(CONTROL.twice)} order by ${listed} limit ${shown}`
  const current = `select ${names.join(', ')}, count(distinct ${id(CONTROL.open)}) as "current versions" from ${table}
where ${id(CONTROL.found)} group by ${names.join(', ')}, ${id(CONTROL.at)}
having count(distinct ${id(CONTROL.open)}) > 1 order by ${names.join(', ')} limit ${shown}`
  const untimed = `${table} where ${id(CONTROL.found)} and ${id(CONTROL.at)} is null`
  return [
    ...(updatedAt === null ? [] : [missingTime(snapshot, untimed, dialect)]),
    { sql: twice, diagnostic: duplicates(snapshot) },
    {
      sql: current,
      diagnostic: severalCurrent({ table: dialect.relation(spec.target), key: key.map((k) => k.name) }),
    },
  ]
}

function keyNames({ key }: ResolvedSnapshot, dialect: Dialect): readonly string[] {
  return key.map(({ name }) => dialect.identifier(name))
}

function missingTime(snapshot: ResolvedSnapshot, from: string, dialect: Dialect): RowCheck {
  const names = keyNames(snapshot, dialect).join(', ')
  return {
    sql: `select ${names} from ${from} order by ${names} limit ${shown}`,
    diagnostic: noUpdateTime({ column: snapshot.updatedAt!.name }),
  }
}

function duplicates({ spec, key, updatedAt }: ResolvedSnapshot): Diagnostic {
  const time = spec.strategy === 'timestamp' ? (updatedAt?.name ?? null) : null
  return duplicateVersions({ key: key.map((k) => k.name), updatedAt: time })
}
