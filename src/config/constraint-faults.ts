import type { ConstraintEntry } from './property-types.ts'

/** The key that a constraint lacks, or undefined when it is whole. A constraint of a column has its column by its place. */
export function missingConstraintKey(constraint: ConstraintEntry, level: 'column' | 'model'): string | undefined {
  const { type, expression, columns, to, to_columns: toColumns } = constraint
  const has = (text: string | null): boolean => text !== null && text.trim() !== ''
  if (type === 'check' || type === 'custom') return has(expression) ? undefined : 'expression'
  if (level === 'model' && columns.length === 0) return 'columns'
  if (type !== 'foreign_key' || has(expression)) return undefined
  if (!has(to)) return 'to'
  return toColumns.length === 0 ? 'to_columns' : undefined
}
