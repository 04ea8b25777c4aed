import { afterEach, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { type Found, TemporaryProject } from './temporary-project.ts'

/** Where a statement can miss a relation: files of a project in which `stg_orders` is built already. */
const places: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly at: string }>> = {
  'a view': { files: { 'models/m.sql': 'select *\nfrom main.stg_order' }, at: 'models/m.sql:2:6' },
  'a table': {
    files: { 'models/m.sql': '{{config materialized="table"}}\nselect *\nfrom main.stg_order' },
    at: 'models/m.sql:3:6',
  },
  'an incremental model on its second run': {
    files: {
      'models/grown.sql': '{{config materialized="incremental" unique_key="id"}}\nselect id from main.stg_order',
    },
    at: 'models/grown.sql:2:16',
  },
  'a hook inside the transaction': {
    files: {
      'models/m.sql': '{{config materialized="table" post_hook="select 1 from main.stg_order"}}\nselect 1 as id',
    },
    at: 'models/m.sql:1:56',
  },
  'a test': {
    files: { 'tests/t.sql': 'select *\nfrom {{ref "grown"}} where id not in (select id from main.stg_order)' },
    at: 'tests/t.sql:2:54',
  },
  'a macro': {
    files: {
      'macros/m.sql': '{{#*macro all_of}}\nmain.stg_order\n{{/macro}}',
      'models/m.sql': 'select * from {{all_of}}',
    },
    at: 'macros/m.sql:2:1',
  },
}

onEachDatabase((here) => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  async function built(): Promise<void> {
    project = new TemporaryProject(
      {
        'models/grown.sql':
          '{{config materialized="incremental" unique_key="id"}}\nselect id from {{ref "stg_orders"}}',
      },
      { ...here.database.target, threads: 1 },
    )
    expect(await project.build()).toEqual({ exitCode: 0, found: [] })
  }

  async function mistake(files: Readonly<Record<string, string>>): Promise<Found> {
    project.write(files)
    const { exitCode, found } = await project.build()
    expect(exitCode).toBe(1)
    expect(found).toHaveLength(1)
    return found[0]!
  }

  it.each(Object.entries(places))('%s that misspells a relation is told its name', async (_, { files, at }) => {
    await built()
    const { code, at: found, text } = await mistake(files)
    expect({ code, at: found }).toEqual({ code: 'db/table-missing', at })
    expect(text).toMatch(/did you mean `(?:main\.)?stg_orders`\?/)
  })

  it('a schema that is not there is told from a table that is not there', async () => {
    await built()
    const { code, text } = await mistake({ 'models/m.sql': 'select * from nowhere.stg_orders' })
    expect(code).toBe('db/schema-missing')
    expect(text).toContain('there is no schema or database `nowhere`')
  })

  it('a query of the command line is told, too', async () => {
    await built()
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    const { diagnostics } = await engine.show({ inline: 'select * from main.stg_order' })
    expect(diagnostics).toMatchObject([{ code: 'db/table-missing', span: { start: 14 } }])
    expect(diagnostics[0]!.hints!.join()).toMatch(/did you mean `(?:main\.)?stg_orders`\?/)
    const operation = await engine.runOperation({ sql: 'select 1; select * from main.stg_order' })
    expect(operation.diagnostics[0]!.hints!.join()).toMatch(/did you mean `(?:main\.)?stg_orders`\?/)
  })

  it('a reference into a schema that was never built names the command that builds it', async () => {
    project = new TemporaryProject(
      { 'models/stg_orders.sql': '{{config schema="staging"}}\nselect 1 as id' },
      here.database.target,
    )
    const engine = await Engine.open({ projectDir: project.root, env: {} })
    const { diagnostics } = await engine.show({ inline: 'select * from {{ref "stg_orders"}}' })
    expect(diagnostics).toMatchObject([{ code: 'db/schema-missing' }])
    expect(diagnostics[0]!.hints).toEqual([expect.stringContaining('--select +stg_orders')])
  })
})
