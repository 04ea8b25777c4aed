import type { Diagnostic } from '../base/diagnostic.ts'
import type { Span } from '../base/span.ts'
import { readConfigEntries } from './config-layer.ts'
import { badName, missingKey, wrongType } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import { readDescription } from './read-description.ts'
import { readCsvRows, readDictRows, spanInScalar } from './read-fixture-rows.ts'
import type {
  ExpectEntry,
  FixtureFormat,
  FixtureRows,
  GivenEntry,
  OverrideEntry,
  OverridesEntry,
  RowsEntry,
  UnitTestEntry,
  UnitTestVersions,
} from './unit-test-entry.ts'
import { fixtureFormat, rowsTwice, unevenRows } from './unit-test-errors.ts'
import { describeYaml, entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, rawValue, type YamlReader } from './yaml-reader.ts'

const KEYS = ['name', 'description', 'model', 'given', 'expect', 'overrides', 'versions', 'config'] as const
const ROWS_KEYS = ['rows', 'format', 'fixture'] as const
const GIVEN_KEYS = ['input', ...ROWS_KEYS] as const
const EXPECT_KEYS = [...ROWS_KEYS, 'tolerance', 'table_after'] as const
const formats: readonly FixtureFormat[] = ['dict', 'csv', 'sql']

/** One entry of `unit_tests:`; undefined when it has no name, no model or no expectation. */
export function readUnitTest(reader: YamlReader, node: YamlNode): UnitTestEntry | undefined {
  const map = reader.map(node, 'a unit test', KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'a unit test', 'name: totals_are_rounded')
  if (name === undefined) return undefined
  const nameSpan = reader.span(entryOf(map, 'name')!.value)
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    return reader.report(badName({ what: 'a unit test', name }, { span: nameSpan }))
  const where = `the unit test \`${name}\``
  const model = reader.requiredText(map, 'model', where, 'model: orders')
  const expect = readExpect(reader, map, where)
  if (model === undefined || expect === undefined || reader.misspelt(map, 'given')) return undefined
  const given = entryOf(map, 'given')
  const config = entryOf(map, 'config')
  const inner =
    config === undefined || isNothing(config.value)
      ? undefined
      : reader.map(config.value, `\`config\` of ${where}`, undefined)
  return {
    name,
    nameSpan,
    description: readDescription(reader, map),
    model,
    modelSpan: reader.span(entryOf(map, 'model')!.value),
    given: reader.list(given?.value, `\`given\` of ${where}`).flatMap((item) => readGiven(reader, item, where) ?? []),
    givenSpan: given === undefined ? nameSpan : reader.keySpan(given),
    expect,
    overrides: readOverrides(reader, map, where),
    versions: readVersions(reader, map, where),
    config: inner === undefined ? [] : readConfigEntries(reader, inner.entries, 'unit_test'),
    text: reader.file.text.slice(map.start, map.end),
  }
}

function readGiven(reader: YamlReader, node: YamlNode, where: string): GivenEntry | undefined {
  const map = reader.map(node, `an entry of \`given\` of ${where}`, GIVEN_KEYS)
  if (map === undefined) return undefined
  const what = `an entry of \`given\` of ${where}`
  const input = reader.requiredText(map, 'input', what, "input: ref('stg_orders')")
  const rows = readRows(reader, map, { what: `the rows of ${input ?? 'an input'}`, span: inputSpan(reader, map, node) })
  if (input === undefined || rows === undefined) return undefined
  return { ...rows, input, inputSpan: reader.span(entryOf(map, 'input')!.value) }
}

function inputSpan(reader: YamlReader, map: YamlMap, node: YamlNode): Span {
  const input = entryOf(map, 'input')
  return input === undefined ? reader.span(node) : reader.span(input.value)
}

