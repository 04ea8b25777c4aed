import { describe, expect, it } from 'vitest'
import { column, HandBuiltProject } from '../../../spec/artifacts/hand-built-project.ts'
import { buildGraph } from '../build-graph.ts'
import { type SelectionRequest, select } from './select.ts'

/** A little shop: crm.contacts and raw_orders -> stg_* -> fct_orders -> daily; a test that reads two models. */
function shop(): HandBuiltProject {
  const in_ = (folder: string, config = {}) => ({ folder, config, patchPath: `models/${folder}/_models.yml` })
  return new HandBuiltProject()
    .source('crm', 'contacts')
    .source('ads', 'campaign_daily', { loaded: true, config: { tags: ['ads'] } })
    .seed('raw_orders', { config: { materialized: 'seed', tags: ['nightly'] } })
    .model('stg_contacts', ['crm.contacts'], in_('staging', { tags: ['nightly', 'pii'] }))
    .model('stg_orders', ['raw_orders'], in_('staging', { meta: { owner: 'ann', level: 3 } }))
    .model(
      'fct_orders',
      ['stg_orders', 'stg_contacts'],
      in_('warehouse/core', { materialized: 'table', group: 'finance', access: 'public' }),
    )
    .model('daily', ['fct_orders'], in_('analytics', { materialized: 'incremental', full_refresh: false }))
    .model('apart', [], in_('analytics', { materialized: 'table' }))
    .test('unique', ['stg_orders'], { column: 'id' })
    .test('relationships', ['stg_contacts', 'fct_orders'], { column: 'id', config: { severity: 'warn' } })
    .test('not_null', ['crm.contacts'], { column: 'id' })
    .singularTest('no_loss', ['stg_orders', 'fct_orders'])
    .disabledModel('retired')
}

function run(request: SelectionRequest, project: HandBuiltProject = shop()) {
  const built = project.build()
  const { graph } = buildGraph(built)
  const result = select(graph, built, request)
  const ids = [...result.ids].sort((a, b) => graph.rank.get(a)! - graph.rank.get(b)!)
  const names = ids.map((id) => {
    const node = graph.nodes.get(id)!
    return node.resourceType === 'source' ? `${node.sourceName}.${node.name}` : node.name
  })
  const problems = result.diagnostics.map((d) => ({
    code: d.code,
    message: d.message,
    at: d.span === undefined ? undefined : built.files.get(d.span.path)!.text.slice(d.span.start, d.span.end),
    file: d.span?.path,
    hints: d.hints,
    severity: d.severity,
  }))
  return { names, problems }
}

/** Names of models, seeds and sources, sorted; tests are left out. */
function picked(...specs: string[]): string {
  const { names, problems } = run({ select: specs, indirectSelection: 'empty', excludeResourceTypes: ['test'] })
  expect(problems).toEqual([])
  return [...names].sort().join(' ')
}

describe('graph operators', () => {
  it.each([
    ['fct_orders', 'fct_orders'],
    ['+fct_orders', 'crm.contacts fct_orders raw_orders stg_contacts stg_orders'],
    ['1+fct_orders', 'fct_orders stg_contacts stg_orders'],
    ['0+fct_orders', 'fct_orders'],
    ['fct_orders+', 'daily fct_orders'],
    ['raw_orders+1', 'raw_orders stg_orders'],
    ['raw_orders+2', 'fct_orders raw_orders stg_orders'],
    ['1+stg_orders+1', 'fct_orders raw_orders stg_orders'],
    ['@raw_orders', 'crm.contacts daily fct_orders raw_orders stg_contacts stg_orders'],
    ['source:crm+', 'crm.contacts daily fct_orders stg_contacts'],
    ['+tag:pii', 'crm.contacts stg_contacts'],
    ['daily apart', 'apart daily'],
    ['+daily,tag:nightly', 'raw_orders stg_contacts'],
    ['+daily,tag:nightly,resource_type:seed apart', 'apart raw_orders'],
  ])('%s', (spec, names) => expect(picked(spec)).toBe(names))

  it('unites repeated options and blanks', () =>
    expect(picked('daily', 'apart stg_orders')).toBe('apart daily stg_orders'))
})

