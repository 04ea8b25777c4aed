import type { TableauField } from './field.ts'
import type { SourceTable } from './source-table.ts'

/**
 * Tableau knows a field by its caption, so no two may have one. Where a caption that was made of a column's name meets
 * another, the column goes by its name as it is.
 */
export function distinctCaptions(fields: readonly TableauField[], sources: readonly SourceTable[]): TableauField[] {
  const key = (caption: string): string => caption.toLowerCase()
  const calculated = sources.flatMap(({ metadata }) => (metadata?.calculations ?? []).map((c) => c.caption ?? c.name))
  const counts = new Map<string, number>()
  for (const caption of [...fields.map((field) => field.caption), ...calculated])
    counts.set(key(caption), (counts.get(key(caption)) ?? 0) + 1)
  return fields.map((field) => {
    const { metadata } = sources.find(({ table }) => table.name === field.table) ?? {}
    const isSaid = metadata?.columns.get(field.column ?? '')?.caption !== undefined
    return isSaid || counts.get(key(field.caption)) === 1 ? field : { ...field, caption: field.name }
  })
}
