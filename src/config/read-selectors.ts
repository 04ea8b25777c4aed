import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import {
  duplicateSelector,
  emptySelectorList,
  excludeAlone,
  excludeTwice,
  selectorShape,
  twoDefaultSelectors,
  twoOperators,
} from './errors.ts'
import { parseYaml } from './parse-yaml.ts'
import type { IndirectName, PlacedText, SelectorDefinition, SelectorEntry, SelectorGroup } from './selector-types.ts'
import { describeYaml, entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts'
import { type EvaluateScalar, isNothing, YamlReader } from './yaml-reader.ts'

const SELECTOR_KEYS = ['name', 'description', 'default', 'definition'] as const
const CRITERION_KEYS = [
  'method',
  'value',
  'parents',
  'parents_depth',
  'children',
  'children_depth',
  'childrens_parents',
  'indirect_selection',
  'exclude',
] as const
const OPERATORS = ['union', 'intersection'] as const
const MODES: readonly IndirectName[] = ['eager', 'cautious', 'buildable', 'empty']

/** Reads `selectors.yml`: the form only. Whether methods and other selectors exist is looked at where they are used. */
export function readSelectors(
  file: SourceFile,
  evaluate: EvaluateScalar,
): { readonly selectors: readonly SelectorEntry[]; readonly diagnostics: readonly Diagnostic[] } {
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const selectors = new Map<string, SelectorEntry>()
  if (root === undefined || isNothing(root)) return { selectors: [], diagnostics }
  const reader = new YamlReader(file, diagnostics, evaluate)
  const map = reader.map(root, '`selectors.yml`', ['selectors', 'version', 'anchors'])
  let standard: SelectorEntry | undefined
  for (const item of reader.list(map === undefined ? undefined : entryOf(map, 'selectors')?.value, '`selectors`')) {
    const entry = readSelector(reader, item)
    if (entry === undefined) continue
    const earlier = selectors.get(entry.name)
    if (earlier !== undefined) {
      const labels = [{ span: earlier.nameSpan, text: 'first here' }]
      reader.report(duplicateSelector({ name: entry.name }, { span: entry.nameSpan, labels }))
      continue
    }
    selectors.set(entry.name, entry)
    if (!entry.default) continue
    if (standard !== undefined)
      reader.report(twoDefaultSelectors({ first: standard.name, second: entry.name }, { span: entry.nameSpan }))
    standard ??= entry
  }
  return { selectors: [...selectors.values()], diagnostics }
}

function readSelector(reader: YamlReader, node: YamlNode): SelectorEntry | undefined {
  const map = reader.map(node, 'a selector', SELECTOR_KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'a selector', 'name: nightly')
  if (name === undefined) return undefined
  const where = `the selector \`${name}\``
  const entry = entryOf(map, 'definition')
  const description = reader.optionalText(map, 'description', '`description`') ?? ''
  const standard = reader.optionalBoolean(map, 'default', '`default`') ?? false
  if (entry === undefined || isNothing(entry.value)) {
    reader.requiredText(map, 'definition', where, 'definition: tag:nightly')
    return undefined
  }
  const definition = readDefinition(reader, entry.value, where)
  if (definition === undefined) return undefined
  return { name, nameSpan: reader.span(entryOf(map, 'name')!.value), description, default: standard, definition }
}

function readDefinition(reader: YamlReader, node: YamlNode, where: string): SelectorDefinition | undefined {
  if (node.kind === 'scalar') {
    const text = reader.text(node, `the definition of ${where}`)
    return text === undefined ? undefined : { kind: 'text', ...placed(reader, node, text) }
  }
  if (node.kind === 'list')
    return reader.report(selectorShape({ where, got: describeYaml(node) }, { span: reader.span(node) }))
  const operators = node.entries.filter((e) => (OPERATORS as readonly string[]).includes(e.key))
  if (operators.length > 0) return readGroup(reader, node, operators, where)
  const [only] = node.entries
  if (only !== undefined && node.entries.length === 1 && only.key === 'exclude')
    return reader.report(excludeAlone({ where }, { span: reader.keySpan(only) }))
  if (entryOf(node, 'method') !== undefined || entryOf(node, 'value') !== undefined)
    return readCriterion(reader, node, where)
  if (only === undefined || node.entries.length > 1)
    return reader.report(selectorShape({ where, got: 'a mapping of several methods' }, { span: reader.span(node) }))
  const value = readValue(reader, only, where)
  if (value === undefined) return undefined
  const method = { text: only.key, span: reader.keySpan(only), exact: true }
  return { ...NO_OPERATORS, kind: 'criterion', method, value, span: reader.span(node) }
}

const NO_OPERATORS = { parents: 0, children: 0, childrensParents: false, indirect: undefined, exclude: null } as const

function readGroup(
  reader: YamlReader,
  map: YamlMap,
  operators: readonly YamlEntry[],
  where: string,
): SelectorGroup | undefined {
  const [operator, second] = operators
  if (second !== undefined) return reader.report(twoOperators({ where }, { span: reader.keySpan(second) }))
  const kind = operator!.key as SelectorGroup['kind']
  reader.map(map, `the definition of ${where}`, OPERATORS)
  const of: SelectorDefinition[] = []
  let exclude: readonly SelectorDefinition[] | null = null
  const items = reader.list(operator!.value, `\`${kind}\` of ${where}`)
  for (const item of items) {
    const excluded = item.kind === 'map' && item.entries.length === 1 ? entryOf(item, 'exclude') : undefined
    if (excluded === undefined) {
      const definition = readDefinition(reader, item, where)
      if (definition !== undefined) of.push(definition)
    } else if (exclude !== null) reader.report(excludeTwice({ where }, { span: reader.keySpan(excluded) }))
    else exclude = readExclude(reader, excluded, where)
  }
  const span = reader.keySpan(operator!)
  if (items.length === 0) return reader.report(emptySelectorList({ kind, where }, { span }))
  if (of.length === 0 && exclude !== null) return reader.report(excludeAlone({ where }, { span }))
  return of.length === 0 ? undefined : { kind, of, exclude, span: reader.span(operator!.value) }
}

function readExclude(reader: YamlReader, entry: YamlEntry, where: string): readonly SelectorDefinition[] {
  return reader
    .list(entry.value, `\`exclude\` of ${where}`)
    .flatMap((item) => readDefinition(reader, item, where) ?? [])
}

function readCriterion(reader: YamlReader, map: YamlMap, where: string): SelectorDefinition | undefined {
  const place = `the definition of ${where}`
  reader.map(map, place, CRITERION_KEYS)
  const method = reader.requiredText(map, 'method', place, 'method: tag')
  const valueEntry = entryOf(map, 'value')
  if (valueEntry === undefined || isNothing(valueEntry.value)) {
    reader.requiredText(map, 'value', place, 'value: nightly')
    return undefined
  }
  const value = readValue(reader, valueEntry, where)
  const childrensParents = flag(reader, map, 'childrens_parents')
  const children = depth(reader, map, 'children')
  if (childrensParents && children > 0)
    reader.report(
      twoOperators(
        { where, hint: '`childrens_parents` already takes all children: leave `children` out' },
        { span: reader.keySpan(entryOf(map, 'children')!) },
      ),
    )
  const mode = entryOf(map, 'indirect_selection')
  const excluded = entryOf(map, 'exclude')
  if (method === undefined || value === undefined) return undefined
  return {
    kind: 'criterion',
    method: placed(reader, entryOf(map, 'method')!.value, method),
    value,
    parents: depth(reader, map, 'parents'),
    children,
    childrensParents,
    indirect:
      mode === undefined || isNothing(mode.value)
        ? undefined
        : reader.choice(mode.value, 'mode of indirect selection', MODES),
    exclude: excluded === undefined || isNothing(excluded.value) ? null : readExclude(reader, excluded, where),
    span: reader.span(map),
  }
}

/** The value of a criterion as text: YAML reads `2` and `true` as other things. */
function readValue(reader: YamlReader, { value }: YamlEntry, where: string): PlacedText | undefined {
  const read = value.kind === 'scalar' ? reader.value(value) : null
  if (typeof read === 'number' || typeof read === 'boolean') return placed(reader, value, String(read))
  const text = reader.text(value, `the value of a criterion of ${where}`)
  return text === undefined ? undefined : placed(reader, value, text)
}

function flag(reader: YamlReader, map: YamlMap, key: string): boolean {
  return reader.optionalBoolean(map, key, `\`${key}\``) ?? false
}

/** Generations: 0 without the key, Infinity without a depth. As in dbt a depth alone says nothing. */
function depth(reader: YamlReader, map: YamlMap, key: 'parents' | 'children'): number {
  const limit = entryOf(map, `${key}_depth`)
  const least =
    limit === undefined || isNothing(limit.value) ? undefined : reader.integer(limit.value, `\`${key}_depth\``, 0)
  return flag(reader, map, key) ? (least ?? Number.POSITIVE_INFINITY) : 0
}

/** A text whose offsets are those of the file when nothing in it was escaped or evaluated. */
function placed(reader: YamlReader, node: YamlNode, text: string): PlacedText {
  const exact = node.kind === 'scalar' && node.exact && node.value === text
  const span: Span = exact
    ? { path: reader.file.path, start: node.textStart, end: node.textStart + text.length }
    : reader.span(node)
  return { text, span, exact }
}
