import type { YamlMap, YamlNode } from '../../yaml-node.ts'
import { badColor, unknownName } from './errors.ts'
import { readField } from './read-field.ts'
import { parseColor, type WorkbookReader } from './workbook-reader.ts'
import type { Color, ColorUse } from './workbook-spec.ts'

const KEYS = [
  'field',
  'part',
  'title',
  'format',
  'discrete',
  'palette',
  'values',
  'reversed',
  'steps',
  'center',
  'minimum',
  'maximum',
] as const
const FIELD_KEYS: readonly string[] = ['field', 'part', 'title', 'format', 'discrete']

/** `'#0071e3'` for all marks, a field, or a mapping with `field` and how its values are coloured. */
export function readColorUse(reader: WorkbookReader, node: YamlNode | undefined, where: string): ColorUse {
  if (node === undefined) return { kind: 'accent' }
  const { yaml } = reader
  if (node.kind !== 'map') {
    const value = yaml.value(node)
    if (typeof value === 'string' && value.startsWith('#')) {
      const color = parseColor(value)
      if (color !== undefined) return { kind: 'fixed', color }
      reader.report(badColor({ text: value, palettes: [] }, { span: yaml.span(node) }))
      return { kind: 'accent' }
    }
    const field = readField(reader, node, where)
    return field === undefined ? { kind: 'accent' } : { kind: 'field', field, ...UNSAID }
  }
  const map = yaml.map(node, where, KEYS)
  if (map === undefined) return { kind: 'accent' }
  const entries = map.entries.filter((entry) => FIELD_KEYS.includes(entry.key))
  const field = readField(reader, { ...map, entries }, where)
  if (field === undefined) return { kind: 'accent' }
  return {
    kind: 'field',
    field,
    palette: readPaletteUse(reader, map, where),
    colors: readValueColors(reader, map),
    reversed: reader.flag(map, 'reversed', false),
    steps: reader.count(map, 'steps', 2),
    center: reader.number(map, 'center'),
    minimum: reader.number(map, 'minimum'),
    maximum: reader.number(map, 'maximum'),
  }
}

const UNSAID = {
  palette: null,
  colors: [],
  reversed: false,
  steps: null,
  center: null,
  minimum: null,
  maximum: null,
} as const

function readPaletteUse(reader: WorkbookReader, map: YamlMap, where: string): string | readonly Color[] | null {
  const node = reader.at(map, 'palette')
  if (node === undefined) return null
  if (node.kind === 'list') return reader.colors(node, '`palette`') ?? null
  const name = reader.yaml.text(node, '`palette`')
  if (name === undefined || reader.palettes.includes(name)) return name ?? null
  reader.report(unknownName({ what: 'palette', name, where, known: reader.palettes }, { span: reader.yaml.span(node) }))
  return null
}

function readValueColors(
  reader: WorkbookReader,
  map: YamlMap,
): readonly { readonly value: string; readonly color: Color }[] {
  const node = reader.at(map, 'values')
  const values = node === undefined ? undefined : reader.yaml.map(node, '`values` of a colour', undefined)
  return (values?.entries ?? []).flatMap((entry) => {
    const color = reader.asColor(entry.value)
    return color === undefined ? [] : [{ value: entry.key, color }]
  })
}
