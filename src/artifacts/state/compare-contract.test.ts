import { expect, it } from 'vitest'
import { compareContract } from './compare-contract.ts'
import type { StateEntry } from './state-entry.ts'

function entry(more: Readonly<Record<string, unknown>> = {}): StateEntry {
  return {
    config: { materialized: 'table' },
    contract: { enforced: true },
    columns: { id: { data_type: 'integer', constraints: [{ type: 'not_null', name: null }] } },
    constraints: [],
    ...more,
  }
}

const open = { contract: { enforced: false } }

it.each<[string, StateEntry, StateEntry, readonly [text: string, breaking: boolean][]]>([
  ['nothing', entry(), entry(), []],
  ['no contract at all', entry(open), entry({ ...open, columns: {} }), []],
  ['a contract that comes', entry(), entry(open), [['enforced: false -> true', false]]],
  ['a contract that goes', entry(open), entry(), [['enforced: true -> false', true]]],
  [
    'a column that comes',
    entry({
      columns: { id: { data_type: 'integer', constraints: [{ type: 'not_null' }] }, at: { data_type: 'date' } },
    }),
    entry(),
    [['column `at` was added', false]],
  ],
  ['a column that goes', entry({ columns: {} }), entry(), [['column `id` was removed', true]]],
  [
    'a size',
    entry({ columns: { id: { data_type: 'DECIMAL(12, 2)' } } }),
    entry({ columns: { id: { data_type: 'decimal(10,2)' } } }),
    [['column `id`: decimal(10,2) -> decimal(12, 2)', false]],
  ],
  [
    'another type and a lost constraint',
    entry({ columns: { id: { data_type: 'text' } } }),
    entry(),
    [
      ['column `id`: integer -> text', true],
      ['column `id` lost the constraint not_null', true],
    ],
  ],
  [
    'constraints of the model',
    entry({ constraints: [{ type: 'check', expression: 'id > 0', columns: [] }] }),
    entry({ constraints: [{ type: 'primary_key', expression: null, columns: ['id'] }] }),
    [
      ['the model lost the constraint primary_key on id', true],
      ['the model got the constraint check (id > 0)', false],
    ],
  ],
  [
    'a view in the place of a table with constraints',
    entry({ config: { materialized: 'view' } }),
    entry(),
    [['constraints are not kept: table -> view', true]],
  ],
])('tells of %s', (_, now, before, expected) => {
  const changes = compareContract(now, before)
  expect(changes.map((change) => [change.text, change.breaking === true])).toEqual(expected)
})
