import type { Diagnostic } from '../../base/diagnostic.ts'
import { formatMismatch } from './errors.ts'
import type { TableauDatatype, TableauField } from './field.ts'
import { discreteType, type FieldDefaults, typeFor } from './field-defaults.ts'
import { formatFits } from './field-format.ts'
import type { FieldMetadata } from './table-metadata.ts'

type Merged = Omit<TableauField, 'name' | 'table' | 'column' | 'description' | 'calculation'>

/** What is said wins over what the field tells by itself; a role that is said changes what goes with it. */
export function mergeField(
  said: FieldMetadata,
  datatype: TableauDatatype,
  defaults: FieldDefaults,
  diagnostics: Diagnostic[],
): Merged {
  const caption = said.caption ?? defaults.caption
  const numeric = datatype === 'integer' || datatype === 'real'
  const role = said.role ?? (said.type === 'quantitative' && numeric ? 'measure' : defaults.role)
  const own = role === defaults.role
  const type = said.type === 'discrete' ? discreteType(datatype) : said.type
  const format = said.format ?? null
  if (format !== null && !formatFits(format, datatype))
    diagnostics.push(formatMismatch({ field: caption, format: format.written, datatype }, { span: format.span }))
  return {
    caption,
    datatype,
    role,
    type: type ?? (own ? defaults.type : typeFor(role, datatype)),
    aggregation: said.aggregation ?? (own ? defaults.aggregation : null),
    format: format?.text ?? null,
    semanticRole: said.semanticRole === undefined ? defaults.semanticRole : said.semanticRole,
    folder: said.folder ?? null,
    hidden: said.hidden ?? false,
    aliases: said.aliases ?? [],
    colors: said.colors ?? [],
    palette: said.palette ?? null,
  }
}
