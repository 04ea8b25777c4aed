import type { Diagnostic } from '../base/diagnostic.ts'
import { jinjaSyntax } from './errors.ts'

/** One argument of a Jinja call as Handlebars writes it, or undefined when there is no such form. */
function translateValue(text: string): string | undefined {
  const value = text.trim()
  if (/^(["'])(?:(?!\1)[^\\])*\1$/.test(value)) {
    const inner = value.slice(1, -1)
    return inner.includes('"') ? `'${inner}'` : `"${inner}"`
  }
  if (/^-?\d+(\.\d+)?$/.test(value)) return value
  if (/^(true|false|none)$/i.test(value)) return value.toLowerCase() === 'none' ? 'null' : value.toLowerCase()
  if (/^[A-Za-z_][\w.]*$/.test(value)) return value
  if (value.startsWith('[') && value.endsWith(']')) {
    const items = splitArguments(value.slice(1, -1)).map(translateValue)
    return items.includes(undefined) ? undefined : `(list${items.map((i) => ` ${i}`).join('')})`
  }
  const call = translateCall(value)
  return call === undefined ? undefined : `(${call})`
}

/** Splits at the commas that stand in no bracket and no quotes. */
function splitArguments(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quote !== '') quote = c === quote ? '' : quote
    else if (c === '"' || c === "'") quote = c
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c)) depth--
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts.filter((part) => part.trim() !== '')
}

/** `ref('a', v=2)` -> `ref "a" v=2`. */
function translateCall(text: string): string | undefined {
  const call = /^([A-Za-z_][\w.]*)\s*\(([\s\S]*)\)$/.exec(text.trim())
  if (call === null) return undefined
  const parts: string[] = [call[1]!]
  for (const argument of splitArguments(call[2]!)) {
    const named = /^\s*([A-Za-z_]\w*)\s*=(?!=)([\s\S]*)$/.exec(argument)
    const value = translateValue(named === null ? argument : named[2]!)
    if (value === undefined) return undefined
    parts.push(named === null ? value : `${named[1]}=${value}`)
  }
  return parts.join(' ')
}

function translateOutput(inner: string): string {
  const filter = /^([\s\S]+?)\s*\|\s*([A-Za-z_]\w*)\s*(?:\(([\s\S]*)\))?$/.exec(inner)
  if (filter !== null) {
    const value = translateValue(filter[1]!)
    const rest = splitArguments(filter[3] ?? '').map(translateValue)
    if (value === undefined || rest.includes(undefined)) return '{{filter value}}'
    return `{{${[filter[2], value, ...rest].join(' ')}}}`
  }
  const call = translateCall(inner)
  return call === undefined ? '{{name "text" key=value}}' : `{{${call}}}`
}

function translateStatement(inner: string): string {
  const text = inner.replace(/^[-+]|[-+]$/g, '').trim()
  const [keyword = ''] = /^\w+/.exec(text) ?? []
  const rest = text.slice(keyword.length).trim()
  const ends: { readonly [keyword: string]: string } = {
    else: '{{else}}',
    endif: '{{/if}}',
    endfor: '{{/each}}',
    endmacro: '{{/macro}}',
    endtest: '{{/test}}',
    endset: '{{/capture}}',
    endraw: '{{{{/raw}}}}',
    raw: '{{{{raw}}}}',
  }
  if (ends[keyword] !== undefined) return ends[keyword]
  if (keyword === 'if') return `{{#if ${translateValue(rest) ?? '(condition)'}}}`
  if (keyword === 'elif') return `{{else if ${translateValue(rest) ?? '(condition)'}}}`
  if (keyword === 'for') {
    const loop = /^(\w+)\s+in\s+([\s\S]+)$/.exec(rest)
    return `{{#each ${translateValue(loop?.[2] ?? '') ?? 'items'} as |${loop?.[1] ?? 'item'}|}}`
  }
  if (keyword === 'set') {
    const set = /^(\w+)\s*=\s*([\s\S]+)$/.exec(rest)
    if (set === null) return `{{#capture "${/^\w+/.exec(rest)?.[0] ?? 'name'}"}}`
    return `{{set ${set[1]}=${translateValue(set[2]!) ?? '(…)'}}}`
  }
  if (keyword === 'macro' || keyword === 'test') {
    const head = translateCall(rest)
    return `{{#*${keyword} ${head ?? 'name a b=1'}}}`
  }
  // A file holds one snapshot and is named after it, so that no block is needed.
  if (keyword === 'snapshot') return '{{config strategy="timestamp" unique_key="id" updated_at="updated_at"}}'
  if (keyword === 'do' || keyword === 'call') return translateOutput(rest)
  return '{{#if x}}…{{/if}}'
}

interface Construct {
  readonly pattern: RegExp
  readonly suggest: (inner: string) => string
}

/** Only in text that did not parse: an expression with a call in parentheses, or with a filter. */
const expressions: readonly Construct[] = [
  { pattern: /\{\{-?\s*([A-Za-z_][\w.]*(?:\(|\s+\(\s*['"])[^{}]*\))\s*-?\}\}/g, suggest: translateOutput },
  { pattern: /\{\{-?\s*([^{}|]+?\|\s*[A-Za-z_]\w*\s*(?:\([^{}]*\))?)\s*-?\}\}/g, suggest: translateOutput },
]

/** In any text. */
const tags: readonly Construct[] = [
  { pattern: /\{%([\s\S]*?)%\}/g, suggest: translateStatement },
  { pattern: /\{#([\s\S]*?)#\}/g, suggest: (inner) => `{{!-- ${inner.replace(/^-|-$/g, '').trim()} --}}` },
]

function firstOf(text: string, path: string, base: number, construct: Construct): Diagnostic | undefined {
  for (const match of text.matchAll(construct.pattern)) {
    // `{{#if x}}…#}`: the brace belongs to a tag of ours.
    if (text[match.index - 1] === '{' && !match[0].startsWith('{{')) continue
    const suggestion = construct.suggest(match[1]!.trim()).replace(/\s+/g, ' ')
    const start = match.index + base
    return jinjaSyntax({ suggestion }, { span: { path, start, end: start + match[0].length } })
  }
  return undefined
}

/**
 * One diagnostic for each kind of Jinja construct, at its first place. Expressions are looked for when the text did
 * not parse, because then what looks like Jinja is the reason.
 */
export function findJinja(text: string, path: string, base: number, failed: boolean): readonly Diagnostic[] {
  const hasTags = text.includes('{%') || text.includes('{#')
  if (!failed && !hasTags) return []
  const comments = /\{\{~?!(?:--[\s\S]*?--~?|[\s\S]*?)\}\}/g
  const visible = text.replace(comments, (comment) => ' '.repeat(comment.length))
  const found: Diagnostic[] = []
  for (const construct of [...(failed || /\{[%#]/.test(visible) ? expressions : []), ...tags]) {
    const diagnostic = firstOf(visible, path, base, construct)
    if (diagnostic !== undefined) found.push(diagnostic)
  }
  const onlyExpressions = !failed && found.every((d) => !/^[{][%#]/.test(text.slice(d.span!.start - base)))
  return onlyExpressions ? [] : found
}
