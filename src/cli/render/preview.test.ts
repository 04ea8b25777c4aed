import { describe, expect, it } from 'vitest'
import type { Rows } from './cell-text.ts'
import { renderPreviews } from './preview.ts'

const rows: Rows = {
  columns: [
    { name: 'id', type: 'BIGINT' },
    { name: 'name', type: 'VARCHAR' },
    { name: 'tags', type: 'VARCHAR[]' },
  ],
  rows: [
    [1, 'Zoë "Z"', ['a', 'b']],
    [9007199254740993n, null, null],
    [22, '', []],
  ],
}
const table = { uniqueId: 'model.shop.people', name: 'people', rows }

describe('renderPreviews', () => {
  it('aligns a table by display width, numbers at the right', () => {
    expect(renderPreviews([table], 'text')).toBe(`|               id | name    | tags      |
| ---------------- | ------- | --------- |
|                1 | Zoë "Z" | ["a","b"] |
| 9007199254740993 | NULL    | NULL      |
|               22 |         | []        |
`)
  })

  it('tells NULL from an empty text in CSV', () => {
    expect(renderPreviews([table], 'csv')).toBe(`id,name,tags
1,"Zoë ""Z""","[""a"",""b""]"
9007199254740993,,
22,"",[]
`)
  })

  it('keeps large integers exact in JSON, and names the node as dbt does', () => {
    expect(JSON.parse(renderPreviews([table], 'json'))).toEqual({
      node: 'people',
      show: [
        { id: 1, name: 'Zoë "Z"', tags: ['a', 'b'] },
        { id: '9007199254740993', name: null, tags: null },
        { id: 22, name: '', tags: [] },
      ],
    })
    expect(JSON.parse(renderPreviews([{ ...table, uniqueId: null }], 'json'))).toHaveProperty('show')
    expect(JSON.parse(renderPreviews([{ ...table, uniqueId: null }], 'json'))).not.toHaveProperty('node')
  })

  it('gives one object a line in NDJSON and loses no repeated column', () => {
    const twice: Rows = {
      columns: [
        { name: 'a', type: 'INTEGER' },
        { name: 'a', type: 'INTEGER' },
      ],
      rows: [[1, 2]],
    }
    expect(renderPreviews([{ ...table, rows: twice }], 'ndjson')).toBe('{"a":1,"a_2":2}\n')
  })

  it('heads each of several tables with its name and cuts wide cells', () => {
    const wide: Rows = { columns: [{ name: 'a', type: 'VARCHAR' }], rows: [['x'.repeat(100)]] }
    const text = renderPreviews([{ ...table, rows: wide }, table], 'text')
    expect(text).toMatch(/^people\n\| a /)
    expect(text).toContain(`${'x'.repeat(59)}…`)
  })
})
