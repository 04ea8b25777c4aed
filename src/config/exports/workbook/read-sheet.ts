import { wrongType } from '../../errors.ts'
import { entryOf, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { sheetNeeds } from './errors.ts'
import { readColorUse } from './read-color.ts'
import { dimensionsOnly, isMeasure, measuresOnly, readField, readFields } from './read-field.ts'
import { readFilter } from './read-filter.ts'
import { readReferenceLines } from './read-reference-line.ts'
import { readSorts } from './read-sort.ts'
import { readStyledText } from './read-styled-text.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { Field, MapLocation, Sheet, SheetKind, StyledText } from './workbook-spec.ts'

const KINDS: readonly SheetKind[] = [
  'line',
  'area',
  'bar',
  'map',
  'text',
  'kpi',
  'highlight',
  'scatter',
  'funnel',
  'interval',
]

const COMMON = ['name', 'kind', 'data', 'title', 'description', 'filters', 'tooltip'] as const
const MARKS = ['color', 'size', 'label', 'detail'] as const

/** What each kind reads besides the common keys. */
const KEYS: Readonly<Record<SheetKind, readonly string[]>> = {
  line: ['columns', 'rows', ...MARKS, 'sort', 'reference_lines', 'markers', 'dual_axis'],
  area: ['columns', 'rows', ...MARKS, 'sort', 'reference_lines', 'stack'],
  bar: ['columns', 'rows', ...MARKS, 'sort', 'top', 'reference_lines', 'stack'],
  map: ['location', 'latitude', 'longitude', ...MARKS],
  text: ['columns', 'rows', 'values', 'color', 'sort', 'totals'],
  kpi: ['values', 'color'],
  highlight: ['columns', 'rows', 'color', 'label', 'detail', 'sort'],
  scatter: ['columns', 'rows', ...MARKS, 'reference_lines'],
  funnel: ['steps', 'value', 'color', 'label', 'detail', 'sort', 'shape'],
  interval: ['rows', 'value', 'from', 'to', 'color', 'label', 'detail', 'sort', 'reference_lines'],
}

/** A sheet; `known` are the keys of every kind, so that a key of another kind gets its own words. */
export function readSheet(reader: WorkbookReader, node: YamlNode): Sheet | undefined {
  const { yaml } = reader
  const any = yaml.map(node, 'a sheet', undefined)
  if (any === undefined) return undefined
  const name = yaml.requiredText(any, 'name', 'a sheet', 'name: Spend by month')
  const kindNode = reader.at(any, 'kind')
  if (kindNode === undefined) {
    yaml.requiredText(any, 'kind', name === undefined ? 'a sheet' : `the sheet \`${name}\``, 'kind: bar')
    return undefined
  }
  const kind = yaml.choice(kindNode, 'kind of sheet', KINDS)
  if (name === undefined || kind === undefined) return undefined
  const where = `the sheet \`${name}\``
  yaml.map(node, where, [...COMMON, ...KEYS[kind]], (key) => otherKind(key, kind))
  const columns = readFields(reader, reader.at(any, 'columns'), `\`columns\` of ${where}`)
  const rows = readFields(reader, reader.at(any, 'rows'), `\`rows\` of ${where}`)
  const values = kind === 'interval' ? readInterval(reader, any, where) : readValues(reader, any, where)
  const location = kind === 'map' ? readLocation(reader, any, where) : null
  const steps = readFields(reader, kind === 'funnel' ? reader.at(any, 'steps') : undefined, `\`steps\` of ${where}`)
  const size = reader.at(any, 'size')
  const sheet: Sheet = {
    name,
    kind,
    data: reader.text(any, 'data'),
    title: readTitle(reader, any, where),
    description: reader.text(any, 'description') ?? '',
    columns,
    rows: kind === 'funnel' ? dimensionsOnly(reader, steps, `\`steps\` of ${where}`) : rows,
    values,
    location,
    color: readColorUse(reader, reader.at(any, 'color'), `\`color\` of ${where}`),
    size: size === undefined ? null : (readField(reader, size, `\`size\` of ${where}`) ?? null),
    labels: readFields(reader, reader.at(any, 'label'), `\`label\` of ${where}`),
    detail: readFields(reader, reader.at(any, 'detail'), `\`detail\` of ${where}`),
    tooltip: readTooltip(reader, any, where),
    filters: readFilters(reader, any, where),
    sorts: readSorts(reader, any, where),
    referenceLines: readReferenceLines(reader, reader.at(any, 'reference_lines'), where),
    stack: reader.choice(any, 'stack', ['stacked', 'percent', 'none'], 'stacked'),
    markers: reader.flag(any, 'markers', false),
    dualAxis: reader.flag(any, 'dual_axis', false),
    funnelShape: reader.choice(any, 'shape', ['centered', 'left'], 'centered'),
    totals: readTotals(reader, any),
    span: yaml.span(entryOf(any, 'name')!.value),
  }
  checkNeeds(reader, any, sheet)
  return sheet
}

function otherKind(key: string, kind: SheetKind): string | undefined {
  const others = KINDS.filter((other) => KEYS[other].includes(key))
  if (others.length === 0) return undefined
  return `a sheet of kind \`${kind}\` has no \`${key}\`; kinds that have it: ${others.map((o) => `\`${o}\``).join(', ')}`
}

function readTitle(reader: WorkbookReader, map: YamlMap, where: string): StyledText | null {
  const node = reader.at(map, 'title')
  if (node === undefined || (node.kind === 'scalar' && node.value === false)) return null
  return readStyledText(reader, node, `\`title\` of ${where}`) ?? null
}

