import type { SampleRows } from '../base/diagnostic.ts'
import type { CanonicalRow, RowDifferences } from '../materializations/compare-rows.ts'

interface Shown {
  readonly words: string
  readonly rows: SampleRows
  readonly more: number
}

/** Rows that are shown; the others are counted. */
const shownRows = 10

/**
 * A table of what differs: each row with what is wrong with it, changed values as `expected → actual`. The columns that
 * differ stand first, behind the one that rows begin with.
 */
export function showDifferences(
  { changed, missing, unexpected }: RowDifferences,
  given: {
    readonly columns: readonly string[]
    readonly expected: readonly CanonicalRow[]
    readonly actual: readonly CanonicalRow[]
  },
): Shown {
  const { columns, expected, actual } = given
  const differing = new Set(changed.flatMap((row) => row.columns))
  const order = columns.map((_, i) => i).sort((a, b) => rank(a, differing) - rank(b, differing) || a - b)
  const lines = [
    ...changed.map(({ expected: i, actual: j, columns: wrong }) => [
      'differs',
      ...order.map((at) =>
        wrong.includes(at) ? `${valueText(expected[i]![at])} → ${valueText(actual[j]![at])}` : (actual[j]![at] ?? null),
      ),
    ]),
    ...missing.map((i) => ['missing', ...order.map((at) => expected[i]![at] ?? null)]),
    ...unexpected.map((j) => ['unexpected', ...order.map((at) => actual[j]![at] ?? null)]),
  ]
  return {
    words: wordsOf(changed.length, missing.length, unexpected.length),
    rows: { columns: ['', ...order.map((at) => columns[at]!)], rows: lines.slice(0, shownRows) },
    more: Math.max(0, lines.length - shownRows),
  }
}

function rank(column: number, differing: ReadonlySet<number>): number {
  if (column === 0) return 0
  return differing.has(column) ? 1 : 2
}

function valueText(value: string | null | undefined): string {
  if (value === null || value === undefined) return 'NULL'
  return value === '' ? "''" : value
}

/** `1 row differs, 2 are missing`. */
function wordsOf(changed: number, missing: number, unexpected: number): string {
  const parts: readonly (readonly [count: number, one: string, many: string])[] = [
    [changed, 'differs', 'differ'],
    [missing, 'is missing', 'are missing'],
    [unexpected, 'is unexpected', 'are unexpected'],
  ]
  return parts
    .filter(([count]) => count > 0)
    .map(
      ([count, one, many], i) => `${count} ${i > 0 ? '' : count === 1 ? 'row ' : 'rows '}${count === 1 ? one : many}`,
    )
    .join(', ')
}

/** A table as plain text, for readers of the artifacts. */
export function plainTable({ columns, rows }: SampleRows): string {
  const lines = [columns, ...rows].map((row) => row.map((cell) => (cell ?? 'NULL').replaceAll(/\r\n?|\n/g, '↵')))
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  return lines.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}
