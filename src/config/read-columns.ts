import { missingConstraintKey } from './constraint-faults.ts'
import { constraintIncomplete, describedTwice, unsupportedKey } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import type { ColumnEntry, ConstraintEntry } from './property-types.ts'
import { readDocumented } from './read-description.ts'
import { readTests } from './read-tests.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

const COLUMN_KEYS = [
  'name',
  'description',
  'data_type',
  'tests',
  'data_tests',
  'meta',
  'tags',
  'quote',
  'constraints',
  'config',
  'docs',
  'required',
  'granularity',
  'policy',
] as const
const CONFIG_KEYS = ['meta', 'tags'] as const
const CONSTRAINT_KEYS = [
  'type',
  'name',
  'expression',
  'columns',
  'to',
  'to_columns',
  'warn_unenforced',
  'warn_unsupported',
] as const
const CONSTRAINT_TYPES = ['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom'] as const

const NO_META: { readonly [key: string]: ConfigValue } = {}
const NO_TAGS: readonly string[] = []
const NO_CONSTRAINTS: readonly ConstraintEntry[] = []

/** `columns:` of a model, seed or source table. A column that is described twice gives a warning; its tests add up. */
export function readColumns(reader: YamlReader, map: YamlMap, owner: string): readonly ColumnEntry[] {
  const entry = entryOf(map, 'columns')
  if (entry === undefined) return []
  return readColumnList(reader, reader.list(entry.value, `\`columns\` of ${owner}`), owner)
}

/** As `readColumns`, of entries that stand in a list already. */
export function readColumnList(reader: YamlReader, items: readonly YamlNode[], owner: string): readonly ColumnEntry[] {
  const columns = new Map<string, ColumnEntry>()
  for (const item of items) {
    const column = readColumn(reader, item, owner)
    if (column === undefined) continue
    const key = column.quote === true ? column.name : column.name.toLowerCase()
    const earlier = columns.get(key)
    if (earlier === undefined) columns.set(key, column)
    else {
      reader.report(
        describedTwice(
          { what: 'column', name: column.name },
          { span: column.span, labels: [{ span: earlier.span, text: 'first here' }] },
        ),
      )
      columns.set(key, { ...column, tests: [...earlier.tests, ...column.tests] })
    }
  }
  return [...columns.values()]
}

function readColumn(reader: YamlReader, node: YamlNode, owner: string): ColumnEntry | undefined {
  const where = `a column of ${owner}`
  const map = reader.map(node, where, COLUMN_KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', where, 'name: order_id')
  const tests = readTests(reader, map)
  if (name === undefined) return undefined
  const policy = entryOf(map, 'policy')
  if (policy !== undefined && !isNothing(policy.value))
    reader.report(
      unsupportedKey(
        { key: 'policy', where, reason: 'there are no masking policies' },
        { span: reader.keySpan(policy) },
      ),
    )
  const { meta, tags } = readMetaAndTags(reader, map, where)
  const typeEntry = entryOf(map, 'data_type')
  return {
    name,
    ...readDocumented(reader, map),
    dataType: reader.optionalText(map, 'data_type', '`data_type`') ?? null,
    meta,
    tags,
    quote: reader.optionalBoolean(map, 'quote', '`quote`') ?? null,
    constraints: readConstraints(reader, map, where, 'column'),
    required: reader.optionalBoolean(map, 'required', '`required`') ?? true,
    span: reader.span(entryOf(map, 'name')!.value),
    typeSpan: typeEntry === undefined ? null : reader.span(typeEntry.value),
    tests,
  }
}

/** Both may stand at the column or in its `config:`; they add up. */
function readMetaAndTags(
  reader: YamlReader,
  map: YamlMap,
  where: string,
): { meta: ColumnEntry['meta']; tags: readonly string[] } {
  let meta = NO_META
  let tags = NO_TAGS
  const configEntry = entryOf(map, 'config')
  const config =
    configEntry === undefined || isNothing(configEntry.value)
      ? undefined
      : reader.map(configEntry.value, `\`config\` of ${where}`, CONFIG_KEYS)
  for (const place of config === undefined ? [map] : [map, config]) {
    const metaEntry = entryOf(place, 'meta')
    if (
      metaEntry !== undefined &&
      !isNothing(metaEntry.value) &&
      reader.map(metaEntry.value, '`meta`', undefined) !== undefined
    )
      meta = { ...meta, ...(reader.value(metaEntry.value) as ColumnEntry['meta'] | undefined) }
    const tagsEntry = entryOf(place, 'tags')
    if (tagsEntry !== undefined && !isNothing(tagsEntry.value))
      tags = [...new Set([...tags, ...(reader.texts(tagsEntry.value, '`tags`') ?? [])])]
  }
  return { meta, tags }
}

/** `constraints:` of a column or a model. */
export function readConstraints(
  reader: YamlReader,
  map: YamlMap,
  where: string,
  level: 'column' | 'model',
): readonly ConstraintEntry[] {
  const entry = entryOf(map, 'constraints')
  if (entry === undefined || isNothing(entry.value)) return NO_CONSTRAINTS
  return reader.list(entry.value, `\`constraints\` of ${where}`).flatMap((item) => {
    const constraint = readConstraint(reader, item, where)
    if (constraint === undefined) return []
    const key = missingConstraintKey(constraint, level)
    if (key === undefined) return [constraint]
    reader.report(constraintIncomplete({ type: constraint.type, key, level }, { span: constraint.span }))
    return []
  })
}

function readConstraint(reader: YamlReader, node: YamlNode, where: string): ConstraintEntry | undefined {
  const place = `a constraint of ${where}`
  const map = reader.map(node, place, CONSTRAINT_KEYS)
  const typeEntry = map === undefined ? undefined : entryOf(map, 'type')
  if (map === undefined) return undefined
  if (typeEntry === undefined) {
    reader.requiredText(map, 'type', place, 'type: not_null')
    return undefined
  }
  const type = reader.choice(typeEntry.value, 'type of constraint', CONSTRAINT_TYPES)
  if (type === undefined) return undefined
  const names = (key: string): readonly string[] => {
    const list = entryOf(map, key)
    return list === undefined || isNothing(list.value) ? [] : (reader.texts(list.value, `\`${key}\``) ?? [])
  }
  return {
    type,
    name: reader.optionalText(map, 'name', '`name`') ?? null,
    expression: reader.optionalText(map, 'expression', '`expression`') ?? null,
    columns: names('columns'),
    to: reader.optionalText(map, 'to', '`to`') ?? null,
    to_columns: names('to_columns'),
    warn_unenforced: reader.optionalBoolean(map, 'warn_unenforced', '`warn_unenforced`') ?? true,
    warn_unsupported: reader.optionalBoolean(map, 'warn_unsupported', '`warn_unsupported`') ?? true,
    span: reader.span(typeEntry.value),
  }
}
