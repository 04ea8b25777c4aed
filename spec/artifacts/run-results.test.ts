import { describe, expect, it } from 'vitest'
import { buildRunResults, type RunResultsInput, runResultsText } from '../../src/artifacts/run-results.ts'
import { buildGraph } from '../../src/graph/build-graph.ts'
import type { NodeResult } from '../../src/runner/node-result.ts'
import { schemaFaults } from './dbt-schema.ts'
import { HandBuiltProject } from './hand-built-project.ts'

interface Built {
  readonly results: readonly {
    readonly unique_id: string
    readonly timing: readonly unknown[]
    readonly relation_name: unknown
  }[]
  readonly args: unknown
  readonly elapsed_time: unknown
}

const at = (second: number) => `2024-05-01T10:00:0${second}.000Z`

function result(uniqueId: string, more: Partial<NodeResult> = {}): NodeResult {
  return {
    uniqueId,
    status: 'success',
    message: 'OK',
    failures: null,
    executionTime: 1.5,
    threadId: 'Thread-1',
    timing: [
      { name: 'compile', startedAt: at(0), completedAt: at(1) },
      { name: 'execute', startedAt: at(1), completedAt: at(2) },
    ],
    adapterResponse: { rows_affected: 3 },
    compiledSql: 'select 1',
    diagnostics: [],
    batchResults: null,
    because: null,
    ...more,
  }
}

function input(): RunResultsInput {
  const project = new HandBuiltProject()
    .table('t')
    .ephemeral('e')
    .seed('s')
    .test('unique', ['t'], { column: 'id' })
    .table('below', ['t'])
  const { graph } = buildGraph(project.build())
  const test = project.id('unique_t_id')
  return {
    graph,
    outcome: {
      startedAt: at(0),
      elapsed: 2.25,
      cancelled: false,
      results: [
        result('model.shop.t'),
        result('model.shop.e', { status: 'no-op', timing: [], compiledSql: null }),
        result('seed.shop.s', {
          timing: [{ name: 'execute', startedAt: at(1), completedAt: at(2) }],
          compiledSql: null,
        }),
        result(test, {
          status: 'fail',
          failures: 2,
          message: 'Got 2 results',
          timing: [{ name: 'compile', startedAt: at(0), completedAt: at(1) }],
        }),
        result('model.shop.below', { status: 'skipped', timing: [], compiledSql: null, because: 'model.shop.t' }),
      ],
    },
    arguments: {
      which: 'build',
      invocation_command: 'tsdbt build',
      profiles_dir: '/project',
      project_dir: '/project',
      profile: 'shop',
      target: 'dev',
      threads: 4,
      vars: { as_of: '2024-01-01', api_token: 'hunter2', nested: { password: 'x' } },
      select: ['+t'],
      exclude: [],
      selector: null,
    },
    invocation: { id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', startedAt: at(0), generatedAt: at(3) },
    relationName: (r) => `"${r.schema}"."${r.identifier}"`,
  }
}

describe('run results', () => {
  const built = () => buildRunResults(input()) as unknown as Built
  const of = (id: string) => built().results.find((r) => r.unique_id === id)!

  it('are valid against the schema', () => expect(schemaFaults('run-results', built())).toEqual([]))

  it('have the same text piece by piece', () => {
    expect(JSON.parse([...runResultsText(input())].join(''))).toEqual(JSON.parse(JSON.stringify(built())))
  })

  it('have both timings as soon as a node was worked on', () => {
    expect(of('seed.shop.s').timing).toEqual([
      { name: 'compile', started_at: at(1), completed_at: at(1) },
      { name: 'execute', started_at: at(1), completed_at: at(2) },
    ])
    expect(built().results[3]!.timing[1]).toEqual({ name: 'execute', started_at: at(1), completed_at: at(1) })
    expect(of('model.shop.below').timing).toEqual([])
  })

  it('name relation and compiled code where dbt has them', () => {
    expect(of('model.shop.t')).toMatchObject({
      relation_name: '"main"."t"',
      compiled: true,
      compiled_code: 'select 1',
      adapter_response: { rows_affected: 3 },
    })
    expect(of('model.shop.e').relation_name).toBeNull()
    expect(of('seed.shop.s')).toMatchObject({ compiled: null, compiled_code: null, relation_name: '"main"."s"' })
    expect(built().results[3]!).toMatchObject({ status: 'fail', failures: 2, relation_name: null })
    expect(of('model.shop.below')).toMatchObject({ status: 'skipped', compiled: false })
  })

  it('name the relation of stored failures, and have null where nothing is to say', () => {
    const whole = input()
    const id = [...whole.graph.nodes.keys()].find((key) => key.startsWith('test.'))!
    const outcome = { ...whole.outcome, results: [result(id, { status: 'pass', message: '' })] }
    const built = (store_failures: boolean) =>
      buildRunResults({ ...whole, outcome, arguments: { ...whole.arguments, store_failures } })['results']
    expect(built(false)).toMatchObject([{ relation_name: null, message: null }])
    expect(built(true)).toMatchObject([{ relation_name: expect.stringContaining('unique_t_id') }])
  })

  it('say what was called, without credentials', () => {
    expect(built().args).toMatchObject({
      which: 'build',
      profiles_dir: '/project',
      vars: { as_of: '2024-01-01', api_token: '*****', nested: { password: '*****' } },
    })
    expect(built().elapsed_time).toBe(2.25)
  })
})
