import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import { nulCharacter, structLiteral } from './errors.ts'
import { parseSyntax, SyntaxFailure } from './grammar.ts'
import { findJinja } from './jinja.ts'
import { Lexer } from './lexer.ts'
import { lowerProgram } from './lower.ts'
import type { Lowering } from './lower-expression.ts'
import { explainFailure, strayCloses } from './syntax-errors.ts'
import type { RawProgram } from './syntax-tree.ts'
import type { Template } from './template.ts'
import { settledWhitespace } from './whitespace.ts'

export interface ParseOptions {
  /** The package that definitions in the text belong to. */
  readonly packageName: string
}

export interface ParsedTemplate {
  /** Undefined when the text has a mistake that leaves no tree. */
  readonly template: Template | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Parses a file. All mistakes of syntax come as diagnostics; nothing is thrown. */
export function parseTemplate(file: SourceFile, options: ParseOptions): ParsedTemplate {
  return parseText(file.text, 0, file, options)
}

/** Parses `text`, which stands in `file` from `base` on (for example a scalar of YAML). */
export function parseText(text: string, base: number, file: SourceFile, options: ParseOptions): ParsedTemplate {
  const { path } = file
  const nul = text.indexOf('\0')
  if (nul >= 0) {
    const span = { path, start: nul + base, end: nul + base + 1 }
    return { template: undefined, diagnostics: [nulCharacter({}, { span })] }
  }
  const lexer = new Lexer(base)
  let raw: RawProgram
  try {
    raw = parseSyntax(text, lexer)
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error
    const jinja = findJinja(text, path, base, true)
    const diagnostics = jinja.length > 0 ? jinja : [explainFailure({ text, path, base, lexer }, error)]
    return { template: undefined, diagnostics }
  }
  const at = lowering(text, base, file, options, lexer)
  const program = lowerProgram(at, raw)
  const strays = strayCloses(text, path, base, lexer.tags)
  const failed = at.diagnostics.length + strays.length > 0
  const jinja = findJinja(text, path, base, failed)
  if (jinja.length > 0) return { template: undefined, diagnostics: jinja }
  const struct = failed ? /\{\{\s*(?:'[^']*'|"[^"]*")\s*:/.exec(text) : null
  if (struct !== null) {
    const span = { path, start: struct.index + base, end: struct.index + base + 2 }
    return { template: undefined, diagnostics: [structLiteral({}, { span })] }
  }
  const definitionsOnly = at.definitions.length > 0 && program.body.every((s) => s.type === 'content' && isBare(s.text))
  const template: Template = { file, program, definitions: at.definitions, definitionsOnly }
  return { template: at.mismatched ? undefined : template, diagnostics: [...at.diagnostics, ...strays] }
}

function lowering(text: string, base: number, file: SourceFile, options: ParseOptions, lexer: Lexer): Lowering {
  const cuts = settledWhitespace(text, lexer.tags, base)
  return {
    text,
    path: file.path,
    base,
    file,
    diagnostics: [],
    packageName: options.packageName,
    definitions: [],
    cutFrom: new Map(cuts.map(([start, end]) => [start, end])),
    cutTo: new Map(cuts.map(([start, end]) => [end, start])),
    depth: 0,
    inside: undefined,
    mismatched: false,
  }
}

/** Nothing but blanks and comments of SQL. */
function isBare(text: string): boolean {
  return text.replace(/--[^\r\n]*|\/\*[\s\S]*?\*\//g, '').trim() === ''
}
