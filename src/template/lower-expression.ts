import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { Argument, Call, Expression, Range } from './ast.ts'
import { duplicateArgument, invalidStatement, lossyNumber, syntaxError, tooDeep } from './errors.ts'
import { unbracket } from './grammar.ts'
import { nestingLimit } from './lexer.ts'
import type { RawCall, RawExpression, RawHash, RawLiteral, RawMustache, RawPath } from './syntax-tree.ts'
import type { MacroDefinition } from './template.ts'

/** Where lowering reads from and reports to. */
export interface Lowering {
  readonly text: string
  readonly path: string
  /** Offset of `text[0]` in the file. */
  readonly base: number
  readonly file: SourceFile
  readonly diagnostics: Diagnostic[]
  readonly packageName: string
  readonly definitions: MacroDefinition[]
  /** White space that tags take with them, in offsets of `text`: by its start, and by its end. */
  readonly cutFrom: ReadonlyMap<number, number>
  readonly cutTo: ReadonlyMap<number, number>
  depth: number
  /** `macro` or `test` while its body is lowered. */
  inside: 'macro' | 'test' | undefined
  /** A closing tag did not match: whatever follows from it is no second mistake. */
  mismatched: boolean
}

export function report(at: Lowering, diagnostic: Diagnostic): void {
  at.diagnostics.push(diagnostic)
}

export function place(at: Lowering, range: Range): { span: { path: string; start: number; end: number } } {
  return { span: { path: at.path, start: range.start, end: range.end } }
}

export function sourceText(at: Lowering, range: Range): string {
  return at.text.slice(range.start - at.base, range.end - at.base)
}

const broken = (range: Range): Expression => ({ type: 'literal', value: null, start: range.start, end: range.end })

/** The name as written, without brackets; undefined for anything but a plain, possibly dotted name. */
export function plainName(expression: RawExpression): string | undefined {
  if (expression.type !== 'PathExpression' || expression.data) return undefined
  const first = expression.segments[0]
  if (first === 'this' || first === '.' || first === '..') return undefined
  return expression.segments.map(unbracket).join('.')
}

function lowerPath(at: Lowering, raw: RawPath): Expression {
  const { start, end } = raw.loc
  const segments = raw.segments
  const first = segments[0]!
  if (raw.data) {
    const depth = segments.filter((s) => s === '..').length
    const rest = segments.slice(depth)
    return { type: 'data', name: rest.map(unbracket).join('.'), depth, start, end }
  }
  if (first === '..') {
    const hint = 'names are visible in inner blocks: leave `../` away, and name the item with `{{#each xs as |x|}}`'
    report(at, syntaxError({ message: '`../` does not exist here', hint }, place(at, raw.loc)))
    return broken(raw.loc)
  }
  if (segments.some((s, i) => i > 0 && (s === '.' || s === '..' || s === 'this'))) {
    report(at, syntaxError({ message: `\`${sourceText(at, raw.loc)}\` is no valid path` }, place(at, raw.loc)))
    return broken(raw.loc)
  }
  const parts = segments.slice(1).map(unbracket)
  if (first === 'this') return { type: 'this', parts, start, end }
  if (first === '.') return { type: 'item', parts, start, end }
  return { type: 'name', name: unbracket(first), nameEnd: start + first.length, parts, start, end }
}

function lowerLiteral(at: Lowering, raw: RawLiteral): Expression {
  const value = raw.value ?? null
  if (raw.type === 'NumberLiteral' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    report(at, lossyNumber({ text: sourceText(at, raw.loc) }, place(at, raw.loc)))
  }
  return { type: 'literal', value: Object.is(value, -0) ? 0 : value, start: raw.loc.start, end: raw.loc.end }
}

export function lowerNamed(at: Lowering, hash: RawHash | undefined): readonly Argument[] {
  if (hash === undefined) return []
  const named: Argument[] = []
  const seen = new Set<string>()
  for (const pair of hash.pairs) {
    const keyStart = pair.loc.start
    let keyEnd = keyStart
    while (at.text[keyEnd - at.base] !== '=' && !/\s/.test(at.text[keyEnd - at.base]!)) keyEnd++
    if (seen.has(pair.key)) {
      report(at, duplicateArgument({ name: pair.key }, place(at, { start: keyStart, end: keyEnd })))
      continue
    }
    seen.add(pair.key)
    named.push({ key: pair.key, keyStart, keyEnd, value: lowerExpression(at, pair.value) })
  }
  return named
}

function lowerCall(at: Lowering, raw: RawCall | RawMustache): Expression {
  const { path, params, hash, loc } = raw
  const bare = params.length === 0 && hash === undefined
  if (bare && (path.type === 'PathExpression' || raw.type === 'MustacheStatement')) {
    return path.type === 'PathExpression' || path.type === 'SubExpression'
      ? lowerExpression(at, path)
      : lowerLiteral(at, path)
  }
  const name = plainName(path)
  if (name === undefined) {
    const message = `\`${sourceText(at, path.loc)}\` cannot be called`
    report(
      at,
      syntaxError({ message, hint: 'a call begins with the name of a macro or built-in' }, place(at, path.loc)),
    )
    return broken(loc)
  }
  const call: Call = {
    type: 'call',
    name,
    nameStart: path.loc.start,
    nameEnd: path.loc.end,
    args: params.map((p) => lowerExpression(at, p)),
    named: lowerNamed(at, hash),
    start: loc.start,
    end: loc.end,
  }
  if (statementNames.has(name)) {
    const hint = name === 'return' || name === 'config' ? undefined : 'it gives no value'
    report(
      at,
      invalidStatement({ message: `\`${name}\` is a statement: \`{{${name} …}}\``, hint }, place(at, path.loc)),
    )
    return broken(loc)
  }
  return call
}

/** Names that are statements of their own and never values. */
const statementNames: ReadonlySet<string> = new Set(['set', 'push', 'return', 'config'])

export function lowerExpression(at: Lowering, raw: RawExpression | RawMustache): Expression {
  if (at.depth > 2 * nestingLimit) {
    report(at, tooDeep({ limit: nestingLimit }, place(at, raw.loc)))
    return broken(raw.loc)
  }
  at.depth++
  const lowered =
    raw.type === 'PathExpression'
      ? lowerPath(at, raw)
      : raw.type === 'SubExpression' || raw.type === 'MustacheStatement'
        ? lowerCall(at, raw)
        : lowerLiteral(at, raw)
  at.depth--
  return lowered
}
