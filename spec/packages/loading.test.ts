import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { installDependencies } from '../../src/commands/deps.ts'
import { Engine } from '../../src/commands/engine.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { type Files, newFolder, programEnv, Repository, writeFiles } from './package-sources.ts'

const profiles = (target: object) => ({ 'profiles.yml': `shop: {outputs: {dev: ${JSON.stringify(target)}}}\n` })
const duckdb = { type: 'duckdb', path: ':memory:', schema: 'main' }

/** A package with one resource of each common kind. */
const utils: Files = {
  'project.yml': `name: utils
vars: {currency: usd, rate: 2, only_here: 5}
on-run-end: "create table if not exists {{target.schema}}.utils_was_here as select {{var \\"rate\\"}} as rate"
seeds: {utils: {+schema: raw}}
models: {utils: {+materialized: table, +tags: own, +meta: {a: 1}}}
`,
  'models/base/prices.sql':
    '{{config tags="file"}}select id, {{literal (var "currency")}} as currency, {{var "rate"}} as rate, {{var "only_here"}} as x, {{money "id"}} as m from {{ref "countries"}}\n',
  'models/base/prices.yml': `models:
  - name: prices
    description: From the package
    columns: [{name: id, tests: [unique, positive, {relationships: {to: ref('countries'), field: id}}]}]
sources:
  - {name: outside, schema: main, tables: [{name: things}]}
`,
  'models/shared_name.sql': "select 'package' as origin",
  'models/reads_name.sql': 'select origin from {{ref "shared_name"}}',
  'seeds/countries.csv': 'id\n1\n2\n',
  'tests/no_zero.sql': 'select * from {{ref "prices"}} where id = 0',
  'macros/money.sql':
    '{{#*macro money c}}round({{c}}, 2){{/macro}}\n{{#*test positive model column_name}}select * from {{model}} where {{column_name}} <= 0{{/test}}',
}
const shop: Files = {
  'project.yml': `name: shop
profile: shop
vars: {currency: eur, utils: {rate: 3}}
models: {utils: {base: {+schema: common, +tags: root, +meta: {b: 2}}}}
on-run-end: ["create table if not exists {{target.schema}}.shop_was_here as select * from {{target.schema}}.utils_was_here"]
`,
  'packages.yml': 'packages:\n  - local: lib/utils\n',
  'models/orders.sql':
    '{{config materialized="table"}}select id, currency, rate, m, {{utils.money "rate"}} as r from {{ref "prices"}} join {{ref "utils" "countries"}} using (id)',
}

function make(files: Files, target: object = duckdb): string {
  const library = Object.fromEntries(Object.entries(utils).map(([path, text]) => [`lib/utils/${path}`, text]))
  return newFolder({ ...library, ...shop, ...profiles(target), ...files })
}

async function open(root: string): Promise<Engine> {
  await installDependencies({ projectDir: root, env: programEnv })
  return Engine.open({ projectDir: root, env: {} })
}

