import { describe, expect, it } from 'vitest'
import { MappedTextBuilder, originAt } from '../base/source-map.ts'
import { rebindText } from './rebind-text.ts'

const path = 'm.sql'
const renamings = [
  { from: 'orders__tsdbt_0000000a', to: 'orders' },
  { from: 'stg_orders__tsdbt_0000000a', to: 'stg_orders' },
]

describe('rebindText', () => {
  it('writes published names for staged ones, the longer name first', () => {
    const sql = { text: 'from "orders__tsdbt_0000000a", "stg_orders__tsdbt_0000000a"', segments: [] }
    expect(rebindText(sql, renamings).text).toBe('from "orders", "stg_orders"')
    expect(rebindText(sql, [{ from: 'stg_orders__tsdbt_0000000a', to: 'cut' }, renamings[0]!]).text).toBe(
      'from "orders", "cut"',
    )
  })

  it('keeps the map behind the names', () => {
    const built = new MappedTextBuilder()
      .raw('create view v as (')
      .mapped('select x from ', { path, start: 0, end: 14 }, true)
      .mapped('"orders__tsdbt_0000000a"', { path, start: 14, end: 30 }, false)
      .mapped(' where nope', { path, start: 30, end: 41 }, true)
      .raw(')')
      .build()
    const moved = rebindText(built, renamings)
    expect(moved.text).toBe('create view v as (select x from "orders" where nope)')
    expect(originAt(moved, moved.text.indexOf('nope'))?.span).toEqual({ path, start: 37, end: 37 })
    expect(originAt(moved, moved.text.indexOf('orders'))?.span).toEqual({ path, start: 14, end: 30 })
    expect(originAt(moved, moved.text.indexOf('x '))?.span.start).toBe(7)
  })

  it('gives text without staged names back as it is', () => {
    const sql = { text: 'select 1', segments: [] }
    expect(rebindText(sql, renamings)).toBe(sql)
  })
})
