import type { Span } from '../base/span.ts'
import { CONFIG_WITHOUT_EFFECT, canonicalConfigKey, configKeysOf } from './config-keys.ts'
import { type ConfigLayer, readConfigEntries } from './config-layer.ts'
import { badTestEntry, duplicateKey } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import type { TestEntry } from './property-types.ts'
import { readDescription } from './read-description.ts'
import { describeYaml, entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, setOwn, type YamlReader } from './yaml-reader.ts'

const EMPTY_MAP: YamlMap = { kind: 'map', entries: [], start: 0, end: 0 }
const NO_ARGS: { readonly [key: string]: never } = {}
const NO_CONFIG: ConfigLayer = []
/** Keys of an entry that are neither arguments nor configuration. */
const OWN_KEYS = new Set(['name', 'description', 'config', 'arguments', 'test_name'])

/** `tests:` and `data_tests:` of a mapping, in this order; both may stand together. */
export function readTests(reader: YamlReader, map: YamlMap): readonly TestEntry[] {
  const found: TestEntry[] = []
  for (const key of ['tests', 'data_tests']) {
    const entry = entryOf(map, key)
    if (entry === undefined) continue
    for (const item of reader.list(entry.value, `\`${key}\``)) {
      const test = readTest(reader, item)
      if (test !== undefined) found.push(test)
    }
  }
  return found
}

function readTest(reader: YamlReader, node: YamlNode): TestEntry | undefined {
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string')
      return reader.report(
        badTestEntry({ why: `a test must be a name, not ${describeYaml(node)}` }, { span: reader.span(node) }),
      )
    return {
      ...splitName(node.value),
      label: null,
      description: '',
      args: NO_ARGS,
      argumentSpans: NO_ARGS,
      argumentKeySpans: NO_ARGS,
      config: NO_CONFIG,
      span: reader.span(node),
    }
  }
  if (node.kind === 'list')
    return reader.report(badTestEntry({ why: 'a test must be a name, not a list' }, { span: reader.span(node) }))
  const named = entryOf(node, 'test_name')
  if (named !== undefined) {
    const name = reader.text(named.value, '`test_name`')
    return name === undefined ? undefined : readBody(reader, name, reader.span(named.value), node)
  }
  const [first, ...others] = node.entries
  if (first === undefined)
    return reader.report(badTestEntry({ why: 'this test has no name' }, { span: reader.span(node) }))
  if (others.length > 0) {
    const names = node.entries.map((e) => `\`${e.key}\``).join(', ')
    const why = `a test is a mapping with one key, its name; this one has ${node.entries.length}: ${names}`
    const hint = 'indent the arguments below the name of the test'
    return reader.report(badTestEntry({ why }, { span: reader.keySpan(others[0]!), hints: [hint] }))
  }
  if (isNothing(first.value)) return readBody(reader, first.key, reader.keySpan(first), EMPTY_MAP)
  if (first.value.kind !== 'map') {
    const why = `the arguments of \`${first.key}\` must be a mapping, not ${describeYaml(first.value)}`
    return reader.report(badTestEntry({ why }, { span: reader.span(first.value) }))
  }
  return readBody(reader, first.key, reader.keySpan(first), first.value)
}

function splitName(full: string): { readonly name: string; readonly namespace: string | null } {
  const dot = full.indexOf('.')
  return dot < 0 ? { name: full, namespace: null } : { name: full.slice(dot + 1), namespace: full.slice(0, dot) }
}

function readBody(reader: YamlReader, name: string, span: Span, body: YamlMap): TestEntry | undefined {
  const args: Record<string, ConfigValue> = {}
  const argumentSpans: Record<string, Span> = {}
  const argumentKeySpans: Record<string, Span> = {}
  const settings: YamlEntry[] = []
  let sound = true
  const argument = (entry: YamlEntry): void => {
    const value = reader.value(entry.value)
    if (Object.hasOwn(args, entry.key)) reader.report(duplicateKey({ key: entry.key }, { span: reader.keySpan(entry) }))
    if (value === undefined) sound = false
    else {
      setOwn(args, entry.key, value)
      setOwn(argumentKeySpans, entry.key, reader.keySpan(entry))
      setOwn(
        argumentSpans,
        entry.key,
        reader.span(isNothing(entry.value) ? { start: entry.keyStart, end: entry.keyEnd } : entry.value),
      )
    }
  }
  for (const entry of body.entries) {
    if (OWN_KEYS.has(entry.key)) continue
    if (isConfigKey(entry.key)) settings.push(entry)
    else argument(entry)
  }
  const nested = entryOf(body, 'arguments')
  if (nested !== undefined && !isNothing(nested.value)) {
    const map = reader.map(nested.value, `\`arguments\` of \`${name}\``, undefined)
    for (const entry of map?.entries ?? []) argument(entry)
  }
  const config = entryOf(body, 'config')
  if (config !== undefined && !isNothing(config.value)) {
    const map = reader.map(config.value, `\`config\` of \`${name}\``, undefined)
    settings.push(...(map?.entries ?? []))
  }
  const label = reader.optionalText(body, 'name', `\`name\` of \`${name}\``) ?? null
  const layer = readConfigEntries(reader, settings, 'test')
  if (!sound) return undefined
  return {
    ...splitName(name),
    label,
    description: readDescription(reader, body),
    args,
    argumentSpans,
    argumentKeySpans,
    config: layer,
    span,
  }
}

function isConfigKey(key: string): boolean {
  return configKeysOf('test').includes(canonicalConfigKey(key)) || Object.hasOwn(CONFIG_WITHOUT_EFFECT, key)
}
