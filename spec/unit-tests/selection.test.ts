import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/commands/engine.ts'
import { schemaFaults } from '../artifacts/dbt-schema.ts'
import { engines, type SpecDatabase } from '../engines.ts'
import { statuses, UnitTested } from './shop.ts'

const given = "given: [{input: ref('stg_orders'), rows: [{id: 1, amount: 2}]}]"
const yaml = `unit_tests:
  - name: good
    description: what it is for
    model: orders
    ${given}
    expect: {rows: [{id: 1, amount: 8}]}
    config: {tags: [fast], meta: {owner: ann}}
  - name: bad
    model: orders
    ${given}
    overrides: {vars: {rate: 1}, env_vars: {REGION: eu}, macros: {doubled: amount}}
    expect: {rows: [{id: 1, amount: 3}], tolerance: 0.1}
  - {name: off, model: orders, given: [], expect: {rows: []}, config: {enabled: false}}
  - name: after
    model: merged
    given:
      - {input: ref('stg_orders'), format: csv, rows: "id\\n1\\n"}
      - {input: this, fixture: nothing}
    expect: {table_after: []}
models:
  - {name: orders, columns: [{name: id, tests: [not_null]}]}
`
const files = {
  'project.yml':
    'name: shop\nprofile: shop\nvars: {rate: 2}\nunit_tests: {shop: {+tags: [unit], merged: {+tags: [slow]}}}\n',
  'tests/fixtures/nothing.csv': 'id,amount,ordered_at\n',
}

describe.each(engines)('on $name', (engine) => {
  let database: SpecDatabase
  let shop: UnitTested
  let open: Engine
  beforeAll(async () => {
    database = await engine.create()
    shop = new UnitTested(database.target, yaml, files)
    open = await shop.open()
  })
  afterAll(async () => {
    shop.remove()
    await database.drop()
  })
  const listed = async (options: Parameters<Engine['ls']>[0]) =>
    (await open.ls(options)).nodes.map((n) => n.selector).sort()

  it('are found by name, type, tag, folder and model', async () => {
    const all = ['shop.merged.after', 'shop.orders.bad', 'shop.orders.good']
    expect(await listed({ select: ['test_type:unit'] })).toEqual(all)
    expect(await listed({ select: ['resource_type:unit_test'] })).toEqual(all)
    expect(await listed({ resourceTypes: ['unit_test'] })).toEqual(all)
    expect(await listed({ select: ['unit_test:g*'] })).toEqual(['shop.orders.good'])
    expect(await listed({ select: ['unit_test:shop.bad'] })).toEqual(['shop.orders.bad'])
    expect(await listed({ select: ['good'] })).toEqual(['shop.orders.good'])
    expect(await listed({ select: ['tag:unit'] })).toEqual(all)
    expect(await listed({ select: ['tag:slow'] })).toEqual(['shop.merged.after'])
    expect(await listed({ select: ['tag:fast,test_type:unit'] })).toEqual(['shop.orders.good'])
    expect(await listed({ select: ['config.meta.owner:ann'] })).toEqual(['shop.orders.good'])
    expect(await listed({ select: ['orders'], excludeResourceTypes: ['unit_test', 'test'] })).toEqual(['shop.orders'])
  })

  it.each(['eager', 'cautious', 'buildable'] as const)('come along with their model: %s', async (indirect) => {
    const found = await listed({ select: ['orders'], indirectSelection: indirect })
    expect(found).toContain('shop.orders.good')
    expect(found).not.toContain('shop.merged.after')
  })

  it('stay away with `--indirect-selection empty`', async () => {
    expect(await listed({ select: ['stg_orders'], indirectSelection: 'empty' })).toEqual(['shop.stg_orders'])
  })

  it('are compiled when they are asked for', async () => {
    const { nodes, exitCode } = await open.compile({ select: ['after'] })
    expect(exitCode).toBe(0)
    expect(nodes).toHaveLength(1)
    expect(nodes[0]!.sql).toContain('__tsdbt__given__stg_orders')
    const file = join(shop.project.root, 'target/compiled/shop/models/unit.yml/merged.after.sql')
    expect(readFileSync(file, 'utf8')).toBe(nodes[0]!.sql)
    expect((await open.compile({})).nodes.map((n) => n.name)).not.toContain('after')
  })

  it('stand in the artifacts as dbt writes them', async () => {
    const report = await open.test()
    expect(statuses(report)).toEqual({ good: 'pass', bad: 'fail', after: 'pass', '84ef11d8fe': 'error' })
    const read = (name: string) => JSON.parse(readFileSync(join(shop.project.root, 'target', name), 'utf8'))
    const manifest = read('manifest.json')
    expect(schemaFaults('manifest', manifest)).toEqual([])
    const bad = manifest.unit_tests['unit_test.shop.orders.bad']
    expect(bad).toMatchObject({
      model: 'orders',
      given: [{ input: "ref('stg_orders')", rows: [{ id: 1, amount: 2 }], format: 'dict', fixture: null }],
      expect: { rows: [{ id: 1, amount: 3 }], format: 'dict', fixture: null },
      overrides: { vars: { rate: 1 }, env_vars: { REGION: 'eu' }, macros: { doubled: 'amount' } },
      depends_on: { macros: [], nodes: ['model.shop.orders'] },
      config: { tags: ['unit'], meta: { tsdbt: { tolerance: 0.1 } }, enabled: true },
      original_file_path: 'models/unit.yml',
      fqn: ['shop', 'orders', 'bad'],
    })
    expect(manifest.unit_tests['unit_test.shop.merged.after'].given[1]).toEqual({
      input: 'this',
      rows: null,
      format: 'csv',
      fixture: 'nothing',
    })
    expect(manifest.disabled['unit_test.shop.orders.off']).toHaveLength(1)
    expect(manifest.parent_map['unit_test.shop.orders.bad']).toEqual(['model.shop.orders'])
    expect(manifest.child_map['model.shop.orders']).toContain('unit_test.shop.orders.bad')
    expect(manifest.child_map['unit_test.shop.orders.bad']).toEqual([])
    const results = read('run_results.json')
    expect(schemaFaults('run-results', results)).toEqual([])
    const result = results.results.find((r: { unique_id: string }) => r.unique_id === 'unit_test.shop.orders.bad')
    expect(result).toMatchObject({ status: 'fail', failures: 1, relation_name: null, compiled: true })
    expect(result.message).toBe('1 row differs\n\n|         | id | amount |\n| differs | 1  | 3 → 2  |')
  })

  it('stop the run at the first failure when that is wanted', async () => {
    const report = await open.test({ select: ['orders', 'merged'], failFast: true })
    expect(Object.values(statuses(report)).filter((s) => s === 'skipped').length).toBeGreaterThan(0)
  })
})
