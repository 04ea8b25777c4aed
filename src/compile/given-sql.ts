import type { ResultColumn } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import { type MappedText, MappedTextBuilder } from '../base/source-map.ts'
import type { FixtureCell, FixtureRows, FixtureValue } from '../config/unit-test-entry.ts'

/** A query of no rows with these columns. */
export function emptyRows(columns: readonly ResultColumn[], dialect: Dialect): MappedText {
  const names = columns.map((c) => `cast(null as ${c.type}) as ${dialect.identifier(c.name)}`)
  return { text: `select ${names.length === 0 ? 'null as nothing' : names.join(', ')} where 1 = 0`, segments: [] }
}

/** A query of the given rows with all `columns`, in their types; a column that a row does not name is null. */
export function givenRows(
  rows: Extract<FixtureRows, { kind: 'rows' }>,
  columns: readonly ResultColumn[],
  dialect: Dialect,
): MappedText {
  if (rows.rows.length === 0) return emptyRows(columns, dialect)
  const named = columns.filter((c) => rows.columns.includes(c.name))
  const selected = columns.map((c) => {
    const at = named.indexOf(c)
    return `cast(${at < 0 ? 'null' : `c${at}`} as ${c.type}) as ${dialect.identifier(c.name)}`
  })
  const out = new MappedTextBuilder().raw(`select ${selected.join(', ')}\nfrom (values `)
  for (const [i, row] of rows.rows.entries()) {
    out.raw(i === 0 ? '(' : ',\n  (')
    if (named.length === 0) out.raw('null')
    for (const [at, column] of named.entries()) {
      const cell = row.cells.find((c) => c.column === column.name)
      out.raw(at === 0 ? '' : ', ')
      if (cell === undefined) out.raw('null')
      else out.mapped(cellSql(cell.value, column.type, dialect), cell.span, false)
    }
    out.raw(')')
  }
  const names = named.length === 0 ? ['c0'] : named.map((_, i) => `c${i}`)
  return out.raw(`) as given (${names.join(', ')})`).build()
}

/** A query over a query that gives some of the columns: with all of them, in their types. */
export function givenQuery(
  sql: MappedText,
  present: readonly string[],
  columns: readonly ResultColumn[],
  dialect: Dialect,
): MappedText {
  const selected = columns.map((c) => {
    const value = present.includes(c.name) ? `given.${dialect.identifier(c.name)}` : 'null'
    return `cast(${value} as ${c.type}) as ${dialect.identifier(c.name)}`
  })
  return new MappedTextBuilder()
    .raw(`select ${selected.join(', ')}\nfrom (\n`)
    .append(sql)
    .raw('\n) as given')
    .build()
}

/** One row of expected values, each in the type of its column. */
export function typedCells(
  cells: readonly { readonly cell: FixtureCell; readonly type: string }[],
  dialect: Dialect,
): MappedText {
  const out = new MappedTextBuilder().raw('select ')
  for (const [i, { cell, type }] of cells.entries()) {
    out
      .raw(i === 0 ? 'cast(' : ', cast(')
      .mapped(cellSql(cell.value, type, dialect), cell.span, false)
      .raw(` as ${type}) as v${i}`)
  }
  return out.build()
}

/** A literal of the value, to be cast to `type`. */
function cellSql(value: FixtureValue, type: string, dialect: Dialect): string {
  if (value === null) return 'null'
  if (typeof value === 'object' && isJson(type)) return dialect.literal(JSON.stringify(value))
  return dialect.literal(typeof value === 'object' ? value : String(value))
}

/** Both engines call it so. */
function isJson(type: string): boolean {
  return /^jsonb?$/i.test(type)
}
