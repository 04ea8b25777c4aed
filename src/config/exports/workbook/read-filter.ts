import { wrongType } from '../../errors.ts'
import { describeYaml, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { filterRules } from './errors.ts'
import { DATE_LEVELS, readField } from './read-field.ts'
import type { WorkbookReader } from './workbook-reader.ts'
import type { DateLevel, Field, Filter, FilterCell, FilterRule } from './workbook-spec.ts'

const RULES = ['values', 'exclude', 'range', 'last', 'top'] as const
/** Keys of a filter; a dashboard's has more. */
export const FILTER_KEYS = ['field', 'part', ...RULES] as const

export function readFilter(reader: WorkbookReader, node: YamlNode, where: string): Filter | undefined {
  const { yaml } = reader
  if (node.kind !== 'map') {
    const field = readField(reader, node, where)
    return field === undefined ? undefined : { field, rule: { kind: 'all' }, span: field.span }
  }
  const map = yaml.map(node, where, FILTER_KEYS)
  return map === undefined ? undefined : readFilterMap(reader, map, where)
}

/** Of a mapping whose keys were checked. */
export function readFilterMap(reader: WorkbookReader, map: YamlMap, where: string): Filter | undefined {
  const entries = map.entries.filter((entry) => entry.key === 'field' || entry.key === 'part')
  const field = readField(reader, { ...map, entries }, where)
  const rule = readRule(reader, map, where)
  return field === undefined || rule === undefined ? undefined : { field, rule, span: field.span }
}

function readRule(reader: WorkbookReader, map: YamlMap, where: string): FilterRule | undefined {
  const { yaml } = reader
  const found = map.entries.filter((entry) => (RULES as readonly string[]).includes(entry.key))
  const [entry, second] = found
  if (entry === undefined) return { kind: 'all' }
  if (second !== undefined)
    return reader.report(filterRules({ found: found.map((f) => f.key) }, { span: yaml.keySpan(second) }))
  switch (entry.key) {
    case 'values':
    case 'exclude': {
      const values = readCells(reader, entry.value, `\`${entry.key}\` of ${where}`)
      return values === undefined ? undefined : { kind: 'values', values, exclude: entry.key === 'exclude' }
    }
    case 'range':
      return readRange(reader, entry.value)
    case 'last':
      return readLast(reader, entry.value)
    default:
      return readTop(reader, entry.value, where)
  }
}

function readCells(reader: WorkbookReader, node: YamlNode, what: string): readonly FilterCell[] | undefined {
  const nodes = node.kind === 'list' ? node.items : [node]
  const cells: FilterCell[] = []
  for (const item of nodes) {
    const value = reader.yaml.value(item)
    if (value === undefined) return undefined
    if (typeof value === 'object' && value !== null)
      return reader.report(
        wrongType({ what, expected: 'a list of values', got: describeYaml(item) }, { span: reader.yaml.span(item) }),
      )
    cells.push(value)
  }
  if (cells.length > 0) return cells
  return reader.report(
    wrongType({ what, expected: 'a list of values', got: 'an empty list' }, { span: reader.yaml.span(node) }),
  )
}

function readRange(reader: WorkbookReader, node: YamlNode): FilterRule | undefined {
  const value = reader.yaml.value(node)
  if (value === undefined) return undefined
  const [from, to] = Array.isArray(value) && value.length === 2 ? value : []
  const end = (cell: unknown): cell is number | string | null =>
    cell === null || typeof cell === 'number' || (typeof cell === 'string' && isDate(cell))
  const alike = from === null || to === null || typeof from === typeof to
  const isRange = end(from) && end(to) && alike && !(from === null && to === null)
  if (isRange && from !== null && to !== null && from > to)
    return reader.report(
      wrongType(
        { what: '`range`', expected: 'the lower end and then the upper one', got: `\`${from}\` to \`${to}\`` },
        { span: reader.yaml.span(node) },
      ),
    )
  if (isRange) return { kind: 'range', from, to }
  return reader.report(
    wrongType(
      {
        what: '`range`',
        expected: 'a list of two ends, both numbers or both ISO dates',
        got: node.kind === 'list' ? 'this list' : describeYaml(node),
        hint: "for example `range: ['2026-01-01', '2026-06-30']` or `range: [100, null]`; `null` leaves an end open",
      },
      { span: reader.yaml.span(node) },
    ),
  )
}

function isDate(text: string): boolean {
  const parsed = new Date(`${text}T00:00:00Z`)
  // The 31st of June is the 1st of July to JavaScript.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(`${text}T`)
}

const LAST_KEYS = ['count', 'period', 'until'] as const

function readLast(reader: WorkbookReader, node: YamlNode): FilterRule | undefined {
  const { yaml } = reader
  const map = yaml.map(node, '`last`', LAST_KEYS)
  if (map === undefined) return undefined
  const count = reader.count(map, 'count', 1)
  const periodNode = reader.at(map, 'period')
  const period =
    periodNode === undefined ? 'month' : yaml.choice<DateLevel>(periodNode, 'period', DATE_LEVELS.slice(0, 5))
  const until = reader.text(map, 'until')
  if (until !== null && !isDate(until))
    return reader.report(
      wrongType(
        { what: '`until`', expected: 'an ISO date', got: `the text \`${until}\``, hint: "write it as `'2026-06-30'`" },
        { span: yaml.span(reader.at(map, 'until')!) },
      ),
    )
  if (period === undefined) return undefined
  return { kind: 'last', count: count ?? 1, period, until }
}

const TOP_KEYS = ['count', 'by', 'end'] as const

function readTop(reader: WorkbookReader, node: YamlNode, where: string): FilterRule | undefined {
  const { yaml } = reader
  const map = yaml.map(node, '`top`', TOP_KEYS)
  if (map === undefined) return undefined
  const byNode = reader.at(map, 'by')
  if (byNode === undefined) {
    yaml.requiredText(map, 'by', '`top`', 'by: sum(spend)')
    return undefined
  }
  const by: Field | undefined = readField(reader, byNode, `\`top\` of ${where}`)
  if (by === undefined) return undefined
  return {
    kind: 'top',
    count: reader.count(map, 'count', 1) ?? 10,
    end: reader.choice(map, 'end', ['top', 'bottom'], 'top'),
    by,
  }
}
