import { createHash } from 'node:crypto'
import type { Element } from 'xast'
import { x } from 'xastscript'
import { isMeasure } from '../../../config/exports/workbook/read-field.ts'
import type { ColorUse, Sheet, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import type { FieldValue, TableauField } from '../field.ts'
import type { TableauDataSource } from '../tableau-data-source.ts'
import { paletteNamed } from './color-encoding.ts'

type FieldColor = Extract<ColorUse, { kind: 'field' }>

/**
 * Colours of categories belong to the data source in Tableau, the same on every sheet. What several sheets say of one
 * field is put together; the first one's palette holds.
 */
export function withCategoryColors(
  source: TableauDataSource,
  sheets: readonly Sheet[],
  spec: WorkbookSpec,
): TableauDataSource {
  const uses = sheets.flatMap((sheet) => (sheet.color.kind === 'field' ? [sheet.color] : []))
  return {
    ...source,
    fields: source.fields.map((field) => {
      const own = uses.filter((use) => colours(use, field))
      if (own.length === 0) return field
      const said = new Map<string, string>()
      for (const { value, color } of own.flatMap((use) => use.colors)) if (!said.has(value)) said.set(value, color)
      const colors = [...said].map(([value, color]) => ({ value: typed(value, field), color }))
      const chosen = own.find((use) => use.palette !== null)?.palette ?? null
      const palette = chosen === null ? (field.palette ?? spec.theme.categorical) : nameOf(chosen)
      const kept = field.colors.filter((known) => !said.has(String(known.value)))
      return { ...field, colors: [...kept, ...colors], palette }
    }),
  }
}

function colours(use: FieldColor, field: TableauField): boolean {
  const { value } = use.field
  if (isMeasure(use.field) && !(value.kind === 'calculation' && field.role === 'dimension')) return false
  const name = value.kind === 'column' ? value.column : value.kind === 'calculation' ? value.name : null
  return name !== null && (field.column === name || (field.column === null && field.name === name))
}

function typed(value: string, field: TableauField): FieldValue {
  if (field.datatype === 'integer' || field.datatype === 'real') return Number(value)
  return field.datatype === 'boolean' ? value === 'true' : value
}

/** A list of colours has no name of its own. */
function nameOf(palette: NonNullable<FieldColor['palette']>): string {
  if (typeof palette === 'string') return palette
  return `colors ${createHash('sha256').update(palette.join()).digest('hex').slice(0, 8)}`
}

/** `<preferences>` with the palettes that fields name. */
export function palettesElement(spec: WorkbookSpec, sources: readonly TableauDataSource[]): Element {
  const lists = spec.sheets.flatMap(({ color }) =>
    color.kind === 'field' && color.palette !== null && typeof color.palette !== 'string' ? [color.palette] : [],
  )
  const used = new Set(sources.flatMap((source) => source.fields.flatMap((field) => field.palette ?? [])))
  const palettes = [...used].sort().flatMap((name) => {
    const colors = paletteNamed(spec, name)?.colors ?? lists.find((list) => nameOf(list) === name)
    return colors === undefined ? [] : [{ name, colors }]
  })
  return x('preferences', [
    x('preference', { name: 'ui.encoding.shelf.height', value: '24' }),
    x('preference', { name: 'ui.shelf.height', value: '26' }),
    ...palettes.map(({ name, colors }) =>
      x(
        'color-palette',
        { custom: 'true', name, type: 'regular' },
        colors.map((color) => x('color', color)),
      ),
    ),
  ])
}
