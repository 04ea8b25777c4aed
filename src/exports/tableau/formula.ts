import type { TableauDatatype } from './field.ts'
import { AGGREGATES, type FunctionResult, functionResult } from './formula-functions.ts'

/** A piece of a formula; `start` and `end` are offsets in its text. */
export interface FormulaToken {
  readonly kind: 'reference' | 'string' | 'date' | 'number' | 'word' | 'symbol'
  /** Without brackets for a reference; words in capitals. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Where a formula cannot be read, and why. */
export interface FormulaProblem {
  readonly problem: string
  readonly start: number
  readonly end: number
}

const CLOSING: { readonly [open: string]: string } = { '(': ')', '{': '}' }
const PIECE =
  /(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|\[((?:[^\]]|\]\])*)\]|("(?:[^"]|"")*"|'(?:[^']|'')*')|(#[^#\n]+#)|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([\p{L}_][\p{L}\p{N}_]*)|(<>|!=|<=|>=|==|[\s\S])/uy

/** The tokens of a formula without blanks and comments, or what is wrong with it. */
export function readFormula(formula: string): readonly FormulaToken[] | FormulaProblem {
  const tokens: FormulaToken[] = []
  const open: FormulaToken[] = []
  PIECE.lastIndex = 0
  while (PIECE.lastIndex < formula.length) {
    const start = PIECE.lastIndex
    const [all, blank, reference, string, date, number, word, symbol] = PIECE.exec(formula)!
    const end = start + all.length
    if (blank !== undefined) continue
    const unclosed = symbol === undefined ? undefined : (UNCLOSED[symbol + formula.charAt(end)] ?? UNCLOSED[symbol])
    if (unclosed !== undefined) return { problem: unclosed, start, end: formula.length }
    const token: FormulaToken =
      reference !== undefined
        ? { kind: 'reference', text: reference.replaceAll(']]', ']'), start, end }
        : string !== undefined
          ? { kind: 'string', text: string, start, end }
          : date !== undefined
            ? { kind: 'date', text: date, start, end }
            : number !== undefined
              ? { kind: 'number', text: number, start, end }
              : word !== undefined
                ? { kind: 'word', text: word.toUpperCase(), start, end }
                : { kind: 'symbol', text: symbol!, start, end }
    tokens.push(token)
    if (token.kind !== 'symbol') continue
    if (token.text in CLOSING) open.push(token)
    else if (token.text === ')' || token.text === '}') {
      const opened = open.pop()
      if (opened === undefined || CLOSING[opened.text] !== token.text)
        return { problem: `\`${token.text}\` closes nothing`, start, end }
    }
  }
  const left = open.pop()
  if (left !== undefined) return { problem: `\`${left.text}\` is not closed`, start: left.start, end: left.end }
  return tokens.length === 0 ? { problem: 'it is empty', start: 0, end: formula.length } : tokens
}

const UNCLOSED: { readonly [opening: string]: string } = {
  '[': '`[` is not closed',
  '"': 'a text is not closed',
  "'": 'a text is not closed',
  '/*': 'a comment is not closed',
}

/** Calls in a formula: words before a parenthesis. */
export function calledFunctions(tokens: readonly FormulaToken[]): readonly FormulaToken[] {
  return tokens.filter((token, i) => token.kind === 'word' && tokens[i + 1]?.text === '(' && !NOT_CALLS.has(token.text))
}

const NOT_CALLS = new Set(['IF', 'ELSEIF', 'THEN', 'ELSE', 'CASE', 'WHEN', 'AND', 'OR', 'NOT', 'IN', 'END'])

/** Whether a value is one a row, of many rows, or the same everywhere. */
export type FormulaLevel = 'row' | 'aggregate' | 'constant'

/** What is known of the fields that a formula names. */
export type FieldFacts = (
  name: string,
) => { readonly datatype: TableauDatatype; readonly level: FormulaLevel } | undefined

/** The level of a formula's value. A level of detail (`{FIXED …}`) gives a value a row. */
export function formulaLevel(tokens: readonly FormulaToken[], facts: FieldFacts): FormulaLevel {
  const levels = outsideBraces(tokens).map((token, i, all): FormulaLevel => {
    if (token.kind === 'reference') return facts(token.text)?.level ?? 'row'
    if (isAggregation(all, i)) return 'aggregate'
    return token.text === '{' ? 'row' : 'constant'
  })
  return levels.includes('aggregate') ? 'aggregate' : levels.includes('row') ? 'row' : 'constant'
}

/** The first field of an aggregating formula that stands outside of every aggregation; undefined when there is none. */
export function plainWithinAggregate(tokens: readonly FormulaToken[], facts: FieldFacts): FormulaToken | undefined {
  if (formulaLevel(tokens, facts) !== 'aggregate') return undefined
  const all = outsideBraces(tokens)
  const within: boolean[] = []
  for (const [i, token] of all.entries()) {
    const inside = within.at(-1) ?? false
    if (token.text === '(' && token.kind === 'symbol') within.push(inside || isAggregation(all, i - 1))
    else if (token.text === ')' && token.kind === 'symbol') within.pop()
    else if (token.kind === 'reference' && !inside && facts(token.text)?.level === 'row') return token
  }
  return undefined
}