describe('methods', () => {
  it.each([
    ['fqn:shop.staging', 'stg_contacts stg_orders'],
    ['staging', 'stg_contacts stg_orders'],
    ['warehouse.core', 'fct_orders'],
    ['shop.warehouse.core.fct_orders', 'fct_orders'],
    ['stg_*', 'stg_contacts stg_orders'],
    ['staging.stg_o*', 'stg_orders'],
    ['shop.staging.*', 'stg_contacts stg_orders'],
    ['*_order?', 'fct_orders raw_orders stg_orders'],
    ['[fd]*_orders', 'fct_orders'],
    ['stg_[!c]*', 'stg_orders'],
    ['path:models/staging', 'ads.campaign_daily crm.contacts stg_contacts stg_orders'],
    ['models/staging/stg_orders.sql', 'stg_orders'],
    ['./models/staging/stg_orders.sql', 'stg_orders'],
    ['models/staging/*.sql', 'stg_contacts stg_orders'],
    ['models/**/*orders.sql', 'fct_orders stg_orders'],
    ['models/*', 'ads.campaign_daily apart crm.contacts daily fct_orders stg_contacts stg_orders'],
    ['path:models/staging/_models.yml', 'stg_contacts stg_orders'],
    ['path:/project/models/analytics/', 'apart daily'],
    ['stg_orders.sql', 'stg_orders'],
    ['file:raw_orders', 'raw_orders'],
    ['file:stg_*.sql', 'stg_contacts stg_orders'],
    ['package:this,resource_type:seed', 'raw_orders'],
    ['package:sh*,resource_type:source', 'ads.campaign_daily crm.contacts'],
    ['tag:nightly', 'raw_orders stg_contacts'],
    ['tag:n*', 'raw_orders stg_contacts'],
    ['source:*', 'ads.campaign_daily crm.contacts'],
    ['source:crm', 'crm.contacts'],
    ['source:ads.campaign_*', 'ads.campaign_daily'],
    ['source:shop.ads.campaign_daily', 'ads.campaign_daily'],
    ['resource_type:seed', 'raw_orders'],
    ['config.materialized:incremental', 'daily'],
    ['config.tags:pii', 'stg_contacts'],
    ['config.meta.owner:ann', 'stg_orders'],
    ['config.meta.level:3', 'stg_orders'],
    ['config.meta:owner', 'stg_orders'],
    ['config.full_refresh:False', 'daily'],
    ['access:public', 'fct_orders'],
    ['group:fin*', 'fct_orders'],
    ['version:none,resource_type:model,staging', 'stg_contacts stg_orders'],
  ])('%s', (spec, names) => expect(picked(spec)).toBe(names))

  it.each([
    ['resource_type:test', 'unique_stg_orders_id relationships_fct_orders_id not_null_crm_contacts_id no_loss'],
    ['test_type:generic', 'unique_stg_orders_id relationships_fct_orders_id not_null_crm_contacts_id'],
    ['test_type:singular', 'no_loss'],
    ['test_name:un*', 'unique_stg_orders_id'],
    ['config.severity:WARN', 'relationships_fct_orders_id'],
    ['unique_stg_orders_id', 'unique_stg_orders_id'],
  ])('tests by %s', (spec, names) => expect(run({ select: [spec] }).names.sort()).toEqual(names.split(' ').sort()))
})

describe('exclude and types', () => {
  it('takes away what is excluded, with the tests of it', () => {
    const { names } = run({ select: ['+fct_orders'], exclude: ['stg_orders', 'source:*'] })
    expect(names.sort()).toEqual(['fct_orders', 'raw_orders', 'relationships_fct_orders_id', 'stg_contacts'])
  })

  it('excludes from everything', () => {
    const { names } = run({ exclude: ['resource_type:test', 'path:models'] })
    expect(names).toEqual(['raw_orders'])
  })

  it('keeps the types that are asked for', () => {
    expect(run({ resourceTypes: ['seed', 'source'] }).names.sort()).toEqual([
      'ads.campaign_daily',
      'crm.contacts',
      'raw_orders',
    ])
    expect(run({ select: ['stg_orders'], resourceTypes: ['test'] }).names.sort()).toEqual([
      'no_loss',
      'unique_stg_orders_id',
    ])
    expect(run({ resourceTypes: ['all'] }).names).toHaveLength(12)
  })

  it('selects everything when nothing is said', () => {
    expect(run({}).names).toHaveLength(12)
    expect(run({ select: [] }).problems).toEqual([])
  })
})

describe('indirect selection', () => {
  const tests = (request: SelectionRequest) => run({ ...request, resourceTypes: ['test'] }).names.sort()

  it('eager: any parent', () => {
    expect(tests({ select: ['stg_orders'] })).toEqual(['no_loss', 'unique_stg_orders_id'])
  })

  it('cautious: all parents, looked at again after a union', () => {
    expect(tests({ select: ['stg_orders'], indirectSelection: 'cautious' })).toEqual(['unique_stg_orders_id'])
    expect(tests({ select: ['stg_orders fct_orders'], indirectSelection: 'cautious' })).toEqual([
      'no_loss',
      'unique_stg_orders_id',
    ])
  })

  it('buildable: parents may also be ancestors or sources', () => {
    expect(tests({ select: ['fct_orders'], indirectSelection: 'buildable' })).toEqual([
      'no_loss',
      'relationships_fct_orders_id',
    ])
    expect(tests({ select: ['stg_orders'], indirectSelection: 'buildable' })).toEqual(['unique_stg_orders_id'])
  })

  it('empty: none, unless the graph reaches them', () => {
    expect(tests({ select: ['stg_orders'], indirectSelection: 'empty' })).toEqual([])
    expect(tests({ select: ['fct_orders+'], indirectSelection: 'empty' })).toEqual([
      'no_loss',
      'relationships_fct_orders_id',
    ])
  })
})

