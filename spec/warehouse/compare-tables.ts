import type { Adapter, Cell, RowSet } from '../../src/adapters/adapter.ts'
import type { RelationName } from '../../src/sql/relation.ts'

/** Doubles agree when they differ by no more than this share: the engines add up in different orders. */
const TOLERANCE = 1e-9

/** Columns whose values belong to the run and not to the data. */
const OF_THE_RUN = new Set(['_loaded_at', 'loaded_at'])

export interface Side {
  readonly adapter: Adapter
  readonly relation: RelationName
}

/** How two tables differ, in words; empty when they are equal. Rows have no order; decimals are compared exactly. */
export async function compareTables(a: Side, b: Side): Promise<readonly string[]> {
  const [left, right] = [await read(a), await read(b)]
  const names = (set: RowSet) => set.columns.map((c) => c.name).join(', ')
  if (names(left) !== names(right)) return [`columns ${names(left)} against ${names(right)}`]
  if (left.rows.length !== right.rows.length) return [`${left.rows.length} rows against ${right.rows.length}`]
  const inexact = left.columns.map((c, i) => isDouble(c.type) || isDouble(right.columns[i]!.type))
  const differences: string[] = []
  const [first, second] = [sorted(left, inexact), sorted(right, inexact)]
  for (const [i, row] of first.entries()) {
    const other = second[i]!
    for (const [j, { name, type }] of left.columns.entries()) {
      if (OF_THE_RUN.has(name) || same(row[j]!, other[j]!, inexact[j]!)) continue
      differences.push(
        `${name} (${type} against ${right.columns[j]!.type}): ${canonical(row[j]!)} against ${canonical(other[j]!)}`,
      )
      if (differences.length >= 5) return differences
    }
  }
  return differences
}

async function read({ adapter, relation }: Side): Promise<RowSet> {
  const session = await adapter.acquire()
  try {
    return await session.query(`select * from ${adapter.dialect.relation(relation)}`)
  } finally {
    await session.release()
  }
}

function isDouble(type: string): boolean {
  return /^(double|float|real)/i.test(type)
}

type Row = readonly Cell[]

/** By the exact columns, then by the inexact ones as far as they are sure to agree. */
function sorted({ columns, rows }: RowSet, inexact: readonly boolean[]): readonly Row[] {
  const key = (row: Row): string => {
    const exact = row.filter((_, i) => !inexact[i] && !OF_THE_RUN.has(columns[i]!.name)).map(canonical)
    const near = row.filter((_, i) => inexact[i]).map((cell) => (cell === null ? '' : Number(cell).toPrecision(5)))
    return [...exact, ...near].join('\u0000')
  }
  return rows
    .map((row) => ({ row, key: key(row) }))
    .sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0))
    .map(({ row }) => row)
}

function same(a: Cell, b: Cell, inexact: boolean): boolean {
  if (!inexact || a === null || b === null) return canonical(a) === canonical(b)
  const [x, y] = [Number(a), Number(b)]
  return Object.is(x, y) || Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y))
}

/** One text for each value, whatever the scale of its decimals and the order of its keys. */
function canonical(cell: Cell): string {
  if (cell === null) return '∅'
  if (typeof cell === 'string') return /^-?\d+\.\d+$/.test(cell) ? cell.replace(/\.?0+$/, '') : cell
  if (typeof cell !== 'object') return String(cell)
  if (Array.isArray(cell)) return `[${(cell as readonly Cell[]).map(canonical).join(',')}]`
  const entries = Object.entries(cell as Readonly<Record<string, Cell>>)
  return `{${entries
    .map(([key, value]) => `${key}:${canonical(value)}`)
    .sort()
    .join(',')}}`
}
