import { describe, expect, it } from 'vitest'
import type { Event, NodeInfo } from '../../base/events.ts'
import { jsonLine } from './log-line.ts'
import { Narrator } from './narrator.ts'

const at = '2026-01-02T03:04:05.678Z'
const model: NodeInfo = {
  uniqueId: 'model.shop.orders',
  name: 'orders',
  resourceType: 'model',
  materialized: 'table',
  path: 'models/orders.sql',
  relation: 'main.orders',
}
const test: NodeInfo = {
  ...model,
  uniqueId: 'test.shop.unique_orders_id.1',
  name: 'unique_orders_id',
  resourceType: 'test',
  materialized: 'test',
  relation: null,
}

function finished(
  node: NodeInfo,
  status: Extract<Event, { type: 'node.finished' }>['status'],
  extra: object = {},
): Event {
  return {
    type: 'node.finished',
    node,
    index: 3,
    total: 12,
    status,
    message: '',
    failures: null,
    seconds: 0.5,
    startedAt: at,
    finishedAt: at,
    diagnostics: [],
    ...extra,
  }
}

function said(event: Event) {
  return new Narrator(60).describe(event)
}

describe('Narrator', () => {
  it('announces a node in dbt’s form', () => {
    const [line, start] = said({ type: 'node.started', node: model, index: 3, total: 12, at })
    expect(line).toMatchObject({
      name: 'LogStartLine',
      msg: '3 of 12 START sql table model main.orders .................. [RUN]',
    })
    expect(start).toMatchObject({ name: 'NodeStart', always: true })
  })

  it.each([
    [
      finished(model, 'success', { message: 'OK' }),
      'LogModelResult',
      'info',
      /^3 of 12 OK created sql table model main\.orders \.+ \[OK in 0\.50s\]$/,
    ],
    [
      finished(model, 'error'),
      'LogModelResult',
      'error',
      /ERROR creating sql table model main\.orders \.+ \[ERROR in 0\.50s\]$/,
    ],
    [
      finished(model, 'skipped', { because: 'model.shop.a' }),
      'SkippingDetails',
      'info',
      /SKIP relation main\.orders \.+ \[SKIP\]$/,
    ],
    [finished(model, 'skipped'), 'LogNodeResult', 'info', /\[SKIP\]$/],
    [finished(test, 'pass'), 'LogTestResult', 'info', /PASS unique_orders_id \.+ \[PASS in 0\.50s\]$/],
    [
      finished(test, 'fail', { failures: 3 }),
      'LogTestResult',
      'error',
      /FAIL 3 unique_orders_id \.+ \[FAIL 3 in 0\.50s\]$/,
    ],
    [
      finished(test, 'warn', { failures: 2 }),
      'LogTestResult',
      'warn',
      /WARN 2 unique_orders_id \.+ \[WARN 2 in 0\.50s\]$/,
    ],
    [
      finished({ ...model, resourceType: 'seed' }, 'success', { message: 'INSERT 6' }),
      'LogSeedResult',
      'info',
      /OK loaded seed file main\.orders \.+ \[INSERT 6 in 0\.50s\]$/,
    ],
  ])('says how a node ended: %#', (event, name, level, msg) => {
    const [result, end] = said(event as Event)
    expect(result).toMatchObject({ name, level })
    expect(result!.msg).toMatch(msg)
    expect(end).toMatchObject({ name: 'NodeFinished' })
  })

  it('gives readers of the JSON log every key of node_info', () => {
    const whole: NodeInfo = {
      ...model,
      localPath: 'orders.sql',
      location: { database: 'shop', schema: 'main', identifier: 'orders', quoted: '"shop"."main"."orders"' },
      meta: { owner: 'core' },
      checksum: 'c3ab',
    }
    const line = jsonLine(said(finished(whole, 'success'))[0]!, 'run-1') as {
      info: Record<string, unknown>
      data: Record<string, unknown>
    }
    expect(Object.keys(line.info).sort()).toEqual([
      'category',
      'code',
      'extra',
      'invocation_id',
      'level',
      'msg',
      'name',
      'pid',
      'thread',
      'ts',
    ])
    expect(line.info['ts']).toBe('2026-01-02T03:04:05.678000Z')
    expect(line.data['node_info']).toEqual({
      materialized: 'table',
      meta: { owner: 'core' },
      node_checksum: 'c3ab',
      node_finished_at: '2026-01-02T03:04:05.678000',
      node_name: 'orders',
      node_path: 'orders.sql',
      node_relation: {
        alias: 'orders',
        database: 'shop',
        relation_name: '"shop"."main"."orders"',
        schema: 'main',
      },
      node_started_at: '2026-01-02T03:04:05.678000',
      node_status: 'success',
      resource_type: 'model',
      unique_id: 'model.shop.orders',
    })
  })

  it('tells of a retry at once and then now and then', () => {
    const narrator = new Narrator(80)
    const retried = (attempt: number) => {
      const reason = 'somebody has it'
      const event = { type: 'node.retried', node: model.uniqueId, name: 'orders', attempt, reason, wait: 0.25 } as const
      return narrator.describe(event).map(({ level, msg }) => `${level} ${msg}`)
    }
    expect(retried(1)).toEqual(['info `orders` is tried again in 0.3 s: somebody has it'])
    expect([2, 4, 5].map((n) => retried(n)[0]!.split(' ')[0])).toEqual(['debug', 'debug', 'info'])
  })

  it('tells the beginning and the end of a hook', () => {
    const node: NodeInfo = { ...model, uniqueId: 'operation.shop.h', resourceType: 'operation', relation: null }
    const hook = { node, name: 'shop.on-run-start.0', index: 1, total: 2 }
    const [start] = said({ type: 'hook.started', ...hook, at })
    expect(start).toMatchObject({ name: 'LogHookStartLine', data: { statement: 'shop.on-run-start.0', index: 1 } })
    expect(start!.msg).toMatch(/^1 of 2 START hook: shop\.on-run-start\.0 \.+ \[RUN\]$/)
    const [end] = said({
      type: 'hook.finished',
      ...hook,
      status: 'error',
      seconds: 0.25,
      startedAt: at,
      finishedAt: at,
    })
    expect(end).toMatchObject({ name: 'LogHookEndLine', level: 'error', data: { status: 'error', total: 2 } })
    expect(end!.data['node_info']).toMatchObject({ unique_id: 'operation.shop.h', node_status: 'error' })
    expect(end!.msg).toMatch(/\[ERROR in 0\.25s\]$/)
  })

  it('counts what was found, in the singular and the plural', () => {
    const event: Event = {
      type: 'project.loaded',
      counts: { models: 2, seeds: 1, analysis: 2, source: 0, 'saved query': 2 },
      seconds: 1,
    }
    expect(said(event)[0]!.msg).toBe('Found 2 models, 1 seed, 2 analyses, 2 saved queries')
  })
})