onEachDatabase((here) => {
  it('builds the resources of a package among those of the project', async () => {
    const root = make({}, here.database.target)
    const engine = await open(root)
    const report = await engine.build()
    expect(report.diagnostics).toEqual([])
    expect(report.exitCode).toBe(0)
    expect(report.results.map((r) => r.uniqueId.replace(/\.[0-9a-f]{10}$/, '')).sort()).toEqual([
      'model.shop.orders',
      'model.utils.prices',
      'model.utils.reads_name',
      'model.utils.shared_name',
      'operation.shop.shop-on-run-end-0',
      'operation.utils.utils-on-run-end-0',
      'seed.utils.countries',
      'test.utils.no_zero',
      'test.utils.positive_prices_id',
      'test.utils.relationships_prices_id__id__ref_countries_',
      'test.utils.unique_prices_id',
    ])
    // The root's variables win, those for the package first; its configuration wins as well.
    const rows = await here.database.sql('select currency, rate, x from main_common.prices where id = 1')
    expect(rows[0]!.map(String)).toEqual(['eur', '3', '5'])
    expect(String((await here.database.sql('select count(*) from main.orders'))[0])).toBe('2')
    expect(String((await here.database.sql('select rate from main.shop_was_here'))[0])).toBe('3')
    const manifest = JSON.parse(readFileSync(join(root, 'target/manifest.json'), 'utf8'))
    expect(manifest.nodes['model.utils.prices']).toMatchObject({
      package_name: 'utils',
      fqn: ['utils', 'base', 'prices'],
      path: 'base/prices.sql',
      original_file_path: 'models/base/prices.sql',
      patch_path: 'utils://models/base/prices.yml',
      tags: ['own', 'file', 'root'],
      meta: { a: 1, b: 2 },
      config: { materialized: 'table', schema: 'common' },
    })
    expect(manifest.macros['macro.utils.money']).toMatchObject({
      package_name: 'utils',
      original_file_path: 'macros/money.sql',
    })
    expect(readFileSync(join(root, 'target/compiled/utils/models/base/prices.sql'), 'utf8')).toContain('round(id, 2)')
    const named = async (select: string) =>
      (await engine.ls({ select: [select], resourceTypes: ['model'] })).nodes
        .map((n) => n.selector)
        .sort()
        .sort()
    expect(await named('package:utils')).toEqual(['utils.base.prices', 'utils.reads_name', 'utils.shared_name'])
    expect(await named('package:this')).toEqual(['shop.orders'])
    expect(await named('path:models/base')).toEqual(['utils.base.prices'])
    expect(await named('utils.base')).toEqual(['utils.base.prices'])
  })

  it('shows a mistake of a package below the folder of the package', async () => {
    const files = { 'lib/utils/models/base/prices.sql': 'select\n  nothing\nfrom {{ref "countries"}}' }
    const { diagnostics } = await (await open(make(files, here.database.target))).build()
    expect(diagnostics[0]).toMatchObject({
      code: 'db/column-missing',
      span: { path: 'lib/utils/models/base/prices.sql', start: 9 },
    })
    const seeds = make({ 'lib/utils/seeds/countries.csv': 'id\n1,2\n' }, here.database.target)
    const seeded = await (await open(seeds)).seed()
    expect(seeded.diagnostics[0]).toMatchObject({ data: { path: 'lib/utils/seeds/countries.csv', line: 2 } })
  })
})

describe('names', () => {
  const origin = { 'models/shared_name.sql': "select 'project' as origin" }
  const parentOf = async (files: Files, id: string) => {
    const root = make(files)
    expect((await (await open(root)).parse()).diagnostics).toEqual([])
    return JSON.parse(readFileSync(join(root, 'target/manifest.json'), 'utf8')).parent_map[id]
  }

  it('mean the project, then the own package, then any; a flag turns the first two round', async () => {
    expect(await parentOf({}, 'model.utils.reads_name')).toEqual(['model.utils.shared_name'])
    // Two relations of one name would clash.
    const apart = { ...origin, 'models/shared_name.yml': 'models: [{name: shared_name, config: {schema: apart}}]' }
    expect(await parentOf(apart, 'model.utils.reads_name')).toEqual(['model.shop.shared_name'])
    const flag = {
      'project.yml': `${shop['project.yml']}flags: {require_ref_searches_node_package_before_root: true}\n`,
    }
    expect(await parentOf({ ...apart, ...flag }, 'model.utils.reads_name')).toEqual(['model.utils.shared_name'])
  })

  it('of macros: those of the project replace those of a package; `dispatch` says it otherwise', async () => {
    const override = { 'macros/money.sql': '{{#*macro money c}}cheap({{utils.money c}}){{/macro}}' }
    const compiled = async (files: Files, name: string) => {
      const engine = await open(make({ ...override, ...files }))
      const { nodes, diagnostics } = await engine.compile({ select: [name], introspect: false })
      expect(diagnostics).toEqual([])
      return nodes[0]!.sql
    }
    const dispatch = (...order: string[]) => ({
      'project.yml': `${shop['project.yml']}dispatch: [{macro_namespace: utils, search_order: [${order.join(', ')}]}]\n`,
    })
    expect(await compiled({}, 'prices')).toContain('cheap(round(id, 2)) as m')
    expect(await compiled({}, 'orders')).toContain(' round(rate, 2) as r')
    expect(await compiled(dispatch('shop', 'utils'), 'orders')).toContain(' cheap(round(rate, 2)) as r')
    expect(await compiled(dispatch('utils', 'shop'), 'prices')).toContain(' round(id, 2) as m')
  })

  it('a whole package can be switched off', async () => {
    const files = {
      'project.yml':
        'name: shop\nprofile: shop\nmodels: {utils: {+enabled: false}}\nseeds: {utils: {+enabled: false}}\n',
      'models/orders.sql': 'select 1 as id',
      'lib/utils/tests/no_zero.sql': null,
    }
    const { nodes, diagnostics } = await (await open(make(files))).ls({ resourceTypes: ['model', 'seed', 'test'] })
    expect([nodes.map((n) => n.selector), diagnostics]).toEqual([['shop.orders'], []])
  })
})

