import type { Diagnostic } from '../../../base/diagnostic.ts'
import type { HyperOptions } from '../../../config/exports/hyper-options.ts'
import type { IntoOptions } from '../../../config/exports/package-options.ts'
import { extractKind } from '../extract-columns.ts'
import type { TableauDatatype } from '../field.ts'
import { hyperKind } from '../hyper-kind.ts'
import type { BoundSource } from './bound-sources.ts'
import { intoColumnGone, intoColumnRetyped, intoColumnUnused } from './errors.ts'
import type { MatchedTable } from './match-tables.ts'

const WORDS: { readonly [datatype in TableauDatatype]: string } = {
  string: 'text',
  integer: 'a whole number',
  real: 'a decimal number',
  boolean: 'a boolean',
  date: 'a date',
  datetime: 'a date and time',
  spatial: 'a place on the map',
}

/** What a document would miss in the new extract: an error where it is used, a warning where it is not. */
export function compareExtract(
  matched: readonly MatchedTable[],
  sources: readonly BoundSource[],
  options: HyperOptions,
  into: IntoOptions,
): readonly Diagnostic[] {
  return matched.flatMap(({ stored, table }) => {
    const now = new Map(
      table.columns.flatMap((column) => {
        const kind = extractKind(column, options)
        return kind === null ? [] : [[column.name, { column, datatype: kind.datatype }] as const]
      }),
    )
    return stored.columns.flatMap(({ name, type }): readonly Diagnostic[] => {
      const was = hyperKind(type).datatype
      const found = now.get(name)
      if (found?.datatype === was) return []
      const uses = [...new Set(sources.flatMap((source) => source.uses(source.field(stored.name, name))))]
      const place = { span: into.span }
      const about = { column: name, path: into.path, table: table.name }
      if (found === undefined)
        return uses.length === 0
          ? [intoColumnUnused({ ...about, change: `\`${table.name}\` does not have` }, place)]
          : [
              intoColumnGone(
                {
                  ...about,
                  uses,
                  known: [...now.keys()],
                  calculated: sources.some((source) => source.isCalculated(source.field(stored.name, name))),
                },
                place,
              ),
            ]
      const is = WORDS[found.datatype]
      const span = found.column.span
      const labels = span === null ? [] : [{ span, text: `here it is ${found.column.engineType}` }]
      return uses.length === 0
        ? [intoColumnUnused({ ...about, change: `was ${WORDS[was]} and is ${is}` }, place)]
        : [intoColumnRetyped({ ...about, was: WORDS[was], is, uses }, { ...place, labels })]
    })
  })
}
