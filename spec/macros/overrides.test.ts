import { expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

const wrong = [
  'date_trunc datepart date',
  'dateadd datepart interval from',
  'datediff a b datepart',
  'percentile a b',
  'generate_surrogate_key xs',
]
const macros = wrong.map((signature) => `{{#*macro ${signature}}}overridden{{/macro}}`).join('\n')
const test = `{{#*test unique model column_name}}select 'own' as who from {{model}}{{/test}}`

onEachEngine((db) => {
  it("a project's macro takes the place of a built-in one in the project", async () => {
    expect(await db.text('{{date_trunc "month" "d"}} {{dateadd "month" 1 "d"}}')).toBe('overridden overridden')
    await db.table('two', 'select 1 as id union all select 2')
    expect(await db.badRows('unique', 'two', { column_name: 'id' })).toEqual([{ who: 'own' }, { who: 'own' }])
  })

  it('the built-in ones still call each other', async () => {
    expect(await db.rows(`{{date_spine "month" "'2024-01-31'" "'2024-03-01'"}}`)).toEqual([
      ['2024-01-31'],
      ['2024-02-29'],
    ])
    expect(await db.value(`{{month_start "'2024-02-29'"}}`)).toBe('2024-02-01')
    expect(await db.value(`{{last_day "'2024-02-10'" "week"}}`)).toBe('2024-02-11')
    expect(await db.rows('select {{median "x"}} from (select 2 as x) as t')).toEqual([[2]])
    expect(await db.value('{{surrogate_key (list "1" "2")}}')).toBe(await db.value("md5('1-2')"))
  })

  it('and can be called by their full name', async () => {
    expect(await db.value(`{{tsdbt.date_trunc "month" "'2024-02-29'"}}`)).toBe('2024-02-01 00:00:00')
  })
}, `${macros}\n${test}`)
