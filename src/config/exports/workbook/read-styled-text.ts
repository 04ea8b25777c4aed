import type { Span } from '../../../base/span.ts'
import type { YamlNode } from '../../yaml-node.ts'
import { badField } from './errors.ts'
import { readFieldText } from './read-field.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Field, StyledText } from './workbook-spec.ts'

const KEYS = ['text', 'size', 'color', 'bold', 'align'] as const
const ALIGNMENTS = ['left', 'center', 'right'] as const

/** Text, or a mapping with `text` and its look. `{sum(spend)}` in it is a field, `\\{` a brace. */
export function readStyledText(reader: WorkbookReader, node: YamlNode, where: string): StyledText | undefined {
  const { yaml } = reader
  const plain = { size: null, color: null, bold: null, align: null }
  if (node.kind !== 'map') {
    const parts = readParts(reader, node, where)
    return parts === undefined ? undefined : { parts, ...plain }
  }
  const map = yaml.map(node, where, KEYS)
  const text = map === undefined ? undefined : reader.at(map, 'text')
  if (map === undefined) return undefined
  if (text === undefined) {
    yaml.requiredText(map, 'text', where, 'text: Spend by country')
    return undefined
  }
  const parts = readParts(reader, text, where)
  if (parts === undefined) return undefined
  const bold = reader.at(map, 'bold')
  const align = reader.at(map, 'align')
  return {
    parts,
    size: reader.count(map, 'size', 1),
    color: reader.color(map, 'color'),
    bold: bold === undefined ? null : (yaml.boolean(bold, '`bold`') ?? null),
    align: align === undefined ? null : (yaml.choice(align, 'align', ALIGNMENTS) ?? null),
  }
}

function readParts(reader: WorkbookReader, node: YamlNode, where: string): readonly (string | Field)[] | undefined {
  const text = reader.yaml.text(node, where)
  if (text === undefined) return undefined
  const span = reader.yaml.span(node)
  const parts: (string | Field)[] = []
  for (const piece of text.split(/(\\[{}]|\{[^{}]*\})/)) {
    if (piece === '') continue
    if (piece === '\\{' || piece === '\\}') parts.push(piece.slice(1))
    else if (piece.startsWith('{')) {
      const field = fieldOf(reader, piece.slice(1, -1).trim(), span, where)
      if (field === undefined) return undefined
      parts.push(field)
    } else if (/[{}]/.test(piece)) return reader.report(badField({ text, problem: loneBrace(piece) }, { span }))
    else parts.push(piece)
  }
  return joined(parts)
}

const loneBrace = (text: string): string =>
  `a brace is not ${text.includes('{') ? 'closed' : 'opened'}; write \`\\{\` or \`\\}\` for a brace itself`

function fieldOf(reader: WorkbookReader, text: string, span: Span, where: string): Field | undefined {
  const value = readFieldText(reader, text, span, where)
  return value === undefined ? undefined : { value, title: null, format: null, discrete: null, axis: null, text, span }
}

/** Neighbouring texts as one. */
function joined(parts: readonly (string | Field)[]): readonly (string | Field)[] {
  const out: (string | Field)[] = []
  for (const part of parts) {
    const last = out.at(-1)
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part
    else out.push(part)
  }
  return out
}
