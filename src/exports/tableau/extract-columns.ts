import type { HyperOptions } from '../../config/exports/hyper-options.ts'
import type { ExportColumn } from '../export-job.ts'
import { hyperType } from '../hyper/hyper-type.ts'
import type { ColumnKind } from './field-defaults.ts'
import { hyperKind } from './hyper-kind.ts'

/** How an extract holds a column, as Tableau sees it; null when it does not. */
export function extractKind(column: ExportColumn, options: HyperOptions): ColumnKind | null {
  const rule = hyperType(column.type, options)
  return typeof rule === 'string' ? null : hyperKind(rule.type)
}
