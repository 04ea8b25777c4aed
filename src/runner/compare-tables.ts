import type { ResultColumn, RowSet } from '../adapters/adapter.ts'
import { canonicalCell, valueFamily } from '../materializations/canonical-value.ts'
import { compareRows } from '../materializations/compare-rows.ts'
import type { Node, NodeRelation } from '../project/resource.ts'
import type { RunContext } from './run-context.ts'
import { plain, queryFor } from './run-statement.ts'
import { showDifferences } from './show-differences.ts'
import type { Worker } from './worker-pool.ts'

/** How two tables differ: how many rows, and some of them. */
export interface TableDifferences {
  readonly failures: number
  readonly shown: ReturnType<typeof showDifferences>
}

/** Rows of each side that are fetched to be shown. */
const fetched = 100

/** Compares two tables as bags of rows, in the engine; null when they are equal. Columns are those of both. */
export async function compareTables(
  context: RunContext,
  worker: Worker,
  node: Node,
  tables: { readonly expected: NodeRelation; readonly actual: NodeRelation; readonly ignored: ReadonlySet<string> },
): Promise<TableDifferences | null> {
  const { expected, actual, ignored } = tables
  const others = new Set((await worker.session.columnsOf(actual)).map((c) => c.name))
  const columns = (await worker.session.columnsOf(expected)).filter((c) => others.has(c.name) && !ignored.has(c.name))
  const difference = (left: NodeRelation, right: NodeRelation) => onlyIn(context, columns, left, right)
  const ask = (sql: string): Promise<RowSet> => queryFor(context, worker, node, plain(sql))
  const counts = await ask(
    `select (select count(*) from (${difference(expected, actual)}) as a) as missing, (select count(*) from (${difference(actual, expected)}) as b) as unexpected`,
  )
  const [missing, unexpected] = counts.rows[0]!.map(Number) as [number, number]
  if (missing + unexpected === 0) return null
  const order = columns.map((_, i) => i + 1).join(', ')
  const families = columns.map((c) => valueFamily(c.type))
  const rows = async (left: NodeRelation, right: NodeRelation) => {
    const found = await ask(`select * from (${difference(left, right)}) as d order by ${order} limit ${fetched}`)
    return found.rows.map((row) => row.map((cell, i) => canonicalCell(cell, families[i]!)))
  }
  const [left, right] = [await rows(expected, actual), await rows(actual, expected)]
  const numeric = families.map((family) => family === 'number' || family === 'double')
  const differences = compareRows({ expected: left, actual: right, tolerance: 0, numeric })
  const names = columns.map((c) => c.name)
  const shown = showDifferences(differences, { columns: names, expected: left, actual: right })
  const seen = left.length + right.length
  const more = shown.more + missing + unexpected - seen
  // A changed row stands on both sides.
  return { failures: missing + unexpected - differences.changed.length, shown: { ...shown, more } }
}

/** Types without an order or equality are compared as text. */
function onlyIn(
  { dialect }: RunContext,
  columns: readonly ResultColumn[],
  left: NodeRelation,
  right: NodeRelation,
): string {
  const selected = columns.map(({ name, type }) => {
    const quoted = dialect.identifier(name)
    return /^json$/i.test(type) ? `cast(${quoted} as text) as ${quoted}` : quoted
  })
  const from = (relation: NodeRelation) => `select ${selected.join(', ')} from ${dialect.relation(relation)}`
  return `${from(left)} except all ${from(right)}`
}
