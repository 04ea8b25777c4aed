import type { Diagnostic } from '../../base/diagnostic.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Span } from '../../base/span.ts'
import type { PlacedText } from '../../config/selector-types.ts'
import { selectorSyntax, selectorUnknownMethod, selectorValue } from '../errors.ts'
import { methods } from './methods.ts'
import type { Criterion, Selection } from './selection-tree.ts'

const criterionPattern = /^(@)?(?:(\d*)(\+))?(?:([A-Za-z_][\w.]*):)?(.*?)(?:(\+)(\d*))?$/s

/** A piece of the text and where it begins. */
interface Piece {
  readonly text: string
  readonly start: number
}

function pieces(text: string, start: number, separator: RegExp): readonly Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const match of text.matchAll(separator)) {
    found.push({ text: text.slice(at, match.index), start: start + at })
    at = match.index + match[0].length
  }
  found.push({ text: text.slice(at), start: start + at })
  return found
}

function defaultMethod(value: string): string {
  if (value.includes('/') || value.includes('\\')) return 'path'
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn'
}

class SelectionParser {
  readonly diagnostics: Diagnostic[] = []
  readonly #source: PlacedText

  constructor(source: PlacedText) {
    this.#source = source
  }

  parse(): Selection {
    const { text } = this.#source
    const specs = pieces(text, 0, /\s+/g).filter((piece) => piece.text !== '')
    const of = specs.map((spec) => this.#intersection(spec)).filter((s) => s !== undefined)
    return of.length === 1 ? of[0]! : { kind: 'union', of, span: this.#span(0, text.length) }
  }

  #span(start: number, end: number): Span {
    const { span, exact } = this.#source
    return exact ? { path: span.path, start: span.start + start, end: span.start + end } : span
  }

  #fail(message: string, span: Span, hint?: string): undefined {
    this.diagnostics.push(selectorSyntax({ message, hint }, { span }))
  }

  #intersection(spec: Piece): Selection | undefined {
    const parts = pieces(spec.text, spec.start, /,/g)
    const empty = parts.find((part) => part.text === '')
    if (empty !== undefined) {
      const comma = Math.max(spec.start, empty.start - 1)
      return this.#fail(
        'a comma needs a selector on both sides',
        this.#span(comma, comma + 1),
        '`a,b` without blanks selects what both match, `a b` what either matches',
      )
    }
    const of = parts.map((part) => this.#criterion(part))
    if (of.includes(undefined)) return undefined
    if (of.length === 1) return of[0]
    const span = this.#span(spec.start, spec.start + spec.text.length)
    return { kind: 'intersection', of: of.filter((c) => c !== undefined), span }
  }

  #criterion({ text, start }: Piece): Criterion | undefined {
    const span = this.#span(start, start + text.length)
    const [, at, parentDepth, parentPlus, word, value, childPlus, childDepth] = criterionPattern.exec(text)!
    if (at !== undefined && childPlus !== undefined) {
      return this.#fail('`@` and a trailing `+` exclude each other', span, '`@` already takes all descendants')
    }
    const valueEnd = start + text.length - (childPlus === undefined ? 0 : 1 + childDepth!.length)
    const valueSpan = this.#span(valueEnd - value!.length, valueEnd)
    if (!this.#checkValue(text, word, value!, span, valueSpan)) return undefined
    const [name, ...args] = (word ?? defaultMethod(value!)).split('.') as [string, ...string[]]
    const depth = (plus: string | undefined, digits: string | undefined) =>
      plus === undefined ? 0 : digits === '' ? Number.POSITIVE_INFINITY : Number(digits)
    const criterion: Criterion = {
      kind: 'criterion',
      method: name,
      arguments: args,
      value: value!,
      childrensParents: at !== undefined,
      parents: depth(parentPlus, parentDepth),
      children: depth(childPlus, childDepth),
      span,
      valueSpan,
    }
    const wordEnd = valueEnd - value!.length - 1
    const wordSpan = word === undefined ? valueSpan : this.#span(wordEnd - word.length, wordEnd)
    const fault = checkCriterion(criterion, wordSpan)
    if (fault === undefined) return criterion
    this.diagnostics.push(fault)
    return undefined
  }

  #checkValue(text: string, word: string | undefined, value: string, span: Span, valueSpan: Span): boolean {
    if (value === '') {
      const message = word === undefined ? `\`${text}\` names no node` : `\`${word}:\` needs a value`
      this.#fail(message, span, 'write for example `+orders`, `2+orders` or `orders+`')
      return false
    }
    if (!/^[+@]|\+$/.test(value) && !(value.includes('+') && defaultMethod(value) === 'fqn' && word === undefined))
      return true
    const hint =
      word === undefined
        ? 'one operator a side: `+orders`, `orders+`, `+orders+`, `@orders`; names are separated by blanks'
        : `operators stand before the method: \`+${word}:${value.replace(/^[+@]+|\+.*$/g, '')}\``
    this.#fail(`\`${text}\` has an operator where none can stand`, valueSpan, hint)
    return false
  }
}

/** What is wrong with a criterion's method, arguments or value. `wordSpan` is the place of the method. */
export function checkCriterion(criterion: Criterion, wordSpan: Span): Diagnostic | undefined {
  const name = criterion.method
  const method = methods.get(name)
  if (method === undefined) {
    const words = [...methods.keys()]
    const hint = didYouMean(name, words) ?? `methods are ${[...methods.keys()].map((m) => `\`${m}\``).join(', ')}`
    return selectorUnknownMethod({ method: name, hint }, { span: wordSpan })
  }
  const hasArguments = criterion.arguments.length > 0 && method.takesArguments !== true
  const fault = hasArguments ? { message: `\`${name}\` takes no argument` } : method.check?.(criterion)
  if (fault === undefined) return undefined
  return selectorValue(fault, {
    span: hasArguments || criterion.arguments.length > 0 ? wordSpan : criterion.valueSpan,
  })
}

/**
 * Reads a selection as the command line takes it: blanks unite, commas intersect. What cannot be read is reported, with
 * its place, and left out.
 */
export function parseSelection(source: PlacedText): {
  readonly selection: Selection
  readonly diagnostics: readonly Diagnostic[]
} {
  const parser = new SelectionParser(source)
  const selection = parser.parse()
  return { selection, diagnostics: parser.diagnostics }
}
