import type { Diagnostic } from '../../base/diagnostic.ts'
import type { Span } from '../../base/span.ts'
import { type DaxReference, daxReferences } from './dax-references.ts'
import { badDax, fieldNameTaken, unknownDaxName } from './errors.ts'
import type { Measure, ModelTable } from './semantic-model.ts'

type Place = Pick<Diagnostic, 'span' | 'node'>

/** Reports measures whose names are taken, whose expressions do not close what they open, or name what there is not. */
export function checkMeasures(
  tables: readonly ModelTable[],
  placeOf: (table: ModelTable) => Place,
  report: (diagnostic: Diagnostic) => void,
): void {
  const owners = new Map<string, ModelTable>()
  for (const table of tables)
    for (const { name, nameSpan } of table.measures) {
      const key = name.toLowerCase()
      const other = owners.get(key)
      const isColumn = table.columns.some((c) => c.name.toLowerCase() === key)
      const by = isColumn ? 'a column' : `a measure of \`${other?.name}\``
      if (isColumn || other !== undefined)
        report(fieldNameTaken({ name, table: table.name, by }, { ...placeOf(table), span: nameSpan }))
      owners.set(key, table)
    }
  for (const table of tables)
    for (const measure of table.measures) checkExpression(table, measure, { tables, place: placeOf(table), report })
}

function checkExpression(
  table: ModelTable,
  measure: Measure,
  context: {
    readonly tables: readonly ModelTable[]
    readonly place: Place
    readonly report: (diagnostic: Diagnostic) => void
  },
): void {
  const { tables, place, report } = context
  const { references, texts, fault } = daxReferences(measure.expression)
  if (fault !== null) {
    report(badDax({ measure: measure.name, table: table.name, fault }, { ...place, span: measure.span }))
    return
  }
  const seen = new Set<string>()
  for (const reference of references) {
    const unknown = unknownName(reference, { table, tables, texts })
    if (unknown === null || seen.has(unknown.written)) continue
    seen.add(unknown.written)
    const span = spanOf(measure, reference, unknown.written)
    report(unknownDaxName({ ...unknown, measure: measure.name, table: table.name }, { ...place, span }))
  }
}

function spanOf({ span, textStart, expression }: Measure, { offset }: DaxReference, written: string): Span {
  const isThere = textStart !== null && expression.startsWith(written, offset)
  return isThere ? { path: span.path, start: textStart + offset, end: textStart + offset + written.length } : span
}

interface Unknown {
  readonly what: 'table' | 'column' | 'field'
  readonly written: string
  readonly name: string
  readonly known: readonly string[]
  /** The name that stands in the rows, where people see another one. */
  readonly called: string | undefined
}

function unknownName(
  reference: DaxReference,
  {
    table,
    tables,
    texts,
  }: { readonly table: ModelTable; readonly tables: readonly ModelTable[]; readonly texts: readonly string[] },
): Unknown | null {
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  const { name } = reference
  if (reference.kind === 'field') {
    const measures = tables.flatMap((t) => t.measures.map((m) => m.name))
    const known = [...measures, ...table.columns.map((c) => c.name)]
    if ([...known, ...texts].some((k) => same(k, name))) return null
    const called = table.columns.find((c) => same(c.source, name))?.name
    return { what: 'field', written: `[${name}]`, name, known, called }
  }
  const wanted = reference.kind === 'table' ? name : reference.table
  const owner = tables.find((t) => same(t.name, wanted))
  if (owner === undefined) {
    const called = tables.find((t) => same(t.source, wanted))?.name
    const written = reference.kind === 'table' ? `'${wanted}'` : `${wanted}[${name}]`
    return { what: 'table', written, name: wanted, known: tables.map((t) => t.name), called }
  }
  if (reference.kind === 'table') return null
  const known = [...owner.columns.map((c) => c.name), ...owner.measures.map((m) => m.name)]
  if (known.some((k) => same(k, name))) return null
  const called = owner.columns.find((c) => same(c.source, name))?.name
  return { what: 'column', written: `${wanted}[${name}]`, name, known, called }
}