function readExpect(reader: YamlReader, map: YamlMap, where: string): ExpectEntry | undefined {
  const entry = entryOf(map, 'expect')
  if (entry === undefined || isNothing(entry.value)) {
    const span = reader.span({ start: map.start, end: Math.min(map.end, map.start + 1) })
    return reader.misspelt(map, 'expect')
      ? undefined
      : reader.report(missingKey({ key: 'expect', where, example: 'expect: {rows: []}' }, { span }))
  }
  const outer = reader.map(entry.value, `\`expect\` of ${where}`, EXPECT_KEYS)
  if (outer === undefined) return undefined
  const after = entryOf(outer, 'table_after')
  const place = { what: `the rows of \`expect\` of ${where}`, span: reader.keySpan(entry) }
  const tolerance = readTolerance(reader, outer) ?? 0
  if (after === undefined) {
    const rows = readRows(reader, outer, place)
    return rows === undefined ? undefined : evenRows(reader, { ...rows, tolerance, tableAfter: false })
  }
  const beside = ROWS_KEYS.map((key) => entryOf(outer, key)).find((e) => e !== undefined)
  if (beside !== undefined)
    return reader.report(rowsTwice({ first: 'table_after', second: beside.key }, { span: reader.keySpan(beside) }))
  const inner: YamlMap =
    after.value.kind === 'map'
      ? after.value
      : { kind: 'map', entries: [{ ...after, key: 'rows' }], start: after.value.start, end: after.value.end }
  if (reader.map(inner, `\`table_after\` of ${where}`, ROWS_KEYS) === undefined) return undefined
  const rows = readRows(reader, inner, { ...place, span: reader.keySpan(after) })
  return rows === undefined ? undefined : evenRows(reader, { ...rows, tolerance, tableAfter: true })
}

/** Which columns are compared must not depend on the row. */
function evenRows(reader: YamlReader, entry: ExpectEntry): ExpectEntry | undefined {
  if (entry.rows?.kind !== 'rows') return entry
  const { columns, rows } = entry.rows
  for (const { cells, span } of rows) {
    const missing = columns.filter((column) => !cells.some((cell) => cell.column === column))
    if (missing.length > 0) return reader.report(unevenRows({ missing }, { span }))
  }
  return entry
}

function readTolerance(reader: YamlReader, map: YamlMap): number | undefined {
  const entry = entryOf(map, 'tolerance')
  if (entry === undefined || isNothing(entry.value)) return undefined
  const value = reader.value(entry.value)
  if (value === undefined || (typeof value === 'number' && value >= 0)) return value
  const place = { span: reader.span(entry.value) }
  const got = describeYaml(entry.value)
  return reader.report(wrongType({ what: '`tolerance`', expected: 'a number from 0 on', got }, place))
}

/** `rows`, `format` and `fixture` of an input or an expectation. Undefined after a report. */
function readRows(reader: YamlReader, map: YamlMap, place: { what: string; span: Span }): RowsEntry | undefined {
  const { what, span } = place
  const given = (key: string): YamlEntry | undefined => {
    const entry = entryOf(map, key)
    return entry === undefined || isNothing(entry.value) ? undefined : entry
  }
  const [rows, fixture, formatEntry] = [entryOf(map, 'rows'), given('fixture'), given('format')]
  if (rows !== undefined && !isNothing(rows.value) && fixture !== undefined)
    return reader.report(rowsTwice({ first: 'rows', second: 'fixture' }, { span: reader.keySpan(fixture) }))
  const named = formatEntry === undefined ? undefined : reader.choice(formatEntry.value, 'format of rows', formats)
  if (formatEntry !== undefined && named === undefined) return undefined
  if (fixture !== undefined) {
    const name = reader.text(fixture.value, '`fixture`')
    if (name === undefined) return undefined
    const place = reader.span(fixture.value)
    if (named === 'dict')
      return reader.report(
        fixtureFormat(
          { why: 'a file holds csv or sql, not `dict`', hint: 'leave `format` out, or write `csv` or `sql`' },
          { span: reader.span(formatEntry!.value) },
        ),
      )
    const format = named ?? (name.endsWith('.sql') ? 'sql' : 'csv')
    return { format, fixture: { name, span: place }, rows: null, written: null, span: place }
  }
  if (rows === undefined && ['rows', 'fixture', 'table_after'].some((key) => reader.misspelt(map, key)))
    return undefined
  if (rows === undefined) return reader.report(missingKey({ key: 'rows', where: what, example: 'rows: []' }, { span }))
  const format = named ?? 'dict'
  const found = readWritten(reader, rows, format, what)
  if (found === undefined) return undefined
  const whole = isNothing(rows.value) ? reader.keySpan(rows) : reader.span(rows.value)
  return { format, fixture: null, rows: found, written: writtenRows(rows.value, format), span: whole }
}

