import { describe, expect, it } from 'vitest'
import { duckDbDialect } from '../adapters/duckdb/duckdb-dialect.ts'
import { expandIncrement } from './expand-increment.ts'
import type { Increment } from './step.ts'

const relation = (identifier: string) => ({ database: 'd', schema: 's', identifier })
const base: Increment = {
  target: relation('t'),
  staged: relation('n'),
  strategy: 'merge',
  uniqueKey: ['id'],
  predicates: [],
  updateColumns: null,
  excludeColumns: null,
  onSchemaChange: 'ignore',
}
const columns = (...names: string[]) => names.map((name) => ({ name, type: 'INTEGER' }))
const expand = (more: Partial<Increment>, capabilities = { merge: true }) =>
  expandIncrement(
    { ...base, ...more },
    { target: columns('id', 'a'), staged: columns('a', 'id') },
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

  it('says when the engine has no merge', () => {
    expect(expand({}, { merge: false }).diagnostics.map((d) => d.code)).toEqual(['run/merge-unsupported'])
    expect(expand({ strategy: 'delete+insert' }, { merge: false }).diagnostics).toEqual([])
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