describe('mistakes', () => {
  const problem = (spec: string) => {
    const { problems } = run({ select: [spec] })
    expect(problems).toHaveLength(1)
    return problems[0]!
  }

  it.each([
    ['++fct_orders', '+fct_orders'],
    ['fct_orders++', 'fct_orders+'],
    ['stg_orders+fct_orders', 'stg_orders+fct_orders'],
    ['2+', '2+'],
    ['+', '+'],
    ['@', '@'],
    ['tag:', 'tag:'],
    ['tag:+x', '+x'],
    ['@daily+', '@daily+'],
    ['daily,,apart', ','],
    ['daily,', ','],
    [',daily', ','],
  ])('%s is no selector', (spec, at) => {
    expect(problem(spec)).toMatchObject({ code: 'graph/selector-syntax', at, file: '<--select>', severity: 'error' })
  })

  it('puts operators before the method', () => {
    expect(problem('tag:+x').hints).toEqual(['operators stand before the method: `+tag:x`'])
  })

  it('names the nearest method', () => {
    expect(problem('daily tags:x')).toMatchObject({
      code: 'graph/selector-unknown-method',
      at: 'tags',
      hints: ['did you mean `tag`?'],
    })
  })

  it('says that nothing is there to compare with', () => {
    for (const spec of ['state:modified', 'result:error', 'source_status:fresher+'])
      expect(problem(spec)).toMatchObject({ code: 'graph/state-unavailable', severity: 'error' })
  })

  it('checks values and arguments', () => {
    expect(problem('resource_type:modle')).toMatchObject({
      code: 'graph/selector-value',
      at: 'modle',
      hints: ['did you mean `model`?'],
    })
    expect(problem('config:x')).toMatchObject({ code: 'graph/selector-value' })
    expect(problem('tag.x:y')).toMatchObject({
      code: 'graph/selector-value',
      at: 'tag.x',
      message: '`tag` takes no argument',
    })
    expect(problem('source:a.b.c.d')).toMatchObject({ code: 'graph/selector-value', at: 'a.b.c.d' })
    expect(run({ resourceTypes: ['modle'] }).problems[0]).toMatchObject({
      code: 'graph/selector-value',
      hints: ['did you mean `model`?'],
    })
  })

  it.each([
    ['stg_order', 'stg_order', 'did you mean `stg_orders`?'],
    ['+dayly', 'dayly', 'did you mean `daily`?'],
    ['contacts', 'contacts', 'that is a source: write `source:crm.contacts`'],
    ['ads', 'ads', 'that is a source: write `source:ads`'],
    ['retired', 'retired', 'the model `retired` is disabled (`enabled: false`)'],
    ['pii', 'pii', 'there is a tag of that name: write `tag:pii`'],
    ['tag:nigtly', 'nigtly', 'did you mean `nightly`?'],
    ['source:crm.contact', 'crm.contact', 'did you mean `crm.contacts`?'],
    ['models/stagin', 'models/stagin', 'did you mean `models/staging`?'],
    ['stg_orders.csv', 'stg_orders.csv', 'did you mean `raw_orders.csv`?'],
    ['config.materialized:tabel', 'tabel', 'did you mean `table`?'],
  ])('%s matches nothing: a warning with the nearest name', (spec, at, hint) => {
    expect(problem(spec)).toMatchObject({ code: 'graph/selector-no-match', severity: 'warning', at, hints: [hint] })
  })

  it('warns for an intersection of nothing, for exclude, and goes on with the rest', () => {
    expect(problem('daily,apart')).toMatchObject({
      code: 'graph/selector-no-match',
      at: 'daily,apart',
    })
    const { names, problems } = run({ select: ['daily gone'], exclude: ['aparts'], indirectSelection: 'empty' })
    expect(names).toEqual(['daily'])
    expect(problems.map((p) => [p.at, p.file])).toEqual([
      ['gone', '<--select>'],
      ['aparts', '<--exclude>'],
    ])
  })

  it('warns when nothing is left', () => {
    const { problems } = run({ select: ['raw_orders'], indirectSelection: 'empty', resourceTypes: ['model'] })
    expect(problems).toMatchObject([
      {
        code: 'graph/selection-empty',
        message: 'nothing to do: the selection has seeds only, and this command takes models',
      },
    ])
    expect(run({ select: [' '] }).problems).toMatchObject([
      { code: 'graph/selection-empty', message: 'nothing is selected' },
    ])
  })
})

describe('size', () => {
  it('evaluates 1,000 selectors on 15,000 nodes', () => {
    const project = new HandBuiltProject()
    for (let i = 0; i < 10_000; i++) {
      const reads = i < 100 ? [] : [`m${i - 1}`, `m${i - 50}`]
      project.model(`m${i}`, reads, { folder: `g${i % 100}`, columns: [column('id')] })
      if (i % 2 === 0) project.test('unique', [`m${i}`])
    }
    const built = project.build()
    const { graph } = buildGraph(built)
    const many = Array.from({ length: 1000 }, (_, i) => `fqn:shop.g${(i * 7) % 100}.m${i * 7}`).join(' ')
    expect(select(graph, built, { select: [many] }).ids.size).toBe(1500)
    const mixed = select(graph, built, { select: ['m*', '@m5000', '+m9999,path:models/g9*'] })
    expect(mixed.ids.size).toBe(15_000)
  })
})
