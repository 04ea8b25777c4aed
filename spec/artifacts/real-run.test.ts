import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { schemaFaults } from './dbt-schema.ts'

interface Manifest {
  readonly metadata: { readonly adapter_type: string }
  readonly nodes: Readonly<Record<string, { readonly relation_name: string | null; readonly database: string }>>
  readonly sources: Readonly<Record<string, { readonly relation_name: string | null; readonly database: string }>>
}

interface RunResults {
  readonly results: readonly {
    readonly unique_id: string
    readonly status: string
    readonly relation_name: string | null
    readonly adapter_response: Readonly<Record<string, unknown>>
  }[]
}

const incremental = (strategy: string, key = 'unique_key="id"') =>
  `{{config materialized="incremental" incremental_strategy="${strategy}" ${key}}}\nselect id, amount from {{ref "seeded"}}\n`

const files = {
  'seeds/seeded.csv': 'id,amount\n1,10\n2,20\n3,30\n',
  'models/made.sql': '{{config materialized="table"}}\nselect id, amount from {{ref "seeded"}}\n',
  'models/seen.sql': 'select id from {{ref "made"}}\n',
  'models/merged.sql': incremental('merge'),
  'models/replaced.sql': incremental('delete+insert'),
  'models/appended.sql': incremental('append', ''),
  'data/t.csv': 'id\n1\n2\n',
  'models/models.yml': `models:
  - { name: made, columns: [{ name: id, tests: [unique] }] }
sources:
  - name: raw
    tables:
      - name: t
        files: { location: data/t.csv, format: csv }
        columns: [{ name: id, data_type: bigint }]
`,
}

onEachDatabase((here) => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  const read = <T>(name: string): T => JSON.parse(readFileSync(`${project.root}/target/${name}`, 'utf8'))

  /** What the last build did with each relation, in dbt's words. */
  async function responses(): Promise<Readonly<Record<string, string>>> {
    expect(await project.build()).toEqual({ exitCode: 0, found: [] })
    const { results } = read<RunResults>('run_results.json')
    const named = results.filter((r) => !r.unique_id.startsWith('test.'))
    return Object.fromEntries(
      named.map((r) => {
        const { _message: message, code, rows_affected: rows } = r.adapter_response
        if (code !== 'LOAD') expect(String(message)).toContain(String(code))
        return [r.unique_id.split('.').at(-1), `${code} ${rows ?? ''}`.trim()]
      }),
    )
  }

  it('the artifacts of a run follow the schemas, and relations have their full quoted names', async () => {
    project = new TemporaryProject(files, here.database.target)
    await responses()
    const manifest = read<Manifest>('manifest.json')
    expect(schemaFaults('manifest', manifest)).toEqual([])
    expect(manifest.metadata.adapter_type).toBe(here.engine.name)
    const { dialect } = here.engine
    const database = here.database.name
    const nameOf = (schema: string, identifier: string) => dialect.relation({ database, schema, identifier })
    expect(manifest.nodes['model.shop.made']).toMatchObject({ database, relation_name: nameOf('main', 'made') })
    expect(manifest.nodes['seed.shop.seeded']).toMatchObject({ database, relation_name: nameOf('main', 'seeded') })
    const source = manifest.sources['source.shop.raw.t']
    expect(source).toMatchObject({ database, relation_name: nameOf('main_raw', 't') })
    const results = read<RunResults>('run_results.json')
    expect(schemaFaults('run-results', results)).toEqual([])
    for (const { unique_id, relation_name } of results.results) {
      if (unique_id.startsWith('model.')) expect(relation_name).toBe(manifest.nodes[unique_id]!.relation_name)
    }
    // The names are such that a statement can use them as they are.
    expect(await here.database.sql(`select count(*) from ${manifest.nodes['model.shop.made']!.relation_name}`)).toEqual(
      [[3]],
    )
  })

  it('a response says what was done and to how many rows', async () => {
    project = new TemporaryProject(files, here.database.target)
    expect(await responses()).toMatchObject({
      seeded: 'INSERT 3',
      made: expect.stringMatching(/^(?:SELECT 3|CREATE TABLE)$/),
      seen: 'CREATE VIEW',
      t: 'LOAD 2',
    })
    expect(await responses()).toMatchObject({
      merged: 'MERGE 3',
      replaced: 'INSERT 3',
      appended: 'INSERT 3',
      t: 'LOAD 0',
    })
  })
})
