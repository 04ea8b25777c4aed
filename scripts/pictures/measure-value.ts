import type { Aggregation, Expression } from '../../src/config/exports/workbook/measure-expression.ts'
import type { Field } from '../../src/config/exports/workbook/workbook-spec.ts'
import type { Cell, MartTable, Row } from './mart-table.ts'

/** One number for many rows; null for nothing and for a division by zero. */
export function measureValue(field: Field, rows: readonly Row[], measures: MartTable['measures']): number | null {
  if (field.value.kind === 'measure') return evaluate(field.value.expression, rows, measures)
  if (field.value.kind === 'calculation') return calculated(field.value.name, rows, measures)
  throw new Error(`\`${field.text}\` is no measure`)
}

function calculated(name: string, rows: readonly Row[], measures: MartTable['measures']): number | null {
  const expression = measures.get(name)?.expression ?? null
  if (expression === null)
    throw new Error(`\`${name}\` is no arithmetic of aggregates, which is all that a picture can show`)
  return evaluate(expression, rows, measures)
}

function evaluate(expression: Expression, rows: readonly Row[], measures: MartTable['measures']): number | null {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'calculation':
      return calculated(expression.name, rows, measures)
    case 'negative': {
      const value = evaluate(expression.of, rows, measures)
      return value === null ? null : -value
    }
    case 'binary': {
      const left = evaluate(expression.left, rows, measures)
      const right = evaluate(expression.right, rows, measures)
      if (left === null || right === null || (expression.operator === '/' && right === 0)) return null
      return { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[expression.operator]
    }
    case 'aggregate':
      return aggregate(
        expression.aggregation,
        rows.map((row) => row[expression.column] ?? null).filter((cell) => cell !== null),
      )
  }
}

function aggregate(aggregation: Aggregation, cells: readonly Exclude<Cell, null>[]): number | null {
  if (aggregation === 'count') return cells.length
  if (aggregation === 'count_distinct') return new Set(cells).size
  const numbers = cells.map(Number)
  const count = numbers.length
  if (count === 0) return null
  const sum = numbers.reduce((a, b) => a + b, 0)
  switch (aggregation) {
    case 'sum':
      return sum
    case 'avg':
      return sum / count
    case 'min':
      return Math.min(...numbers)
    case 'max':
      return Math.max(...numbers)
    case 'median': {
      const sorted = [...numbers].sort((a, b) => a - b)
      return (sorted[Math.floor((count - 1) / 2)]! + sorted[Math.ceil((count - 1) / 2)]!) / 2
    }
    case 'variance':
    case 'stdev': {
      if (count === 1) return null
      const variance = numbers.reduce((all, x) => all + (x - sum / count) ** 2, 0) / (count - 1)
      return aggregation === 'variance' ? variance : Math.sqrt(variance)
    }
  }
}
