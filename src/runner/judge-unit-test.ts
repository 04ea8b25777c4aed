import type { Cell, ResultColumn, RowSet } from '../adapters/adapter.ts'
import type { SampleRows } from '../base/diagnostic.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import type { Span } from '../base/span.ts'
import { typedCells } from '../compile/given-sql.ts'
import type { FixtureCell } from '../config/unit-test-entry.ts'
import { canonicalCell, canonicalValue, type ValueFamily, valueFamily } from '../materializations/canonical-value.ts'
import { type CanonicalRow, compareRows } from '../materializations/compare-rows.ts'
import type { UnitTest } from '../project/resource.ts'
import { findUnfit } from './execute-unit-test.ts'
import { queryText } from './prepare-unit-test.ts'
import type { RunContext } from './run-context.ts'
import { plain, queryFor } from './run-statement.ts'
import { showDifferences } from './show-differences.ts'
import { unknownExpectedColumn } from './unit-test-errors.ts'
import type { Worker } from './worker-pool.ts'

/** How the rows of a unit test differ from those that are expected. */
export interface Judgement {
  readonly failures: number
  readonly words: string
  readonly rows: SampleRows
  /** How many differing rows are not among `rows`. */
  readonly more: number
  /** The first expected value or row that is not there; null when all are. */
  readonly span: Span | null
}

/** What is expected, in the form in which it is compared and in that in which it is shown. */
interface Expected {
  readonly columns: readonly string[]
  readonly rows: readonly CanonicalRow[]
  readonly shown: readonly CanonicalRow[]
  readonly spans: readonly (readonly Span[])[] | null
}

/** Null when the rows are as expected. Raises `UserError` for an expectation that does not fit to the columns. */
export async function judgeUnitTest(
  context: RunContext,
  worker: Worker,
  test: UnitTest,
  actual: RowSet,
): Promise<Judgement | null> {
  const { rows: written, tolerance } = test.expect
  const names =
    written.kind === 'rows'
      ? written.columns
      : (await queryFor(context, worker, test, queryText(written), 0)).columns.map((c) => c.name)
  const positions = names.map((name) => positionOf(actual.columns, name))
  refuseUnknown(test, names, positions, actual.columns)
  const columns = positions.map((at) => actual.columns[at]!)
  const families = columns.map((c) => valueFamily(c.type))
  const found = actual.rows.map((row) => positions.map((at, i) => canonicalCell(row[at]!, families[i]!)))
  const expected =
    written.kind === 'rows'
      ? await expectedRows(context, worker, { test, columns, families, found })
      : await expectedQuery(context, worker, { test, columns, families, found })
  const numeric = families.map((family) => family === 'number' || family === 'double')
  // Without a column nothing but the number of rows is expected.
  const differences = compareRows({ expected: expected.rows, actual: found, tolerance, numeric })
  const failures = differences.changed.length + differences.missing.length + differences.unexpected.length
  if (failures === 0) return null
  const view = names.length === 0 ? wholeRows(actual) : { columns: names, rows: found }
  const shown = showDifferences(differences, { columns: view.columns, expected: expected.shown, actual: view.rows })
  const [changed] = differences.changed
  const first = Math.min(changed?.expected ?? Number.POSITIVE_INFINITY, ...differences.missing)
  const spans = expected.spans?.[first]
  const span = spans === undefined ? null : changed?.expected === first ? spans[changed.columns[0]! + 1]! : spans[0]!
  return { failures, ...shown, span }
}

function wholeRows({ columns, rows }: RowSet): {
  readonly columns: readonly string[]
  readonly rows: readonly CanonicalRow[]
} {
  const families = columns.map((c) => valueFamily(c.type))
  return {
    columns: columns.map((c) => c.name),
    rows: rows.map((row) => row.map((cell, i) => canonicalCell(cell, families[i]!))),
  }
}

function positionOf(columns: readonly ResultColumn[], name: string): number {
  const exact = columns.findIndex((c) => c.name === name)
  return exact >= 0 ? exact : columns.findIndex((c) => c.name.toLowerCase() === name.toLowerCase())
}

