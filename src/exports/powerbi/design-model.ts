import type { Diagnostic } from '../../base/diagnostic.ts'
import type { PbipOptions } from '../../config/exports/pbip-options.ts'
import type { ExportTable } from '../export-job.ts'
import type { MetadataPlaces } from '../tableau/metadata-places.ts'
import { checkMeasures } from './check-measures.ts'
import { designRelationships } from './design-relationships.ts'
import { designTable } from './design-table.ts'
import { badFieldName, fieldNameTaken } from './errors.ts'
import { findCalendar } from './find-calendar.ts'
import { readTableHints } from './power-bi-meta.ts'
import type { ModelTable, SemanticModel } from './semantic-model.ts'

/**
 * The model that Power BI shows of exported tables. Mistakes and warnings are added to `diagnostics`; after a mistake the
 * model is not to be written.
 */
export function designModel(
  name: string,
  tables: readonly ExportTable[],
  options: Pick<PbipOptions, 'dateTable'>,
  context: { readonly places: MetadataPlaces; readonly diagnostics: Diagnostic[] },
): SemanticModel {
  const { places, diagnostics } = context
  const report = (diagnostic: Diagnostic) => void diagnostics.push(diagnostic)
  const hints = new Map(tables.map((table) => [table, readTableHints(table, places, diagnostics)]))
  const calendars = findCalendar(tables, { wanted: options.dateTable, hints }, report)
  const designed = tables.map((table) =>
    designTable(table, { hints: hints.get(table)!, calendar: calendars.get(table) ?? null }, context),
  )
  const placeOf = (table: ModelTable) => {
    const { node } = tables.find((t) => t.name === table.source)!
    return { span: node.span, node: node.uniqueId }
  }
  checkNames(designed, placeOf, report)
  checkMeasures(designed, placeOf, report)
  return { name, tables: designed, relationships: designRelationships(tables, designed, report) }
}

function checkNames(
  tables: readonly ModelTable[],
  placeOf: (table: ModelTable) => Pick<Diagnostic, 'span' | 'node'>,
  report: (diagnostic: Diagnostic) => void,
): void {
  const seen = new Set<string>()
  for (const table of tables) {
    const place = placeOf(table)
    const check = (name: string, what: string) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      if (/[\u0000-\u001f]/.test(name)) report(badFieldName({ name, what }, place))
    }
    check(table.name, 'a table')
    for (const { name } of table.measures) check(name, 'a measure')
    const key = table.name.toLowerCase()
    if (seen.has(key)) report(fieldNameTaken({ name: table.name, table: table.source, by: 'another table' }, place))
    seen.add(key)
    const columns = new Set<string>()
    for (const { name } of table.columns) {
      check(name, 'a column')
      if (columns.has(name.toLowerCase()))
        report(fieldNameTaken({ name, table: table.name, by: 'another column' }, place))
      columns.add(name.toLowerCase())
    }
  }
}
