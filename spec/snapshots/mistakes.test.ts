import { afterEach, describe, expect, it } from 'vitest'
import { TemporaryProject } from '../errors/temporary-project.ts'
import { onEachDatabase } from '../on-each-database.ts'
import { HistoryProject } from './history-project.ts'

const yaml = (entry: string) => `snapshots:\n  - name: history\n${entry}`
const good = 'strategy: timestamp, unique_key: id, updated_at: at'
const configured = (config: string) => yaml(`    relation: ref('stg_orders')\n    config: { ${config} }\n`)

describe('mistakes that are told before anything is run', () => {
  let project: TemporaryProject
  afterEach(() => project.remove())

  it.each<[what: string, text: string, code: string, at: string, says: string]>([
    ['no key', configured('strategy: check, check_cols: all'), 'project/snapshot-key-missing', '2:11', '`unique_key`'],
    ['an empty key', configured(good.replace('id', '""')), 'project/snapshot-key-missing', '4:48', '`unique_key`'],
    ['no strategy', configured('unique_key: id'), 'project/snapshot-key-missing', '2:11', '`strategy`'],
    ['another strategy', configured('strategy: timestmp, unique_key: id'), 'config/wrong-value', '4:25', '`timestamp`'],
    [
      'no updated_at',
      configured('strategy: timestamp, unique_key: id'),
      'project/snapshot-key-missing',
      '4:25',
      '`updated_at`',
    ],
    [
      'no check_cols',
      configured('strategy: check, unique_key: id'),
      'project/snapshot-key-missing',
      '4:25',
      '`check_cols`',
    ],
    ['no such deletes', configured(`${good}, hard_deletes: invalid`), 'config/wrong-value', '4:82', '`invalidate`'],
    [
      'both settings of deletes',
      configured(`${good}, hard_deletes: ignore, invalidate_hard_deletes: true`),
      'project/conflicting-deletes',
      '4:115',
      'keep `hard_deletes`',
    ],
    [
      'a time that is none',
      configured(`${good}, snapshot_time: 2024-02-30`),
      'config/wrong-type',
      '4:83',
      '2024-06-30',
    ],
    [
      'an unknown column of ours',
      configured(`${good}, snapshot_meta_column_names: { valid_to: x }`),
      'config/unknown-key',
      '4:98',
      '`dbt_valid_to`',
    ],
    [
      'two columns of one name',
      configured(`${good}, snapshot_meta_column_names: { dbt_valid_to: a, dbt_valid_from: A }`),
      'project/double-meta-column',
      '4:96',
      'called `a`',
    ],
    [
      'a misspelt key that is needed',
      configured(good.replace('updated_at', 'updated_att')),
      'config/unknown-key',
      '4:52',
      '`updated_at`',
    ],
    ['a key of another type', configured(good.replace('id', '5')), 'config/wrong-type', '4:48', 'not `5`'],
    ['an unknown key', configured(`${good}, uniqe_key: id`), 'config/unknown-key', '4:68', '`unique_key`'],
    [
      'a configuration beside `config`',
      yaml(`    relation: ref('stg_orders')\n    strategy: check\n    config: { ${good} }\n`),
      'config/unknown-key',
      '4:5',
      '`config:`',
    ],
    [
      'an unknown node',
      configured(good).replace("'stg_orders'", "'stg_order'"),
      'graph/unknown-ref',
      '3:15',
      '`stg_orders`',
    ],
    [
      'an undeclared source',
      configured(good).replace("ref('stg_orders')", "source('a', 'b')"),
      'graph/unknown-source',
      '3:15',
      '`a.b`',
    ],
    [
      'a name that is no reference',
      configured(good).replace("ref('stg_orders')", 'stg_orders'),
      'config/wrong-reference',
      '3:15',
      "ref('stg_orders')",
    ],
    ['no relation', yaml(`    config: { ${good} }\n`), 'project/snapshot-without-relation', '2:11', 'relation: ref('],
    [
      'a name twice',
      `${configured(good)}  - name: history\n    relation: ref('stg_orders')\n    config: { ${good} }\n`,
      'project/duplicate-properties',
      '5:11',
      'described twice',
    ],
    [
      'the name of a model',
      configured(good).replace('name: history', 'name: stg_orders').replace("'stg_orders'", "'other'"),
      'project/duplicate-name',
      '2:11',
      'stg_orders',
    ],
  ])('%s', async (_what, text, code, at, says) => {
    project = new TemporaryProject({ 'models/other.sql': 'select 1 as id', 'models/history.yml': text })
    const { exitCode, found } = await project.build()
    expect(found.map((f) => `${f.code} ${f.at}`)).toEqual([`${code} models/history.yml:${at}`])
    expect(found[0]!.text).toContain(says)
    expect(exitCode).toBe(2)
  })

  it.each<[what: string, text: string, code: string, says: string]>([
    [
      'a block of dbt',
      '{% snapshot history %}\nselect 1 as id\n{% endsnapshot %}\n',
      'template/jinja',
      '{{config strategy=',
    ],
    [
      'nothing but configuration',
      '{{config strategy="check" check_cols="all" unique_key="id"}}\n',
      'project/empty-model',
      'snapshot `history` is empty',
    ],
    [
      'a macro in it',
      '{{config strategy="check" check_cols="all" unique_key="id"}}\nselect 1 as id\n{{#*macro a}}1{{/macro}}\n',
      'project/definition-in-model',
      '`a`',
    ],
  ])('in a file: %s', async (_what, text, code, says) => {
    project = new TemporaryProject({ 'snapshots/history.sql': text })
    const { exitCode, found } = await project.build()
    expect(found.map((f) => f.code)).toEqual([code])
    expect(found[0]!.text).toContain(says)
    expect(exitCode).toBe(2)
  })
})