/** Templates are evaluated where rows are read; the artifacts show what is written. */
function writtenRows(node: YamlNode, format: FixtureFormat): ConfigValue {
  return isNothing(node) && format === 'dict' ? [] : rawValue(node)
}

function readWritten(
  reader: YamlReader,
  entry: YamlEntry,
  format: FixtureFormat,
  what: string,
): FixtureRows | undefined {
  const node = entry.value
  const isText = node.kind === 'scalar' && typeof node.value === 'string'
  if (format === 'dict') {
    if (!isText) return readDictRows(reader, node, what)
    const why = `${what} are text, but \`format\` is \`dict\``
    return reader.report(
      fixtureFormat({ why, hint: 'say `format: csv` or `format: sql`' }, { span: reader.span(node) }),
    )
  }
  if (!isText) {
    const why = `${what} are ${describeYaml(node)}, but \`format\` is \`${format}\``
    const hint = node.kind === 'list' ? 'leave `format` out' : `write the ${format} as a text: \`rows: |\``
    return reader.report(
      fixtureFormat({ why, hint }, { span: isNothing(node) ? reader.keySpan(entry) : reader.span(node) }),
    )
  }
  const spanIn = spanInScalar(reader, node)
  const text = String(node.value)
  if (format === 'csv') return readCsvRows(text, spanIn, (d: Diagnostic) => reader.report(d))
  return { kind: 'sql', sql: text, span: spanIn(0, text.length), exact: node.exact }
}

function readOverrides(reader: YamlReader, map: YamlMap, where: string): OverridesEntry {
  const entry = entryOf(map, 'overrides')
  const inner =
    entry === undefined || isNothing(entry.value)
      ? undefined
      : reader.map(entry.value, `\`overrides\` of ${where}`, ['macros', 'vars', 'env_vars'])
  const part = (key: string): ReadonlyMap<string, OverrideEntry> => {
    const found = inner === undefined ? undefined : entryOf(inner, key)
    const values = new Map<string, OverrideEntry>()
    if (found === undefined || isNothing(found.value)) return values
    for (const one of reader.map(found.value, `\`${key}\` of \`overrides\``, undefined)?.entries ?? []) {
      const value = reader.value(one.value)
      if (value !== undefined)
        values.set(one.key, { value, keySpan: reader.keySpan(one), span: reader.span(one.value) })
    }
    return values
  }
  return { macros: part('macros'), vars: part('vars'), envVars: part('env_vars') }
}

function readVersions(reader: YamlReader, map: YamlMap, where: string): UnitTestVersions | null {
  const entry = entryOf(map, 'versions')
  if (entry === undefined || isNothing(entry.value)) return null
  const inner = reader.map(entry.value, `\`versions\` of ${where}`, ['include', 'exclude'])
  if (inner === undefined) return null
  const part = (key: string): readonly (string | number)[] | null => {
    const found = entryOf(inner, key)
    if (found === undefined || isNothing(found.value)) return null
    const items = found.value.kind === 'list' ? found.value.items : [found.value]
    return items.flatMap((item) => {
      const value = reader.value(item)
      return typeof value === 'string' || typeof value === 'number' ? [value] : []
    })
  }
  return { include: part('include'), exclude: part('exclude') }
}
