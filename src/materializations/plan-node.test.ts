import { describe, expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import { duckDbDialect } from '../adapters/duckdb/duckdb-dialect.ts'
import { postgresDialect } from '../adapters/postgres/postgres-dialect.ts'
import { DEFAULT_CONFIG } from '../config/merge-config.ts'
import type { NodeConfig } from '../config/node-config.ts'
import type { RelationKind } from '../sql/relation.ts'
import type { PlanContext } from './plan-input.ts'
import { planNode } from './plan-node.ts'
import type { NodePlan, Step } from './step.ts'

const context: PlanContext = {
  mode: 'transaction',
  dialect: duckDbDialect,
  capabilities: { transactionalDdl: true, replaceTable: true, merge: true },
  suffix: '0a1b2c3d',
  fullRefresh: false,
  load: { projectRoot: '/project', runId: '0a1b2c3d', loadedAt: '2026-01-01T00:00:00.000Z' },
  renamings: [{ from: 'base__tsdbt_0a1b2c3d', to: 'base' }],
  stageOutside: true,
  audited: true,
  publishFirst: false,
  readsStaged: false,
  rebuilt: [],
  partialInput: false,
  relationOf: () => undefined,
}
const hook = (text: string, transaction: boolean) => ({ sql: { text, segments: [] }, transaction })

function plan(
  config: Partial<NodeConfig>,
  existing: RelationKind | null,
  more: Partial<PlanContext> = {},
  hooks: { pre?: ReturnType<typeof hook>[]; post?: ReturnType<typeof hook>[] } = {},
): NodePlan {
  const node = {
    ...new HandBuiltProject().model('t').build().models[0]!,
    config: { ...DEFAULT_CONFIG.model, ...config },
  }
  const compiled = {
    uniqueId: node.uniqueId,
    sql: { text: 'select * from "dev"."main"."base__tsdbt_0a1b2c3d"', segments: [] },
    extraCtes: [],
    preHooks: hooks.pre ?? [],
    postHooks: hooks.post ?? [],
    sqlHeader: null,
  }
  return planNode({ node, compiled, existing }, { ...context, ...more })
}

const labels = (steps: readonly Step[]) => steps.map((s) => s.label)
const shape = (p: NodePlan) => [labels(p.build), labels(p.publish), labels(p.cleanup)]
const noReplace = { capabilities: { transactionalDdl: true } }

describe('tables', () => {
  it('are replaced in one statement where the engine can', () => {
    expect(shape(plan({ materialized: 'table' }, 'table'))).toEqual([[], ['create table'], []])
    expect(shape(plan({ materialized: 'table' }, 'view'))).toEqual([[], ['drop view', 'create table'], []])
  })

  it('are swapped in by name elsewhere', () => {
    expect(shape(plan({ materialized: 'table' }, 'table', noReplace))).toEqual([
      [],
      ['create table', 'drop table', 'rename'],
      [],
    ])
  })

  it('are built beside their target when staged', () => {
    const staged = plan({ materialized: 'table' }, 'table', { mode: 'staged' })
    expect(shape(staged)).toEqual([['create table'], ['drop table', 'rename'], ['drop table']])
    expect(staged.staged?.identifier).toBe('t__tsdbt_0a1b2c3d')
  })
})

describe('views', () => {
  it('are staged over staged relations and published over published ones', () => {
    const staged = plan({ materialized: 'view' }, 'table', { mode: 'staged' })
    expect(shape(staged)).toEqual([['create view'], ['drop view', 'drop table', 'create view'], ['drop view']])
    const texts = [...staged.build, ...staged.publish].map((s) => (s.kind === 'statement' ? s.sql.text : ''))
    expect(texts[0]).toContain('base__tsdbt_0a1b2c3d')
    expect(texts.at(-1)).not.toContain('__tsdbt_')
  })
})

describe('incremental models', () => {
  const incremental = { materialized: 'incremental', unique_key: 'id' }

  it('are tables when there is none, a view, or a full refresh', () => {
    for (const [existing, more] of [
      [null, {}],
      ['view', {}],
      ['table', { fullRefresh: true }],
    ] as const) {
      const p = plan(incremental, existing, more)
      expect([p.inPlace, labels(p.publish).at(-1)]).toEqual([false, 'create table'])
    }
  })

  it('stage their rows outside the transaction, but for what it makes and for hooks', () => {
    expect(shape(plan(incremental, 'table'))).toEqual([['stage rows'], ['apply rows', 'drop table'], ['drop table']])
    const inside = [[], ['stage rows', 'apply rows', 'drop table'], []]
    expect(shape(plan(incremental, 'table', { stageOutside: false }))).toEqual(inside)
    const hooked = plan(incremental, 'table', {}, { pre: [hook('set x = 1', true)] })
    expect(labels(hooked.publish)).toEqual(['pre-hook', 'stage rows', 'apply rows', 'drop table'])
  })

  it('append without a key, whatever the strategy', () => {
    const strategyOf = (config: Partial<NodeConfig>) => {
      const step = plan({ materialized: 'incremental', ...config }, 'table').publish[0]!
      return step.kind === 'apply-increment' ? step.increment.strategy : null
    }
    expect(strategyOf({ incremental_strategy: 'merge' })).toBe('append')
    expect(strategyOf({ incremental_strategy: 'merge', unique_key: [] })).toBe('append')
    expect(strategyOf({ incremental_strategy: 'merge', unique_key: 'id' })).toBe('merge')
    expect(strategyOf({ unique_key: 'id' })).toBe('delete+insert')
    expect(strategyOf({})).toBe('append')
  })
})

describe('hooks', () => {
  it('stand around the node in dbt’s order', () => {
    const p = plan(
      { materialized: 'table' },
      null,
      {},
      {
        pre: [hook('1', false), hook('2', true)],
        post: [hook('3', true), hook('4', false)],
      },
    )
    const texts = (steps: readonly Step[]) =>
      steps.map((s) => (s.label.endsWith('hook') && s.kind === 'statement' ? s.sql.text : s.label))
    expect([texts(p.build), texts(p.publish), texts(p.after)]).toEqual([['1'], ['2', 'create table', '3'], ['4']])
  })
})

describe('what a configuration asks for besides rows', () => {
  const guarded: Partial<PlanContext> = {
    dialect: postgresDialect,
    capabilities: { guardedReplace: true, tableStorage: true, materializedViews: true, grants: true },
  }
  const phases = (p: NodePlan) => [p.build, p.publish, p.clear, p.finish, p.cleanup].map(labels)
  const of = (config: Partial<NodeConfig>, existing: RelationKind | null, more: Partial<PlanContext> = {}) =>
    phases(plan(config, existing, { ...guarded, renamings: [], ...more }))
  const partition_by = { column: 'day', type: 'range', granularity: 'day' } as const
  const indexes = [{ columns: ['id'] }]

  it('costs a plain new table nothing', () => {
    expect(of({ materialized: 'table', unlogged: true }, null)).toEqual([[], ['create table'], [], [], []])
    expect(of({ materialized: 'materialized_view' }, null)).toEqual([[], ['create materialized view'], [], [], []])
  })

  it('comes last, behind the hooks and in the transaction', () => {
    const config = { materialized: 'table', grants: { select: ['a'] } }
    const p = plan(config, 'table', guarded, { post: [hook('x', true)] })
    expect(labels(p.finish)).toEqual(['replace', 'post-hook', 'grants'])
    expect(labels(plan(config, null, guarded).publish)).toEqual(['create table', 'grants'])
    expect(labels(plan(config, null).publish)).toEqual(['create table'])
  })

  it('makes partitions out of loose rows, and names them when the old table is gone', () => {
    const made = ['create table', 'fill the partitions', 'drop table', 'prepare the new table']
    expect(of({ materialized: 'table', partition_by }, null)).toEqual([
      made,
      [],
      [],
      ['rename', 'name the partitions'],
      ['drop table', 'drop table'],
    ])
    expect(of({ materialized: 'table', partition_by }, null, { stageOutside: false }).slice(0, 2)).toEqual([[], made])
    expect(of({ materialized: 'table', partition_by }, 'table', { mode: 'staged' }).slice(2)).toEqual([
      [],
      ['make missing partitions if it is in place', 'replace', 'name the partitions'],
      ['drop table', 'drop table'],
    ])
  })

  it('is made before new rows enter a table, outside the transaction where that can be', () => {
    const config = { materialized: 'incremental', partition_by, indexes }
    const made = ['stage rows', 'make missing partitions', 'make missing indexes']
    expect(of(config, 'table').slice(0, 2)).toEqual([made, ['apply rows', 'drop table']])
    expect(of(config, 'table', { stageOutside: false }).slice(0, 2)).toEqual([
      [],
      [...made, 'apply rows', 'drop table'],
    ])
    const added = of({ ...config, on_schema_change: 'append_new_columns' }, 'table')
    expect(added[1]).toEqual(['apply rows', 'make missing indexes', 'drop table'])
  })

  it('fills a materialized view again behind the tables of its unit', () => {
    const config = { materialized: 'materialized_view' }
    const renamings = [{ from: 'base__tsdbt_0a1b2c3d', to: 'base' }]
    expect(of(config, 'materialized_view')).toEqual([
      [],
      ['refresh materialized view'],
      [],
      ['replace if it was made anew'],
      [],
    ])
    expect(of(config, 'materialized_view', { renamings, readsStaged: true })).toEqual([
      [],
      ['refresh materialized view'],
      ['drop materialized view'],
      ['refresh materialized view', 'replace if it was made anew'],
      [],
    ])
    const first = of(config, null, { renamings, readsStaged: true, mode: 'staged' })
    expect(first.slice(0, 4)).toEqual([
      ['create materialized view'],
      [],
      ['drop materialized view'],
      ['create materialized view', 'prepare the new materialized view', 'rename'],
    ])
  })
})
