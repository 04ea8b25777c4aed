import { describe, expect, inject, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  it.each([
    ['type_string', "'é'", 'é'],
    ['type_integer', "'12'", 12],
    ['type_int', "'-12'", -12],
    ['type_bigint', "'9007199254740993'", 9007199254740993n],
    ['type_numeric', "'1.0000015'", '1.000002'],
    ['type_float', "'0.1'", 0.1],
    ['type_boolean', "'true'", true],
    ['type_date', "'2024-02-29'", '2024-02-29'],
    ['type_timestamp', "'2024-02-29 10:00:00'", '2024-02-29 10:00:00'],
  ])('%s holds its values', async (type, text, expected) => {
    expect(await db.value(`{{cast "${text}" (${type})}}`)).toEqual(expected)
  })

  it('type_float is 64 bits wide', async () => {
    expect(await db.value(`{{cast "'123456789.123456789'" (type_float)}}`)).toBe(123456789.12345679)
  })

  it('cast raises for a value that does not fit', async () => {
    await expect(db.value(`{{cast "'x'" "integer"}}`)).rejects.toThrow()
  })

  describe.skipIf(db.engine === 'postgres' && inject('postgres').version < 16)('safe_cast', () => {
    it.each([
      ['12', 'integer', 12],
      [' 12 ', 'integer', 12],
      ['-7', 'bigint', -7],
      ['1.5', 'integer', null],
      ['1e3', 'integer', null],
      ['0x1F', 'integer', null],
      ['1_000', 'integer', null],
      ['3000000000', 'integer', null],
      ['', 'integer', null],
      ['12.345', 'numeric(10, 2)', '12.35'],
      ['1,5', 'numeric(10, 2)', null],
      ['-', 'numeric(10, 2)', null],
      ['0.1', 'double precision', 0.1],
      ['n/a', 'double precision', null],
      ['2024-02-29', 'date', '2024-02-29'],
      ['2023-02-29', 'date', null],
      ['01/02/2024', 'date', null],
      ['2024-02-29 10:30:00', 'timestamp', '2024-02-29 10:30:00'],
      ['today', 'timestamp', null],
      ['true', 'boolean', true],
      ['maybe', 'boolean', null],
    ])('%j as %s', async (text, type, expected) => {
      expect(await db.value(`{{safe_cast "'${text}'" "${type}"}}`)).toEqual(expected)
    })

    it('keeps null', async () => {
      expect(await db.value('{{safe_cast "cast(null as text)" "integer"}}')).toBe(null)
    })
  })
})