/** Whether the token calls an aggregation: `MIN` and `MAX` of two arguments are none. */
function isAggregation(tokens: readonly FormulaToken[], index: number): boolean {
  const token = tokens[index]
  if (token?.kind !== 'word' || !AGGREGATES.has(token.text) || tokens[index + 1]?.text !== '(') return false
  if (token.text !== 'MIN' && token.text !== 'MAX') return true
  const inside = tokens.slice(index + 2)
  const end = inside.findIndex((t, i) => t.text === ')' && depthAt(inside, i) === 0)
  return !inside.slice(0, end).some((t, i) => t.text === ',' && depthAt(inside, i) === 0)
}

function outsideBraces(tokens: readonly FormulaToken[]): readonly FormulaToken[] {
  let depth = 0
  return tokens.filter((token) => {
    if (token.kind === 'symbol' && token.text === '{') depth++
    const outside = depth === 0
    if (token.kind === 'symbol' && token.text === '}') depth--
    return outside
  })
}

/** The type of a formula's value, as far as its shape tells; else a number. */
export function formulaType(tokens: readonly FormulaToken[], facts: FieldFacts): TableauDatatype {
  const first = tokens[0]
  if (first === undefined) return 'real'
  if (first.text === 'IF' || first.text === 'CASE') return branchType(tokens, facts)
  const operators = tokens.filter((_, i) => depthAt(tokens, i) === 0 && i > 0)
  if (first.text === 'NOT' || operators.some((t) => COMPARES.has(t.text) && t.kind !== 'string')) return 'boolean'
  if (tokens.length === 1) return atomType(first, facts)
  const parts = operands(tokens)
  if (parts.length > 1) return arithmeticType(tokens, parts, facts)
  if (first.text === '-' || first.text === '+') return formulaType(tokens.slice(1), facts)
  const inner = tokens.slice(1, -1)
  if (first.text === '(') return formulaType(inner, facts)
  if (first.text === '{') return formulaType(inner.slice(inner.findIndex((t) => t.text === ':') + 1), facts)
  return first.kind === 'word' ? callType(first.text, tokens.slice(2, -1), facts) : 'real'
}

const COMPARES = new Set(['=', '==', '<>', '!=', '<', '>', '<=', '>=', 'AND', 'OR', 'IN'])
const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '^'])

function depthAt(tokens: readonly FormulaToken[], index: number): number {
  let depth = 0
  for (const token of tokens.slice(0, index)) {
    if (token.kind !== 'symbol') continue
    if (token.text in CLOSING) depth++
    else if (token.text === ')' || token.text === '}') depth--
  }
  return depth
}

/** Parts between operators of the outermost level. */
function operands(tokens: readonly FormulaToken[]): readonly (readonly FormulaToken[])[] {
  const parts: FormulaToken[][] = [[]]
  for (const [i, token] of tokens.entries()) {
    const splits = token.kind === 'symbol' && ARITHMETIC.has(token.text) && depthAt(tokens, i) === 0
    if (splits && parts.at(-1)!.length > 0) parts.push([])
    else parts.at(-1)!.push(token)
  }
  return parts
}

function arithmeticType(
  tokens: readonly FormulaToken[],
  parts: readonly (readonly FormulaToken[])[],
  facts: FieldFacts,
): TableauDatatype {
  const types = parts.map((part) => formulaType(part, facts))
  if (types.includes('string')) return 'string'
  const dates = types.filter((type) => type === 'date' || type === 'datetime')
  if (dates.length === 1) return dates[0]!
  const divides = tokens.some((token, i) => (token.text === '/' || token.text === '^') && depthAt(tokens, i) === 0)
  return !divides && types.every((type) => type === 'integer') ? 'integer' : 'real'
}

/** Of the first branch: all have the same type. */
function branchType(tokens: readonly FormulaToken[], facts: FieldFacts): TableauDatatype {
  const from = tokens.findIndex((token) => token.text === 'THEN')
  const rest = tokens.slice(from + 1)
  let nested = 0
  const to = rest.findIndex((token) => {
    if (token.text === 'IF' || token.text === 'CASE') nested++
    if (nested === 0 && ['ELSEIF', 'ELSE', 'WHEN', 'END'].includes(token.text)) return true
    if (token.text === 'END') nested--
    return false
  })
  return from < 0 || to <= 0 ? 'real' : formulaType(rest.slice(0, to), facts)
}

function atomType(token: FormulaToken, facts: FieldFacts): TableauDatatype {
  if (token.kind === 'reference') return facts(token.text)?.datatype ?? 'real'
  if (token.kind === 'string') return 'string'
  if (token.kind === 'date') return /\d:\d/.test(token.text) ? 'datetime' : 'date'
  if (token.kind === 'number') return /[.eE]/.test(token.text) ? 'real' : 'integer'
  return token.text === 'TRUE' || token.text === 'FALSE' ? 'boolean' : 'real'
}

function callType(name: string, inside: readonly FormulaToken[], facts: FieldFacts): TableauDatatype {
  const result: FunctionResult = functionResult(name) ?? 'real'
  if (result !== 'first' && result !== 'second') return result
  const commas = inside.flatMap((token, i) => (token.text === ',' && depthAt(inside, i) === 0 ? [i] : []))
  const from = result === 'first' ? 0 : (commas[0] ?? -1) + 1
  const to = result === 'first' ? (commas[0] ?? inside.length) : (commas[1] ?? inside.length)
  return formulaType(inside.slice(from, to), facts)
}
