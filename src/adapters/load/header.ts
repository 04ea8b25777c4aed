import type { Diagnostic } from '../../base/diagnostic.ts'
import type { FilesSpec } from '../../config/files-spec.ts'
import type { DeclaredColumn } from '../load.ts'
import {
  columnMissing,
  columnUndeclared,
  headerBlank,
  headerRepeated,
  reservedColumn,
  wrongDelimiter,
} from './load-errors.ts'

/** A column of a file, in the file's order. */
export interface FileColumn {
  /** The name in the table; undefined when the column is left out. */
  readonly name: string | undefined
  readonly declared: DeclaredColumn | undefined
}

export interface HeaderResult {
  readonly columns: readonly FileColumn[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface HeaderSource {
  readonly path: string
  /** Physical line of the header. */
  readonly line: number
}

/** Columns that every loaded table carries. */
export const LOAD_COLUMNS = ['_file', '_line', '_loaded_at'] as const

const OTHER_DELIMITERS = [';', '\t', '|', ',']

/**
 * Matches the names in a header to the declared columns: exactly, else without regard to case and outer blanks. Repeated
 * and blank names are renamed with a warning; what is declared and missing, or undeclared and forbidden, is an error.
 */
export function matchHeader(
  names: readonly string[],
  declared: readonly DeclaredColumn[],
  spec: Pick<FilesSpec, 'undeclared' | 'locationSpan' | 'delimiter'>,
  source: HeaderSource,
): HeaderResult {
  const { path } = source
  const data = { path, line: source.line }
  const diagnostics: Diagnostic[] = []
  const only = names[0]
  if (names.length === 1 && only !== undefined) {
    const other = OTHER_DELIMITERS.find((d) => d !== spec.delimiter && only.includes(d))
    const isDeclared = declared.some((column) => normal(column.name) === normal(only))
    if (other !== undefined && !isDeclared) {
      diagnostics.push(wrongDelimiter({ path, header: only, delimiter: other }, { span: spec.locationSpan }))
      return { columns: [], diagnostics }
    }
  }
  const { unique, warnings } = uniqueNames(names, path, data)
  diagnostics.push(...warnings)
  const byName = new Map(declared.map((column) => [column.name, column]))
  const byNormal = new Map([...declared].reverse().map((column) => [normal(column.name), column]))
  const taken = new Set<DeclaredColumn>()
  const columns = unique.map((name): FileColumn => {
    const column = byName.get(name) ?? byNormal.get(normal(name))
    if (column !== undefined && !taken.has(column)) {
      taken.add(column)
      return { name: column.name, declared: column }
    }
    if (spec.undeclared === 'ignore') return { name: undefined, declared: undefined }
    if (spec.undeclared === 'error') {
      const names = declared.map((c) => c.name)
      diagnostics.push(columnUndeclared({ path, column: name, declared: names }, { data }))
    } else if (isReserved(name)) diagnostics.push(reservedColumn({ column: name }, { data }))
    return { name, declared: undefined }
  })
  for (const column of declared) {
    if (taken.has(column) || !column.required) continue
    diagnostics.push(columnMissing({ path, column: column.name, headers: unique }, { span: column.span }))
  }
  return { columns, diagnostics }
}

/** Where the columns of a table are in a file, by the `normal` form of their names. */
export function placesOf(columns: readonly FileColumn[]): ReadonlyMap<string, number> {
  return new Map(columns.flatMap(({ name }, i) => (name === undefined ? [] : [[normal(name), i]])))
}

/** Names that only differ in case are the same to the engines. */
export function normal(name: string): string {
  return name.trim().toLowerCase()
}

export function isReserved(name: string): boolean {
  return (LOAD_COLUMNS as readonly string[]).includes(normal(name))
}

/** Trims names, and renames blank and repeated ones to `column_3` and `name_2`. */
export function uniqueNames(
  names: readonly string[],
  path: string,
  data: { path: string; line: number },
): { unique: readonly string[]; warnings: readonly Diagnostic[] } {
  const warnings: Diagnostic[] = []
  const used = new Set(names.map(normal))
  const seen = new Set<string>()
  const unique = names.map((written, i) => {
    const name = written.trim()
    if (name === '') {
      const renamed = free(`column_${i + 1}`, used)
      warnings.push(headerBlank({ path, position: i + 1, renamed }, { data }))
      return renamed
    }
    if (!seen.has(normal(name))) {
      seen.add(normal(name))
      return name
    }
    const renamed = free(`${name}_2`, used, name)
    warnings.push(headerRepeated({ path, header: name, renamed }, { data }))
    return renamed
  })
  return { unique, warnings }
}

function free(wanted: string, used: Set<string>, stem = wanted): string {
  let name = wanted
  for (let i = stem === wanted ? 2 : 3; used.has(normal(name)); i++) name = `${stem}_${i}`
  used.add(normal(name))
  return name
}
