import { entryOf, type YamlMap, type YamlNode } from '../../config/yaml-node.ts'
import { isNothing, type YamlReader } from '../../config/yaml-reader.ts'
import { badColor, formulaSyntax, unknownFormat, unknownPlace } from './errors.ts'
import type { FieldValue, TableauAggregation, TableauDatatype, TableauFieldType } from './field.ts'
import { GEOGRAPHIC_ROLES } from './field-defaults.ts'
import { FORMAT_NAMES, fieldFormat } from './field-format.ts'
import { readFormula } from './formula.ts'
import { formulaPlace } from './formula-place.ts'
import type { CalculationMetadata, FieldMetadata } from './table-metadata.ts'

const FIELD_KEYS = [
  'caption',
  'description',
  'role',
  'type',
  'aggregation',
  'format',
  'geographic_role',
  'folder',
  'hidden',
  'aliases',
  'colors',
  'palette',
] as const

const CALCULATION_KEYS = ['name', 'formula', 'datatype', ...FIELD_KEYS] as const
const DATATYPES: readonly TableauDatatype[] = ['string', 'integer', 'real', 'boolean', 'date', 'datetime', 'spatial']

/** Words for aggregations, and how Tableau writes them. */
const AGGREGATIONS: { readonly [word: string]: TableauAggregation } = {
  sum: 'Sum',
  avg: 'Avg',
  count: 'Count',
  count_distinct: 'CountD',
  min: 'Min',
  max: 'Max',
  median: 'Median',
  attribute: 'Attribute',
  stdev: 'Stdev',
  stdevp: 'StdevP',
  var: 'Var',
  varp: 'VarP',
  none: 'None',
}

/** `discrete` and `continuous` are what Tableau's menus say. */
const TYPES: { readonly [word: string]: TableauFieldType | 'discrete' } = {
  nominal: 'nominal',
  ordinal: 'ordinal',
  quantitative: 'quantitative',
  discrete: 'discrete',
  continuous: 'quantitative',
}

/** `meta.tableau` of a column. Mistakes are reported, and what is wrong counts as not said. */
export function readFieldMetadata(reader: YamlReader, node: YamlNode, where: string): FieldMetadata {
  const map = reader.map(node, where, FIELD_KEYS)
  return map === undefined ? {} : readField(reader, map, where)
}

/** An entry of `calculations`. */
export function readCalculation(reader: YamlReader, node: YamlNode, where: string): CalculationMetadata | undefined {
  const map = reader.map(node, where, CALCULATION_KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', where, 'name: roas')
  const formula = reader.requiredText(map, 'formula', where, "formula: 'SUM([revenue]) / SUM([spend])'")
  if (name === undefined || formula === undefined) return undefined
  const datatype = given(map, 'datatype')
  const written = entryOf(map, 'formula')!.value
  const places = {
    formulaSpan: reader.span(written),
    formulaOffset: written.kind === 'scalar' && written.exact ? written.textStart : null,
  }
  const tokens = readFormula(formula)
  if ('problem' in tokens) {
    const span = formulaPlace(places, tokens.start, tokens.end) ?? places.formulaSpan
    return reader.report(formulaSyntax({ field: name, problem: tokens.problem }, { span }))
  }
  return {
    ...readField(reader, map, `${where} \`${name}\``),
    ...places,
    name,
    formula,
    tokens,
    datatype: datatype === undefined ? undefined : reader.choice(datatype, '`datatype`', DATATYPES),
    span: reader.span(entryOf(map, 'name')!.value),
  }
}

function readField(reader: YamlReader, map: YamlMap, where: string): FieldMetadata {
  const text = (key: string): string | undefined => reader.optionalText(map, key, `\`${key}\` of ${where}`)
  const word = <T>(key: string, words: { readonly [word: string]: T }): T | undefined => {
    const value = given(map, key)
    const chosen = value === undefined ? undefined : reader.choice(value, `\`${key}\``, Object.keys(words))
    return chosen === undefined ? undefined : words[chosen]
  }
  return {
    caption: text('caption'),
    description: text('description'),
    role: word('role', { dimension: 'dimension', measure: 'measure' } as const),
    type: word('type', TYPES),
    aggregation: word('aggregation', AGGREGATIONS),
    ...readFormat(reader, map, where),
    semanticRole: readPlace(reader, map, where),
    folder: text('folder'),
    hidden: reader.optionalBoolean(map, 'hidden', `\`hidden\` of ${where}`),
    aliases: readPairs(reader, map, 'aliases', where)?.map(({ value, text: caption }) => ({ value, caption })),
    colors: readColors(reader, map, where),
    palette: text('palette'),
  }
}

function given(map: YamlMap, key: string): YamlNode | undefined {
  const entry = entryOf(map, key)
  return entry === undefined || isNothing(entry.value) ? undefined : entry.value
}

function readFormat(reader: YamlReader, map: YamlMap, where: string): Pick<FieldMetadata, 'format'> {
  const node = given(map, 'format')
  const written = node === undefined ? undefined : reader.text(node, `\`format\` of ${where}`)
  if (node === undefined || written === undefined) return {}
  const format = fieldFormat(written)
  const span = reader.span(node)
  if (format === undefined) reader.report(unknownFormat({ format: written, known: FORMAT_NAMES }, { span }))
  return format === undefined ? {} : { format: { ...format, written, span } }
}

function readPlace(reader: YamlReader, map: YamlMap, where: string): string | null | undefined {
  const node = given(map, 'geographic_role')
  const role = node === undefined ? undefined : reader.text(node, `\`geographic_role\` of ${where}`)
  if (node === undefined || role === undefined) return undefined
  if (role === 'none') return null
  if (Object.hasOwn(GEOGRAPHIC_ROLES, role)) return GEOGRAPHIC_ROLES[role as keyof typeof GEOGRAPHIC_ROLES]
  if (/^\[[^[\]]+\]\.\[[^[\]]+\]$/.test(role)) return role
  const known = [...Object.keys(GEOGRAPHIC_ROLES), 'none']
  return reader.report(unknownPlace({ role, known }, { span: reader.span(node) }))
}

/** A mapping of values to texts. Keys are values of the column, so those that look like numbers are numbers later. */
function readPairs(
  reader: YamlReader,
  map: YamlMap,
  key: string,
  where: string,
): readonly { readonly value: FieldValue; readonly text: string; readonly node: YamlNode }[] | undefined {
  const node = given(map, key)
  const pairs = node === undefined ? undefined : reader.map(node, `\`${key}\` of ${where}`, undefined)
  return pairs?.entries.flatMap((entry) => {
    const text = reader.text(entry.value, `a value of \`${key}\` of ${where}`)
    return text === undefined ? [] : [{ value: entry.key, text, node: entry.value }]
  })
}

function readColors(reader: YamlReader, map: YamlMap, where: string): FieldMetadata['colors'] {
  return readPairs(reader, map, 'colors', where)?.flatMap(({ value, text, node }) => {
    if (/^#[0-9a-f]{6}$/i.test(text)) return [{ value, color: text.toLowerCase() }]
    reader.report(badColor({ color: text }, { span: reader.span(node) }))
    return []
  })
}
