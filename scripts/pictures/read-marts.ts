import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Expression, parseTerm, type Term } from '../../src/config/exports/workbook/measure-expression.ts'
import { parseValueFormat, type ValueFormat } from '../../src/config/exports/workbook/value-format.ts'
import type { WorkbookSpec } from '../../src/config/exports/workbook/workbook-spec.ts'
import { captionOf } from '../../src/exports/tableau/field-defaults.ts'
import { fieldFormat } from '../../src/exports/tableau/field-format.ts'
import type { Cell, ColumnLook, MartTable, NamedMeasure, Row } from './mart-table.ts'

interface FieldMeta {
  readonly caption?: string
  readonly format?: string
  readonly aliases?: Readonly<Record<string, string>>
}

interface TableMeta {
  readonly calculations?: readonly (FieldMeta & { readonly name: string; readonly formula: string })[]
}

interface ManifestNode {
  readonly name: string
  readonly relation_name: string
  readonly meta: { readonly tableau?: TableMeta }
  readonly columns: Readonly<Record<string, { readonly meta: { readonly tableau?: FieldMeta } }>>
}

/** The models that a workbook's sheets read, out of a project that was built in `folder` on DuckDB. */
export async function readMarts(folder: string, spec: WorkbookSpec): Promise<ReadonlyMap<string, MartTable>> {
  const manifest = JSON.parse(readFileSync(join(folder, 'target/manifest.json'), 'utf8')) as {
    readonly nodes: Readonly<Record<string, ManifestNode>>
  }
  const instance = await DuckDBInstance.create(join(folder, 'warehouse.duckdb'), { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const tables = new Map<string, MartTable>()
    for (const name of new Set(spec.sheets.flatMap((sheet) => sheet.data ?? []))) {
      const node = Object.values(manifest.nodes).find((n) => n.name === name)
      if (node === undefined) throw new Error(`the project has no model ${name}`)
      const reader = await connection.runAndReadAll(`select * from ${node.relation_name} order by all`)
      const types = reader.columnTypes().map(String)
      const names = reader.columnNames()
      const rows = reader
        .getRows()
        .map((row): Row => Object.fromEntries(row.map((cell, i) => [names[i]!, cellOf(cell, types[i]!)])))
      const columns = new Map(names.map((column) => [column, lookOf(column, node.columns[column]?.meta.tableau)]))
      tables.set(name, { name, columns, measures: measuresOf(node, spec), rows })
    }
    return tables
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function lookOf(name: string, meta: FieldMeta | undefined): ColumnLook {
  return {
    caption: meta?.caption ?? captionOf(name),
    aliases: new Map(Object.entries(meta?.aliases ?? {})),
    format: plainFormat(meta?.format),
  }
}

/** A format of `meta.tableau` as workbooks write it. */
function plainFormat(written: string | undefined): ValueFormat | null {
  const stored = written === undefined ? undefined : fieldFormat(written)?.text
  const [pattern] = (stored ?? '').replace(/^[ncp*]/, '').split(';')
  return parseValueFormat(pattern!.replaceAll('"', '')) ?? null
}

function measuresOf(node: ManifestNode, spec: WorkbookSpec): ReadonlyMap<string, NamedMeasure> {
  const measures = new Map<string, NamedMeasure>()
  for (const calculation of node.meta.tableau?.calculations ?? []) {
    const { caption, format } = lookOf(calculation.name, calculation)
    measures.set(calculation.name, { title: caption, format, expression: formulaExpression(calculation.formula) })
  }
  for (const { name, title, data, value, format } of spec.calculations)
    if (data === node.name)
      measures.set(name, { title, format, expression: value.kind === 'expression' ? value.expression : null })
  return measures
}

/** A formula of Tableau's as an expression; null when it is more than arithmetic of aggregates. */
function formulaExpression(formula: string): Expression | null {
  const parsed = parseTerm(formula.replace(/\b[A-Z]+(?=\()/g, (name) => name.toLowerCase()))
  return parsed.ok ? expressionOf(parsed.term) : null
}

function expressionOf(term: Term): Expression | null {
  switch (term.kind) {
    case 'number':
      return term
    case 'name':
      return { kind: 'calculation', name: term.name }
    case 'call':
      if (!['sum', 'avg', 'min', 'max'].includes(term.function)) return null
      return { kind: 'aggregate', aggregation: term.function as 'sum', column: term.argument }
    case 'negative': {
      const of = expressionOf(term.of)
      return of === null ? null : { kind: 'negative', of }
    }
    case 'binary': {
      const [left, right] = [expressionOf(term.left), expressionOf(term.right)]
      return left === null || right === null ? null : { ...term, left, right }
    }
  }
}

const NUMERIC = /INT|DECIMAL|DOUBLE|FLOAT/

function cellOf(value: unknown, type: string): Cell {
  if (value === null || typeof value === 'boolean') return value
  return NUMERIC.test(type) ? Number(String(value)) : String(value)
}
