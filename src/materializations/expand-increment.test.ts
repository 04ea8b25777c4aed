import { describe, expect, it } from 'vitest'
import { duckDbDialect } from '../adapters/duckdb/duckdb-dialect.ts'
import { expandIncrement, nullKeyQuery } from './expand-increment.ts'
import type { Increment } from './step.ts'

const relation = (identifier: string) => ({ database: 'd', schema: 's', identifier })
const base: Increment = {
  target: relation('t'),
  staged: relation('n'),
  strategy: 'merge',
  uniqueKey: ['id'],
  predicates: [],
  updateColumns: null,
  eventTime: null,
  batchSize: null,
  excludeColumns: null,
  onSchemaChange: 'ignore',
}
const columns = (...names: string[]) => names.map((name) => ({ name, type: 'INTEGER' }))
const expand = (more: Partial<Increment>, capabilities = { merge: true }, nullKeys = true) =>
  expandIncrement(
    { ...base, ...more },
    { target: columns('id', 'a'), staged: columns('a', 'id'), nullKeys },
    { dialect: duckDbDialect, capabilities },
  )

describe('expandIncrement', () => {
  it('writes dbt’s aliases and null-safe keys', () => {
    const { statements, checks } = expand({ predicates: ['DBT_INTERNAL_DEST.a > 1'] })
    expect(statements.map((s) => s.sql)).toEqual([
      `merge into "d"."s"."t" as DBT_INTERNAL_DEST
using "d"."s"."n" as DBT_INTERNAL_SOURCE
on DBT_INTERNAL_DEST."id" is not distinct from DBT_INTERNAL_SOURCE."id"
  and (DBT_INTERNAL_DEST.a > 1)
when matched then update set "a" = DBT_INTERNAL_SOURCE."a"
when not matched then insert ("id", "a")
values (DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."a")`,
    ])
    expect(checks).toHaveLength(1)
  })

  it('inserts only when there is nothing to update', () => {
    expect(expand({ updateColumns: [] }).statements[0]!.sql).not.toContain('when matched then')
  })

  it('matches by plain equality when no key is null, so that engines can hash it', () => {
    const { statements } = expand({}, { merge: true }, false)
    expect(statements[0]!.sql).toContain('on DBT_INTERNAL_DEST."id" = DBT_INTERNAL_SOURCE."id"\n')
    expect(nullKeyQuery({ ...base, uniqueKey: ['id', 'b'] }, duckDbDialect)).toBe(
      'select exists (select 1 from "d"."s"."n" where "id" is null or "b" is null) as null_keys',
    )
    expect(nullKeyQuery({ ...base, uniqueKey: [] }, duckDbDialect)).toBeUndefined()
    expect(nullKeyQuery({ ...base, strategy: 'append' }, duckDbDialect)).toBeUndefined()
  })

  it('updates, then inserts the others where the engine has no merge', () => {
    const { statements, checks, diagnostics } = expand({}, { merge: false }, false)
    expect(diagnostics).toEqual([])
    expect(checks).toHaveLength(1)
    expect(statements.map((s) => s.sql)).toEqual([
      `update "d"."s"."t" as DBT_INTERNAL_DEST set "a" = DBT_INTERNAL_SOURCE."a"
from "d"."s"."n" as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_DEST."id" = DBT_INTERNAL_SOURCE."id"`,
      `insert into "d"."s"."t" ("id", "a")
select DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."a" from "d"."s"."n" as DBT_INTERNAL_SOURCE
where not exists (
  select 1 from "d"."s"."t" as DBT_INTERNAL_DEST
  where DBT_INTERNAL_DEST."id" = DBT_INTERNAL_SOURCE."id"
)`,
    ])
    expect(expand({ updateColumns: [] }, { merge: false }).statements).toHaveLength(1)
  })

  it('reports every wrong name at once', () => {
    const { diagnostics } = expand({ uniqueKey: ['id', 'x'], updateColumns: ['y'], excludeColumns: ['z'] })
    expect(diagnostics.map((d) => d.message)).toEqual([
      '`unique_key` names `x`, which is no column of this model',
      '`merge_update_columns` names `y`, which is no column of this model',
      '`merge_exclude_columns` names `z`, which is no column of this model',
    ])
  })
})