describe('mistakes', () => {
  const told = async (files: Files) => {
    const { exitCode, diagnostics } = await (await open(make(files))).parse()
    expect(exitCode).toBe(2)
    return diagnostics.map((d) => [d.code, d.span?.path, d.message])
  }

  it('of references between packages', async () => {
    const two = {
      'packages.yml': 'packages: [{local: lib/utils}, {local: lib/more}]\n',
      'lib/more/project.yml': 'name: more\n',
      'lib/more/models/shared_name.sql': '{{config schema="more"}}select 1 as id',
    }
    expect(await told({ ...two, 'models/a.sql': 'select * from {{ref "shared_name"}}' })).toEqual([
      [
        'graph/ambiguous-ref',
        'models/a.sql',
        '`a` refers to `shared_name`, which the packages `more` and `utils` have'.replace(' and ', ', '),
      ],
    ])
    expect(await told({ 'models/a.sql': 'select * from {{ref "utlis" "prices"}}' })).toMatchObject([
      ['graph/unknown-ref', 'models/a.sql', {}],
    ])
    const restricted = { 'lib/utils/project.yml': `${utils['project.yml']}restrict-access: true\n` }
    expect(await told(restricted)).toMatchObject([['graph/protected-ref', 'models/orders.sql', {}]])
    expect(await told({ 'lib/utils/models/shared_name.sql': 'select * from {{ref "nobody"}}' })).toMatchObject([
      ['graph/unknown-ref', 'lib/utils/models/shared_name.sql', {}],
    ])
  })

  it('of what is not installed, or is installed otherwise', async () => {
    const refused = async (root: string) => {
      try {
        await Engine.open({ projectDir: root, env: {} })
      } catch (error) {
        if (error instanceof UserError) return error.diagnostics.map((d) => [d.code, d.message])
        throw error
      }
      return []
    }
    const repository = new Repository(utils as Record<string, string>)
    const root = newFolder({
      ...shop,
      ...profiles(duckdb),
      'packages.yml': `packages:\n  - git: file://${repository.folder}\n`,
    })
    const text = 'Run "dbt deps" to install package dependencies; here that is `tsdbt deps`'
    expect(await refused(root)).toEqual([
      ['packages/not-installed', `the packages of \`packages.yml\` are not installed. ${text}`],
    ])
    await installDependencies({ projectDir: root, env: programEnv })
    expect(await refused(root)).toEqual([])
    const lock = readFileSync(join(root, 'package-lock.yml'), 'utf8')
    writeFiles(root, { 'package-lock.yml': lock.replace(/sha256: "../, 'sha256: "xx') })
    expect(await refused(root)).toEqual([
      [
        'packages/other-version',
        `the package \`utils\` is installed in another version than \`package-lock.yml\` says. ${text}`,
      ],
    ])
    writeFiles(root, { 'package-lock.yml': lock, 'packages/utils': null })
    expect(await refused(root)).toEqual([['packages/not-installed', `the package \`utils\` is not installed. ${text}`]])
    writeFiles(root, { 'packages.yml': `packages:\n  - git: file://${repository.folder}\n    revision: main\n` })
    expect(await refused(root)).toMatchObject([['packages/lock-out-of-date', {}]])
    writeFiles(root, { 'packages.yml': 'packages: [{package: dbt-labs/dbt_utils, version: 1.0.0}]\n' })
    expect(await refused(root)).toMatchObject([['packages/hub', {}]])
  })
})