onEachDatabase((here) => {
  let project: HistoryProject
  afterEach(() => project.remove())

  const time = `cast('2024-01-01' as timestamp)`
  const timed = 'strategy: timestamp, unique_key: id, updated_at: at'

  it.each<[what: string, config: string, query: string, code: string, says: string]>([
    [
      'a key that is no column',
      timed.replace('id', 'idd'),
      `select 1 as id, ${time} as at`,
      'run/unknown-column-in-config',
      'did you mean `id`?',
    ],
    [
      'a time that is no column',
      timed.replace(': at', ': att'),
      `select 1 as id, ${time} as at`,
      'run/unknown-column-in-config',
      'did you mean `at`?',
    ],
    [
      'a compared column that is none',
      'strategy: check, unique_key: id, check_cols: [nam]',
      `select 1 as id, 'x' as name`,
      'run/unknown-column-in-config',
      '`check_cols` names `nam`',
    ],
    [
      'a column that the snapshot adds',
      timed,
      `select 1 as id, ${time} as at, 1 as dbt_valid_to`,
      'run/snapshot-column-taken',
      '`dbt_valid_to`',
    ],
    [
      'one key and time twice',
      timed,
      `select 1 as id, ${time} as at union all select 1, ${time}`,
      'run/snapshot-duplicates',
      '`id`, `at`',
    ],
    [
      'one key twice',
      'strategy: check, unique_key: id, check_cols: all',
      `select 1 as id, 'x' as name union all select 1, 'y'`,
      'run/snapshot-duplicates',
      'strategy `timestamp`',
    ],
    ['no time', timed, `select 1 as id, cast(null as timestamp) as at`, 'run/snapshot-time-missing', '`at` is null'],
    [
      'deletions without times',
      `${timed}, hard_deletes: invalidate`,
      `select 1 as id, 5 as at`,
      'run/snapshot-time-needed',
      'timestamp',
    ],
  ])('%s', async (_what, config, query, code, says) => {
    project = new HistoryProject(here.database, config)
    await project.source(query)
    const first = await project.take()
    expect(first).toMatchObject({ exitCode: 1, found: [{ code, at: 'snapshots/history.yml:2:11' }] })
    expect(first.found[0]!.text).toContain(says)
    expect(
      await project.sql(`select table_name from information_schema.tables where table_name like 'history%'`),
    ).toEqual([])
  })

  it('a history that stands is kept from the same mistakes, and rows are shown', async () => {
    project = new HistoryProject(here.database, timed)
    await project.source(`select 1 as id, ${time} as at`)
    await project.take()
    const before = await project.sql('select * from main.history')
    for (const [query, code, rows] of [
      [
        `select 2 as id, ${time} as at union all select 2, ${time}`,
        'run/snapshot-duplicates',
        [['2', '2024-01-01 00:00:00']],
      ],
      [
        `select 1 as id, ${time} as at union all select 1, ${time}`,
        'run/snapshot-duplicates',
        [['1', '2024-01-01 00:00:00']],
      ],
      [`select 3 as id, cast(null as timestamp) as at`, 'run/snapshot-time-missing', [['3']]],
    ] as const) {
      await project.source(query)
      const { exitCode, found } = await project.take()
      expect([exitCode, found.map((f) => f.code)]).toEqual([1, [code]])
      expect(found[0]!.rows?.rows).toEqual(rows)
      expect(await project.sql('select * from main.history')).toEqual(before)
      const left = await project.sql(
        `select table_name from information_schema.tables where table_name like 'history\\_%' escape '\\'`,
      )
      expect(left).toEqual([])
    }
  })
})