function readTooltip(reader: WorkbookReader, map: YamlMap, where: string): StyledText | null {
  const node = reader.at(map, 'tooltip')
  return node === undefined ? null : (readStyledText(reader, node, `\`tooltip\` of ${where}`) ?? null)
}

/** `values` of a table or KPI, `value` of a funnel. */
function readValues(reader: WorkbookReader, map: YamlMap, where: string): readonly Field[] {
  const key = entryOf(map, 'value') === undefined ? 'values' : 'value'
  const place = `\`${key}\` of ${where}`
  return measuresOnly(reader, readFields(reader, reader.at(map, key), place), place)
}

/** `value`, `from` and `to`; shorter when one of them is missing or no measure. */
function readInterval(reader: WorkbookReader, map: YamlMap, where: string): readonly Field[] {
  return ['value', 'from', 'to'].flatMap((key) => {
    const place = `\`${key}\` of ${where}`
    return measuresOnly(reader, readFields(reader, reader.at(map, key), place), place).slice(0, 1)
  })
}

function readLocation(reader: WorkbookReader, map: YamlMap, where: string): MapLocation | null {
  const node = reader.at(map, 'location')
  if (node !== undefined) {
    const place = `\`location\` of ${where}`
    return { kind: 'area', fields: dimensionsOnly(reader, readFields(reader, node, place), place) }
  }
  const [latitude] = readFields(reader, reader.at(map, 'latitude'), `\`latitude\` of ${where}`)
  const [longitude] = readFields(reader, reader.at(map, 'longitude'), `\`longitude\` of ${where}`)
  return latitude === undefined || longitude === undefined ? null : { kind: 'point', latitude, longitude }
}

const TOP_KEYS = ['count', 'by', 'of', 'end'] as const

function readFilters(reader: WorkbookReader, map: YamlMap, where: string): Sheet['filters'] {
  const filters = reader.yaml
    .list(reader.at(map, 'filters'), `\`filters\` of ${where}`)
    .flatMap((item) => readFilter(reader, item, `a filter of ${where}`) ?? [])
  const node = reader.at(map, 'top')
  if (node === undefined) return filters
  const top = reader.yaml.map(node, `\`top\` of ${where}`, TOP_KEYS)
  const of = top === undefined ? undefined : reader.at(top, 'of')
  const by = top === undefined ? undefined : reader.at(top, 'by')
  if (top === undefined) return filters
  for (const key of ['of', 'by'] as const)
    if (reader.at(top, key) === undefined)
      reader.yaml.requiredText(top, key, `\`top\` of ${where}`, key === 'of' ? 'of: campaign' : 'by: sum(spend)')
  if (of === undefined || by === undefined) return filters
  const field = readField(reader, of, `\`top\` of ${where}`)
  const [measure] = measuresOnly(reader, readFields(reader, by, `\`top\` of ${where}`), `\`by\` of \`top\``)
  if (field === undefined || measure === undefined) return filters
  const rule = {
    kind: 'top',
    count: reader.count(top, 'count', 1) ?? 10,
    end: reader.choice(top, 'end', ['top', 'bottom'], 'top'),
    by: measure,
  } as const
  return [...filters, { field, rule, span: field.span }]
}

