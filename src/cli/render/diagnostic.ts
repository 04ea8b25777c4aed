import type { DataPlace, Diagnostic } from '../../base/diagnostic.ts'
import { SourceFile } from '../../base/source-file.ts'
import type { Span } from '../../base/span.ts'
import type { Style } from '../console.ts'
import type { MarkedLine, Stretch } from './excerpt.ts'
import { layOut, markedLines } from './excerpt.ts'
import { renderTable } from './table.ts'

/** Texts that diagnostics point at. */
export interface Sources {
  get(path: string): SourceFile | undefined
  /** Where secrets stand in a line, which must not be cut inside of them. */
  secretsIn?(line: string): readonly Stretch[]
}

interface Block {
  /** `-->` for the place itself, `:::` for a second one. */
  readonly arrow: string
  readonly place: string
  readonly lines: readonly MarkedLine[]
  readonly mark: '^' | '-'
  readonly text?: string | undefined
  /** Words above the block instead of an arrow. */
  readonly lead?: string | undefined
}

/** A diagnostic as text that ends in a line break. The form is that of `docs/errors.md`. */
export function renderDiagnostic(diagnostic: Diagnostic, sources: Sources, style: Style): string {
  const tone = diagnostic.severity === 'error' ? style.red : style.yellow
  const head = style.bold(tone(`${diagnostic.severity}[${diagnostic.code}]`))
  const lines = [`${head}${style.bold(`: ${firstLine(diagnostic.message)}`)}`, ...otherLines(diagnostic.message)]
  const blocks = blocksOf(diagnostic, sources)
  const numbers = blocks.flatMap((block) => block.lines.map((line) => String(line.number).length))
  const gutter = Math.max(1, ...numbers)
  const lay = (line: MarkedLine) => layOut(line, sources.secretsIn?.(line.text))
  for (const block of blocks)
    lines.push(...renderBlock(block, gutter, { tone: block.mark === '^' ? tone : style.cyan, style, lay }))
  lines.push(...trailer(diagnostic, style))
  return `${lines.join('\n')}\n`
}

/** `2 errors, 1 warning`; an empty text when there are none. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((d) => d.severity === 'error').length
  const warnings = diagnostics.length - errors
  return [plural(errors, 'error'), plural(warnings, 'warning')].filter((part) => part !== '').join(', ')
}

function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!
}

function otherLines(text: string): string[] {
  const [, ...lines] = text.trimEnd().split('\n')
  return lines.map((line) => `  ${line}`)
}

function blocksOf(diagnostic: Diagnostic, sources: Sources): Block[] {
  const blocks: Block[] = []
  if (diagnostic.span !== undefined) blocks.push({ arrow: '-->', mark: '^', ...locate(diagnostic.span, sources) })
  else if (diagnostic.data !== undefined) blocks.push({ arrow: '-->', mark: '^', ...locateData(diagnostic.data) })
  for (const frame of diagnostic.frames ?? []) {
    const found = locate(frame.span, sources)
    blocks.push({ arrow: '', mark: '-', ...found, lead: `in macro \`${frame.macro}\`, called at ${found.place}` })
  }
  for (const label of diagnostic.labels ?? []) {
    blocks.push({ arrow: ':::', mark: '-', text: label.text, ...locate(label.span, sources) })
  }
  return blocks
}

function locate(span: Span, sources: Sources): { place: string; lines: readonly MarkedLine[] } {
  const file = sources.get(span.path)
  if (file === undefined) return { place: span.path, lines: [] }
  const { line, column } = file.position(span.start)
  // An empty file, or a whole file, has no line worth showing.
  const shown =
    file.text.trim() === '' || (span.start === 0 && span.end === 0) ? [] : markedLines(file, span.start, span.end)
  return { place: `${span.path}:${line}:${column}`, lines: shown }
}

function locateData(data: DataPlace): { place: string; lines: readonly MarkedLine[] } {
  const place = [data.path, data.line, data.column].filter((part) => part !== undefined).join(':')
  if (data.excerpt === undefined) return { place, lines: [] }
  const text = new SourceFile(data.path, data.excerpt).line(1)
  const from = Math.min((data.column ?? 1) - 1, text.length)
  return { place, lines: [{ number: data.line, text, from, to: data.column === undefined ? text.length : from + 1 }] }
}

interface Looks {
  readonly tone: (text: string) => string
  readonly style: Style
  readonly lay: (line: MarkedLine) => ReturnType<typeof layOut>
}

function renderBlock(block: Block, gutter: number, { tone, style, lay }: Looks): string[] {
  const margin = ' '.repeat(gutter)
  const bar = style.blue('|')
  const lines = [
    block.lead === undefined
      ? `${margin}${style.blue(block.arrow)} ${block.place}`
      : `${margin}${style.blue('=')} ${block.lead}`,
  ]
  if (block.lines.length === 0) return block.text === undefined ? lines : [`${lines[0]}: ${block.text}`]
  lines.push(`${margin} ${bar}`)
  block.lines.forEach((line, i) => {
    const previous = block.lines[i - 1]
    if (previous !== undefined && line.number > previous.number + 1) lines.push(`${style.blue('...')}`)
    const shown = lay(line)
    lines.push(`${style.blue(String(line.number).padStart(gutter))} ${bar} ${shown.text}`.trimEnd())
    const note = block.text !== undefined && i === block.lines.length - 1 ? ` ${block.text}` : ''
    lines.push(`${margin} ${bar} ${' '.repeat(shown.indent)}${tone(block.mark.repeat(shown.width) + note)}`)
  })
  return lines
}

function trailer(diagnostic: Diagnostic, style: Style): string[] {
  const lines: string[] = []
  const say = (word: string, text: string) => lines.push(`${word}: ${firstLine(text)}`, ...otherLines(text))
  if (diagnostic.cause !== undefined) say('caused by', diagnostic.cause)
  if (diagnostic.rows !== undefined && diagnostic.rows.columns.length > 0) {
    lines.push(...renderTable({ ...diagnostic.rows, maxCell: 40, maxWidth: 116 }).map((line) => `  ${line}`))
  }
  if (diagnostic.node !== undefined) say('node', diagnostic.node)
  if (diagnostic.see !== undefined) say('see', diagnostic.see)
  for (const note of diagnostic.notes ?? []) say('note', note)
  for (const hint of diagnostic.hints ?? []) say(style.green('hint'), hint)
  return lines
}
