import type { Range } from './ast.ts'

/** What the grammar's actions build: the tree of Handlebars with offsets, before it is checked and lowered. */
export interface RawProgram {
  readonly type: 'Program'
  readonly body: readonly RawStatement[]
  blockParams?: readonly string[] | undefined
  chained?: boolean
}

export type RawStatement = RawContent | RawComment | RawMustache | RawBlock | RawPartial

export interface RawContent {
  readonly type: 'ContentStatement'
  readonly value: string
  readonly loc: Range
}

export interface RawComment {
  readonly type: 'CommentStatement'
  readonly loc: Range
}

export interface RawMustache {
  readonly type: 'MustacheStatement'
  readonly decorator: boolean
  readonly path: RawExpression
  readonly params: readonly RawExpression[]
  readonly hash: RawHash | undefined
  readonly loc: Range
}

export interface RawBlock {
  readonly type: 'BlockStatement'
  readonly kind: 'block' | 'decorator' | 'raw' | 'partial'
  readonly path: RawExpression
  readonly params: readonly RawExpression[]
  readonly hash: RawHash | undefined
  readonly blockParams: readonly string[]
  /** `{{^name}}`: the body is what stands behind `{{else}}`. */
  readonly inverted: boolean
  readonly program: RawProgram
  readonly inverse: RawProgram | undefined
  /** Path of the closing tag; undefined when the block closes with another (`else if`). */
  readonly closePath: RawExpression | undefined
  readonly loc: Range
}

export interface RawPartial {
  readonly type: 'PartialStatement'
  readonly name: RawExpression
  readonly loc: Range
}

export interface RawHash {
  readonly pairs: readonly RawPair[]
  readonly loc: Range
}

export interface RawPair {
  readonly key: string
  readonly value: RawExpression
  readonly loc: Range
}

export interface RawPath {
  readonly type: 'PathExpression'
  readonly data: boolean
  /** As written, `[x y]` with its brackets. */
  readonly segments: readonly string[]
  readonly loc: Range
}

export interface RawCall {
  readonly type: 'SubExpression'
  readonly path: RawExpression
  readonly params: readonly RawExpression[]
  readonly hash: RawHash | undefined
  readonly loc: Range
}

export interface RawLiteral {
  readonly type: 'StringLiteral' | 'NumberLiteral' | 'BooleanLiteral' | 'UndefinedLiteral' | 'NullLiteral'
  readonly value?: string | number | boolean | null | undefined
  readonly loc: Range
}

export type RawExpression = RawPath | RawCall | RawLiteral
