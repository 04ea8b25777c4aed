import { expect, it } from 'vitest'
import { isNested, isPlainList, readAs, storedType, takesText } from './type-map.ts'

it('has a type with room for every value of the reader', () => {
  const types = ['VARCHAR', 'UBIGINT', 'DECIMAL(38,10)', 'DOUBLE', 'INTEGER[]', 'DECIMAL(4,1)[]', "ENUM('a')"]
  expect(types.map(storedType)).toEqual([
    'text',
    'numeric(20,0)',
    'numeric(38,10)',
    'double precision',
    'integer[]',
    'numeric(4,1)[]',
    'text',
  ])
})

it('makes JSON of what has no type of its own', () => {
  for (const type of [
    'STRUCT(a INTEGER)',
    'MAP(VARCHAR, INTEGER)',
    'INTEGER[][]',
    'STRUCT(a INTEGER)[]',
    'INTEGER[3]',
  ]) {
    expect([type, isNested(type), isPlainList(type), storedType(type)]).toEqual([type, true, false, 'jsonb'])
  }
})

it('reads what the reader knows by its rules, other decimals as digits, the rest as text', () => {
  const stored = ['character varying(10)', 'timestamp(3) with time zone', 'numeric(18,2)', 'numeric', 'numeric(50,3)']
  expect(stored.map(readAs)).toEqual([
    { type: 'VARCHAR', family: 'text' },
    { type: 'TIMESTAMP WITH TIME ZONE', family: 'timestamptz' },
    { type: 'DECIMAL(18,2)', family: 'decimal' },
    { type: 'VARCHAR', family: 'number' },
    { type: 'VARCHAR', family: 'number' },
  ])
  expect(['inet', 'integer[]', 'inet[]', 'numeric(2,-3)'].map((type) => readAs(type).type)).toEqual([
    'VARCHAR',
    'INTEGER[]',
    'VARCHAR',
    'VARCHAR',
  ])
})

it('knows what takes every text', () => {
  expect(['text', 'character varying(10)', 'bpchar', 'text[]', 'inet'].map(takesText)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})