function refuseUnknown(
  test: UnitTest,
  names: readonly string[],
  positions: readonly number[],
  columns: readonly ResultColumn[],
): void {
  const unknown = names.filter((_, i) => positions[i] === -1)
  if (unknown.length === 0) return
  const { rows } = test.expect
  const known = columns.map((c) => c.name)
  throw new UserError(
    unknown.map((column) => {
      const cells = rows.kind === 'rows' ? rows.rows.flatMap((row) => row.cells) : []
      const span = cells.find((cell) => cell.column === column)?.columnSpan ?? test.expect.span
      return unknownExpectedColumn({ column, known }, { span, node: test.uniqueId })
    }),
  )
}

interface Asked {
  readonly test: UnitTest
  readonly columns: readonly ResultColumn[]
  readonly families: readonly ValueFamily[]
  readonly found: readonly CanonicalRow[]
}

async function expectedRows(
  context: RunContext,
  worker: Worker,
  { test, columns, families, found }: Asked,
): Promise<Expected> {
  const { rows } = test.expect
  if (rows.kind !== 'rows') return { columns: [], rows: [], shown: [], spans: null }
  const cells = rows.rows.map((row) => rows.columns.map((name) => row.cells.find((c) => c.column === name)!))
  const asked = new Map<FixtureCell, string>()
  const canonical = cells.map((row) =>
    row.map((cell, i) => {
      const known = canonicalValue(cell.value, families[i]!)
      if (known !== undefined) return known
      // What stands in the result as it is written needs no other form.
      if (typeof cell.value === 'string' && found.some((other) => other[i] === cell.value)) return cell.value
      asked.set(cell, columns[i]!.type)
      return undefined
    }),
  )
  const forms = await formsOf(context, worker, test, asked)
  return {
    columns: rows.columns,
    rows: canonical.map((row, r) =>
      row.map((form, i) => (form === undefined ? canonicalCell(forms.get(cells[r]![i]!)!, families[i]!) : form)),
    ),
    shown: cells.map((row) => row.map((cell) => shownValue(cell))),
    spans: cells.map((row, r) => [rows.rows[r]!.span, ...row.map((cell) => cell.span)]),
  }
}

function shownValue({ value }: FixtureCell): string | null {
  if (value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Values as the engine writes them, in one query. */
async function formsOf(
  context: RunContext,
  worker: Worker,
  test: UnitTest,
  asked: ReadonlyMap<FixtureCell, string>,
): Promise<ReadonlyMap<FixtureCell, Cell>> {
  if (asked.size === 0) return new Map()
  const cells = [...asked].map(([cell, type]) => ({ cell, type }))
  try {
    const { rows } = await worker.session.query(typedCells(cells, context.dialect).text)
    return new Map(cells.map(({ cell }, i) => [cell, rows[0]![i]!]))
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const unfit = await findUnfit(context, worker, test, cells)
    throw unfit.length > 0 ? new UserError(unfit) : error
  }
}

/** Values of a query are compared in the types of the model's columns, numbers as they are. */
async function expectedQuery(
  context: RunContext,
  worker: Worker,
  { test, columns, families }: Asked,
): Promise<Expected> {
  const { rows } = test.expect
  if (rows.kind !== 'sql') return { columns: [], rows: [], shown: [], spans: null }
  const text = queryText(rows)
  const { columns: own } = await queryFor(context, worker, test, text, 0)
  const { dialect } = context
  const isNumber = (family: ValueFamily): boolean => family === 'number' || family === 'double'
  const selected = own.map(({ name, type }, i) => {
    const quoted = dialect.identifier(name)
    const same = type === columns[i]!.type || (isNumber(families[i]!) && isNumber(valueFamily(type)))
    return same ? quoted : `cast(${quoted} as ${columns[i]!.type}) as ${quoted}`
  })
  const statement = `select ${selected.join(', ')} from (\n${text.text}\n) as expected`
  const answer = await queryFor(context, worker, test, plain(statement))
  const canonical = answer.rows.map((row) => row.map((cell, i) => canonicalCell(cell, families[i]!)))
  return { columns: own.map((c) => c.name), rows: canonical, shown: canonical, spans: null }
}
