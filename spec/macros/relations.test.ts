import { beforeAll, describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  beforeAll(async () => {
    await db.table(
      'ads',
      `select * from (values (1, 'google', 10, 'it''s'), (2, 'meta', 5, 'b'), (3, 'meta', null, null), (4, 'tik"tok', 1, 'b')) as t (id, platform, clicks, "Odd name")`,
    )
    await db.table(
      'other_ads',
      `select cast(7 as bigint) as "ID", cast(2.5 as numeric(10, 2)) as clicks, date '2024-02-29' as day`,
    )
    await db.table('no_ads', `select 1 as id, 'x' as platform where false`)
  })

  describe('star', () => {
    it('lists the columns, without the excepted ones whatever their case', async () => {
      expect(
        await db.columns('select {{star (ref "ads") except=(list "ODD NAME" "clicks")}} from {{ref "ads"}}'),
      ).toEqual(['id', 'platform'])
    })

    it('renames and qualifies', async () => {
      const sql =
        'select {{star (ref "ads") relation_alias="a" except=(list "id") prefix="ad_" suffix="_x"}} from {{ref "ads"}} as a'
      expect(await db.columns(sql)).toEqual(['ad_platform_x', 'ad_clicks_x', 'ad_Odd name_x'])
    })

    it('is `*` while the columns are unknown', async () => {
      expect(await db.textBeforeRun('select {{star (ref "ads") relation_alias="a"}}')).toBe('select a.*')
    })

    it('says so when no column is left', async () => {
      await expect(db.text('{{star (ref "no_ads") except=(list "id" "platform")}}')).rejects.toThrow(
        /no column of .*no_ads.* is left/,
      )
    })

    it('prints one column a line', async () => {
      expect(await db.text('select {{star (ref "no_ads")}} from x')).toMatch(
        /^select "?id"?,\n {2}"?platform"? from x$/,
      )
    })
  })

  it('get_filtered_columns_in_relation is a list', async () => {
    expect(await db.text('{{join (get_filtered_columns_in_relation (ref "ads") except=(list "Clicks")) "|"}}')).toBe(
      'id|platform|Odd name',
    )
  })

  describe('get_column_values', () => {
    it('lists the most frequent first, without nulls', async () => {
      expect(await db.text(`{{join (get_column_values (ref "ads") "platform") "|"}}`)).toBe('meta|google|tik"tok')
      expect(await db.text(`{{literals (get_column_values (ref "ads") '"Odd name"')}}`)).toBe("'b', 'it''s'")
    })

    it('takes a condition, an order and a limit', async () => {
      const call = `get_column_values (ref "ads") "platform" order_by="min(id) desc" max_records=2 where="id < 4"`
      expect(await db.text(`{{join (${call}) "|"}}`)).toBe('meta|google')
    })

    it('gives the default for an empty relation', async () => {
      expect(await db.text('{{join (get_column_values (ref "no_ads") "platform" default=(list "none")) "|"}}')).toBe(
        'none',
      )
      expect(await db.text('{{length (get_column_values (ref "no_ads") "platform")}}')).toBe('0')
    })
  })

  describe('pivot', () => {
    it('makes a column of each value, apostrophes included', async () => {
      const sql = `select {{pivot '"Odd name"' (list "it's" "b" "none")}} from {{ref "ads"}}`
      expect(await db.columns(sql)).toEqual(["it's", 'b', 'none'])
      expect((await db.rows(sql)).flat().map(Number)).toEqual([1, 2, 0])
    })

    it('takes another aggregate, names and values', async () => {
      const sql = `select {{pivot "platform" (list "google" "meta" "x") agg="max" then_value="clicks" else_value=null prefix="n_" suffix="_clicks"}} from {{ref "ads"}}`
      expect(await db.columns(sql)).toEqual(['n_google_clicks', 'n_meta_clicks', 'n_x_clicks'])
      expect(await db.rows(sql)).toEqual([[10, 5, null]])
    })

    it('compares numbers and counts distinct values', async () => {
      const sql = `select {{pivot "id" (list 2 3) agg="count" cmp=">=" then_value="platform" else_value=null distinct=true prefix="from_"}} from {{ref "ads"}}`
      expect(await db.rows(sql)).toEqual([[2, 2]])
    })
  })

  it('unpivot makes a row of each column', async () => {
    const sql = `{{unpivot (ref "ads") exclude=(list "ID") remove=(list "odd name") field_name="metric" value_name="text_value"}}`
    expect(await db.columns(sql)).toEqual(['id', 'metric', 'text_value'])
    expect(await db.rows(`select * from (${sql}) as u where id in (1, 3) order by id, metric`)).toEqual([
      [1, 'clicks', '10'],
      [1, 'platform', 'google'],
      [3, 'clicks', null],
      [3, 'platform', 'meta'],
    ])
    expect(await db.rows('{{unpivot (ref "no_ads")}}')).toEqual([])
  })

  describe('union_relations', () => {
    it('matches columns by name and fills the others with null', async () => {
      const sql =
        '{{union_relations (list (ref "ads") (ref "other_ads") (ref "no_ads")) exclude=(list "odd name") source_column_name=null}}'
      expect((await db.columns(sql)).map((c) => c.toLowerCase())).toEqual(['id', 'platform', 'clicks', 'day'])
      const rows = await db.rows(
        `select id, platform, clicks + 0.0 as clicks, day from (${sql}) as u where id in (1, 3, 7) order by id`,
      )
      expect(rows.map((row) => [...row.slice(0, 2), row[2] === null ? null : Number(row[2]), row[3]])).toEqual([
        [1, 'google', 10, null],
        [3, 'meta', null, null],
        [7, null, 2.5, '2024-02-29'],
      ])
    })

    it('says which relation a row came from, casts and filters', async () => {
      const sql = `{{union_relations (list (ref "ads") (ref "other_ads")) include=(list "ID" "clicks" "extra") column_override=(dict clicks="text") where="clicks > 4 or clicks < 3"}}`
      const rows = await db.rows(`select id, clicks, _dbt_source_relation from (${sql}) as u order by clicks`)
      expect(rows.map(([id, clicks, from]) => [id, clicks, String(from).split('.').at(-1)])).toEqual([
        [4, '1', '"ads"'],
        [1, '10', '"ads"'],
        [7, '2.50', '"other_ads"'],
        [2, '5', '"ads"'],
      ])
    })

    it('can be read before the columns are known', async () => {
      expect(
        await db.textBeforeRun('{{union_relations (list (ref "ads") (ref "no_ads")) source_column_name=null}}'),
      ).toMatch(/^select\s+\*\s+from \S+\s+union all\s+select\s+\*\s+from \S+$/)
    })
  })

  it('deduplicate keeps one row of each key, the first by the order', async () => {
    const rows = await db.rows(
      'select id, platform from ({{deduplicate (ref "ads") "platform" "clicks desc nulls last, id"}}) as d order by id',
    )
    expect(rows).toEqual([
      [1, 'google'],
      [2, 'meta'],
      [4, 'tik"tok'],
    ])
    expect(await db.rows('{{deduplicate (ref "no_ads") "id, platform" "id"}}')).toEqual([])
    const keys = `(select cast(null as integer) as k, 1 as v union all select null, 2) as t`
    expect(await db.rows(`{{deduplicate "${keys}" "k" "v desc"}}`)).toEqual([[null, 2]])
  })

  it('group_by, except, intersect and generate_series', async () => {
    expect(await db.text('{{group_by 3}}')).toBe('group by 1, 2, 3')
    expect(await db.rows('({{generate_series 4}}) {{except}} ({{generate_series 3}})')).toEqual([[4]])
    expect(await db.rows('({{generate_series 4}}) {{intersect}} ({{generate_series 1}})')).toEqual([[1]])
    expect(await db.rows('{{generate_series 0}}')).toEqual([])
  })
})
