import { describe, expect, it } from 'vitest'
import { UserError } from '../../../base/errors.ts'
import type { ReplaceRequest } from '../../replacement.ts'
import { decide, predict } from './decide.ts'
import type { CatalogFacts, ColumnFacts, DependantFact, RelationFacts } from './relation-facts.ts'

const column = (name: string, type = 'integer', more: Partial<ColumnFacts> = {}): ColumnFacts => ({
  ...{ name, type, notNull: false, default: null, identity: '', sequence: null, generated: '', statistics: null },
  ...{ storage: 'p', typeStorage: 'p', compression: '', options: null, rights: null, comment: null, labels: [] },
  ...more,
})

const relation = (more: Partial<RelationFacts> = {}): RelationFacts => ({
  ...{ oid: 1, schema: 's', name: 't', fullName: 's.t', kind: 'r', owner: 'own', mine: true, persistence: 'p' },
  ...{ tablespace: null, accessMethod: 'heap', options: [], toastOptions: [], rowSecurity: false },
  ...{ forceRowSecurity: false, rowSecurityActive: false, replicaIdentity: 'd', replicaIndex: null, ofType: false },
  ...{ extension: null, partitionKey: null, isPartition: false, partitions: [], parents: [], rights: null },
  ...{ comment: null, labels: [], bytes: 8192, populated: true, query: null, columns: [column('a')], indexes: [] },
  ...{ constraints: [], triggers: [], rules: [], policies: [], statistics: [], publications: [], sequences: [] },
  ...{ refusesDeletes: false, readers: [], dependants: [] },
  ...more,
})

const request: ReplaceRequest = {
  target: { database: 'd', schema: 's', identifier: 't' },
  staged: { database: 'd', schema: 's', identifier: 't__tsdbt_00000000' },
  ...{ existing: 'table', kind: 'table', method: 'auto' },
  storage: { indexes: [], unlogged: false, fillfactor: null, tablespace: null, partitionBy: null },
}
const none: CatalogFacts = { relations: [], version: 180000 }
const staged = relation({ oid: 2, name: 't__tsdbt_00000000' })
const MB = 1024 * 1024
const foreignKey: DependantFact = {
  ...{ kind: 'foreign_key', description: 'constraint k', definition: null, mine: true, onDelete: 'a', columns: [] },
}

describe('decide', () => {
  it('goes by the size of the larger table', () => {
    expect(decide(request, relation(), staged, none)).toEqual({ how: 'in_place', why: 'same columns, 8 kB' })
    expect(decide(request, relation({ bytes: 16 * MB }), staged, none).how).toBe('in_place')
    expect(decide(request, relation({ bytes: 820 * MB }), staged, none)).toEqual({
      how: 'swap',
      why: 'same columns, 820 MB',
    })
    expect(decide(request, relation(), { ...staged, bytes: 17 * MB }, none).how).toBe('swap')
  })

  it('keeps a large table that rows of others refer to', () => {
    const old = relation({ bytes: 820 * MB, dependants: [foreignKey] })
    expect(decide(request, old, staged, none)).toEqual({ how: 'in_place', why: 'same columns, keeps constraint k' })
  })

  it('takes order for no change and a generated column for none of the model', () => {
    const old = relation({ columns: [column('b'), column('a'), column('c', 'text', { generated: 's' })] })
    expect(decide(request, old, { ...staged, columns: [column('a'), column('b')] }, none).how).toBe('in_place')
  })

  it('refuses when neither way is left, and lists both', () => {
    const old = relation({ dependants: [{ ...foreignKey, onDelete: 'c' }] })
    expect(() => decide(request, old, staged, none)).toThrow(UserError)
    expect(() => decide(request, old, staged, none)).toThrow(/would have to be checked.*would reach its rows/)
  })

  it('shows a long list of changes in short', () => {
    const many = [...'abcdefgh'].map((name) => column(name))
    expect(decide(request, relation(), { ...staged, columns: many }, none).why).toBe(
      'columns changed: +b, +c, +d, +e, +f, 2 more',
    )
  })
})

describe('predict', () => {
  const auto = { method: 'auto', storage: request.storage, kind: 'table' } as const

  it('knows the way without rows', () => {
    expect(predict(auto, relation({ bytes: 2.5 * MB }), [{ name: 'a', type: 'integer' }], none)).toEqual({
      how: 'in_place',
      why: 'same columns, 2.5 MB',
    })
    expect(predict({ ...auto, method: 'in_place' }, relation(), [{ name: 'a', type: 'text' }], none)).toEqual({
      how: 'in_place',
      why: 'forced by `replace: in_place`, but impossible: columns changed: a: integer -> text',
    })
  })

  it('says beforehand that it would be refused', () => {
    const old = relation({ dependants: [foreignKey] })
    expect(predict(auto, old, [{ name: 'b', type: 'integer' }], none)).toEqual({
      how: 'swap',
      why: 'columns changed: +b, -a; would be refused: constraint k: its rows refer to this table, and would have to be checked again under a lock',
    })
    expect(predict(auto, old, [{ name: 'a', type: 'integer' }], none).how).toBe('in_place')
  })

  it('compares partitions by their key', () => {
    const partitionBy = { kind: 'range', column: 'day', granularity: 'month' } as const
    const old = relation({ kind: 'p', partitionKey: 'RANGE (day)' })
    const storage = { ...request.storage, partitionBy }
    expect(predict({ ...auto, storage }, old, null, none)).toMatchObject({ how: null })
    expect(predict({ ...auto, storage }, relation(), null, none)).toEqual({
      how: 'swap',
      why: 'the partitioning changes',
    })
  })
})