function readTotals(reader: WorkbookReader, map: YamlMap): Sheet['totals'] {
  const node = reader.at(map, 'totals')
  if (node === undefined) return { rows: false, columns: false }
  const texts = reader.yaml.texts(node, '`totals`') ?? []
  for (const text of texts)
    if (text !== 'rows' && text !== 'columns')
      reader.report(
        wrongType(
          { what: '`totals`', expected: '`rows`, `columns` or a list of both', got: `the text \`${text}\`` },
          { span: reader.yaml.span(node) },
        ),
      )
  return { rows: texts.includes('rows'), columns: texts.includes('columns') }
}

/** What a kind cannot do without. */
function checkNeeds(reader: WorkbookReader, map: YamlMap, sheet: Sheet): void {
  const missing = missingOf(sheet)
  if (missing === undefined) return
  // A field that could not be read was reported already: its key stands there.
  if (missing.keys.some((key) => reader.at(map, key) !== undefined && !missing.always)) return
  reader.report(
    sheetNeeds(
      { sheet: sheet.name, kind: sheet.kind, needs: missing.needs, example: missing.example },
      { span: sheet.span },
    ),
  )
}

interface Missing {
  readonly needs: string
  readonly example: string
  readonly keys: readonly string[]
  /** The keys are there and still not enough. */
  readonly always?: boolean
}

function missingOf(sheet: Sheet): Missing | undefined {
  const { kind, columns, rows } = sheet
  const measured = (fields: readonly Field[]): boolean => fields.some(isMeasure)
  switch (kind) {
    case 'line':
    case 'area':
    case 'bar': {
      if (columns.length === 0 && rows.length === 0)
        return {
          needs: '`columns` and `rows`',
          example: 'columns: month(date)` and `rows: sum(spend)',
          keys: ['columns', 'rows'],
        }
      if (!measured(columns) && !measured(rows))
        return {
          needs: 'a measure on `columns` or `rows`',
          example: 'rows: sum(spend)',
          keys: ['columns', 'rows'],
          always: true,
        }
      return undefined
    }
    case 'scatter':
      return measured(columns) && measured(rows)
        ? undefined
        : {
            needs: 'a measure on `columns` and one on `rows`',
            example: 'columns: sum(spend)` and `rows: sum(value)',
            keys: ['columns', 'rows'],
            always: true,
          }
    case 'map':
      return sheet.location !== null
        ? undefined
        : {
            needs: 'a `location`, or `latitude` and `longitude`',
            example: 'location: country_code',
            keys: ['location'],
          }
    case 'text':
    case 'kpi':
      return sheet.values.length > 0
        ? undefined
        : { needs: '`values`', example: 'values: [sum(spend), sum(clicks)]', keys: ['values'] }
    case 'highlight':
      return sheet.color.kind === 'field' && isMeasure(sheet.color.field) && columns.length > 0 && rows.length > 0
        ? undefined
        : {
            needs: '`rows`, `columns` and a measure as `color`',
            example: 'color: sum(active) / sum(customers)',
            keys: ['color'],
            always: true,
          }
    case 'interval':
      return rows.length > 0 && sheet.values.length === 3
        ? undefined
        : {
            needs: '`rows`, `value`, `from` and `to`',
            example: 'value: avg(lift)`, `from: avg(low)` and `to: avg(high)',
            keys: ['rows', 'value', 'from', 'to'],
            always: true,
          }
    case 'funnel':
      return rows.length > 0 && sheet.values.length > 0
        ? undefined
        : { needs: '`steps` and `value`', example: 'steps: step` and `value: sum(users)', keys: ['steps', 'value'] }
  }
}
