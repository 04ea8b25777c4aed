import { describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

const people = `(values (1, 'a', 'Éva', 10.0), (2, 'a', 'O''Brien', 20.0), (3, 'b', null, 5.0), (4, 'a', 'Ann', 60.0), (5, 'a', 'Ann', null)) as t (id, g, name, x)`
const nobody = `(select 1 as id, 'a' as g, 'x' as name, 1.0 as x where false) as t`

onEachEngine((db) => {
  const grouped = (expression: string) => db.rows(`select g, ${expression} as v from ${people} group by g order by g`)
  const ofNone = async (expression: string) => (await db.rows(`select ${expression} as v from ${nobody}`))[0]?.[0]

  describe('string_agg', () => {
    it('joins in the given order and leaves nulls out', async () => {
      expect(await grouped(`{{string_agg "name" "', '" "id"}}`)).toEqual([
        ['a', "Éva, O'Brien, Ann, Ann"],
        ['b', null],
      ])
    })

    it('takes numbers, distinct values, a limit and a whole clause', async () => {
      expect(await grouped(`{{string_agg "id" "'-'" order_by_clause="order by id desc"}}`)).toEqual([
        ['a', '5-4-2-1'],
        ['b', '3'],
      ])
      expect((await grouped(`{{string_agg "name" "','" "cast(name as text)" distinct=true}}`))[1]).toEqual(['b', null])
      expect(await grouped(`{{listagg "name" "';'" "order by id" 2}}`)).toEqual([
        ['a', "Éva;O'Brien"],
        ['b', null],
      ])
      expect((await grouped(`{{string_agg "x" "';'" "id desc" limit_num=2}}`))[0]).toEqual(['a', '60.0;20.0'])
    })

    it('is null for no rows', async () => {
      expect(await ofNone(`{{listagg "name"}}`)).toBe(null)
    })
  })

  it('array_agg keeps nulls and order', async () => {
    expect(await grouped('{{array_agg "name" order_by="id"}}')).toEqual([
      ['a', ['Éva', "O'Brien", 'Ann', 'Ann']],
      ['b', [null]],
    ])
    expect(await ofNone('{{array_agg "id"}}')).toBe(null)
    expect(await grouped('{{array_agg "g" distinct=true}}')).toEqual([
      ['a', ['a']],
      ['b', ['b']],
    ])
  })

  it('any_value is a value that is not null', async () => {
    const rows = await db.rows(
      `select g, {{any_value "v"}} as v from (values ('a', null), ('a', 7), ('b', cast(null as integer))) as t (g, v) group by g order by g`,
    )
    expect(rows).toEqual([
      ['a', 7],
      ['b', null],
    ])
  })

  it('bool_or is true when one row is', async () => {
    expect(await grouped('{{bool_or "x > 50"}}')).toEqual([
      ['a', true],
      ['b', false],
    ])
    expect(await ofNone('{{bool_or "x > 50"}}')).toBe(null)
  })

  it('percentile and median interpolate and leave nulls out', async () => {
    expect(await grouped('{{percentile "x" 0.25}}')).toEqual([
      ['a', 15],
      ['b', 5],
    ])
    expect(await grouped('{{median "x"}}')).toEqual([
      ['a', 20],
      ['b', 5],
    ])
    expect(await ofNone('{{median "x"}}')).toBe(null)
    expect(await db.rows(`select {{median "x"}} from (values (1.25), (1.50)) as t (x)`)).toEqual([[1.375]])
  })
})
