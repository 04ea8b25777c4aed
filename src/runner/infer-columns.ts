import type { ResultColumn } from '../adapters/adapter.ts'
import type { FixtureRows, FixtureValue } from '../config/unit-test-entry.ts'

type Rows = Extract<FixtureRows, { kind: 'rows' }>

/** Types that hold all values of the columns, where nothing better is known. */
export function inferColumns(rows: Rows, names: readonly string[]): readonly ResultColumn[] {
  return names.map((name) => ({
    name,
    type: typeOf(rows.rows.flatMap((row) => row.cells.filter((c) => c.column === name).map((c) => c.value))),
  }))
}

const kinds: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['boolean', /^(?:true|false)$/i],
  ['bigint', /^[-+]?\d{1,18}$/],
  ['decimal(38,10)', /^[-+]?\d{0,28}(?:\.\d{0,10})?$/],
  ['double precision', /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['timestamp', /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?$/],
]

/** A leading zero says that digits are no number. */
const padded = /^[-+]?0\d/

function typeOf(values: readonly FixtureValue[]): string {
  const known = values.filter((value) => value !== null)
  const texts = known.map((value) => (typeof value === 'object' ? undefined : String(value)))
  if (known.length === 0 || texts.some((text) => text === undefined || text === '' || padded.test(text))) return 'text'
  return kinds.find(([, pattern]) => texts.every((text) => pattern.test(text!)))?.[0] ?? 'text'
}
