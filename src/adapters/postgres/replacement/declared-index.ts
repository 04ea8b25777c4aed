import { createHash } from 'node:crypto'
import { quoteIdentifier } from '../../../sql/quote.ts'
import type { IndexSpec } from '../../replacement.ts'
import { shortened } from './shortened.ts'

/** How the comments of what declarations made begin. */
export const MARK = 'made by tsdbt: '

/** An index that a configuration declares, with the name that it bears in the end. */
export interface DeclaredIndex {
  readonly spec: IndexSpec
  readonly name: string
  /** Its comment: tells our indexes from an administrator's, and an unchanged definition from a changed one. */
  readonly mark: string
}

/** Derived names are told apart by a hash of the definition. */
export function declaredIndexes(table: string, specs: readonly IndexSpec[]): readonly DeclaredIndex[] {
  return specs.map((spec) => {
    const { columns, unique, type, include, where } = spec
    const hash = createHash('sha256')
      .update(JSON.stringify([columns, unique, type ?? 'btree', include, where]))
      .digest('hex')
      .slice(0, 8)
    const words = columns.map((column) => (isExpression(column) ? 'expr' : column)).join('_')
    return { spec, name: spec.name ?? shortened(`${table}_${words}`, `_${hash}`), mark: `${MARK}${hash}` }
  })
}

/** True for an index that a declaration made, whether it still stands there or not. */
export function isOurs({ comment }: { readonly comment: string | null }): boolean {
  return comment?.startsWith(MARK) === true
}

/** @param on the quoted name of the relation */
export function createDeclared({ spec }: DeclaredIndex, name: string, on: string): string {
  const { columns, unique, type, include, where } = spec
  const using = type === null ? '' : ` using ${quoteIdentifier(type)}`
  const stored = include.length === 0 ? '' : ` include (${include.map(quoteIdentifier).join(', ')})`
  const keys = columns.map((column) => (isExpression(column) ? column : quoteIdentifier(column))).join(', ')
  const condition = where === null ? '' : ` where ${where}`
  return `create ${unique ? 'unique ' : ''}index ${quoteIdentifier(name)} on ${on}${using} (${keys})${stored}${condition}`
}

function isExpression(column: string): boolean {
  return column.trimStart().startsWith('(')
}
