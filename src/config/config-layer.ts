import type { Diagnostic } from '../base/diagnostic.ts'
import { didYouMean, nearestName } from '../base/nearest.ts'
import type { Span } from '../base/span.ts'
import {
  CONFIG_KEYS,
  CONFIG_WITHOUT_EFFECT,
  type ConfigResource,
  canonicalConfigKey,
  configKeysOf,
  MATERIALIZATIONS,
} from './config-keys.ts'
import type { Checked } from './config-value-check.ts'
import { laterConfig, unknownKey, wrongType, wrongValue } from './errors.ts'
import type { ConfigValue, Hook } from './node-config.ts'
import { entryOf, type YamlEntry, type YamlNode } from './yaml-node.ts'
import { describeValue, type YamlReader } from './yaml-reader.ts'

/** One checked configuration value of one layer. */
export interface ConfigSetting {
  readonly key: string
  readonly value: ConfigValue
  /** As written, before templates were evaluated. */
  readonly raw: ConfigValue
  readonly span: Span
  /** What was written for this key was told as a mistake: it counts for nothing, but the key is not missing. */
  readonly refused?: true
}

/** What one place says: a folder of `project.yml`, a `config:` block, or the `{{config}}` of a file. */
export type ConfigLayer = readonly ConfigSetting[]

export interface ConfigInput {
  /** As written; other spellings are understood. */
  readonly key: string
  readonly value: ConfigValue
  readonly raw: ConfigValue
  readonly keySpan: Span
  readonly span: Span
  /** Where a part of the value stands; absent where only the whole has a place. */
  readonly spanAt?: (path: readonly (string | number)[], part: 'key' | 'value') => Span
}

const WORDS: Readonly<Record<ConfigResource, string>> = {
  model: 'a model',
  seed: 'a seed',
  source: 'a source',
  snapshot: 'a snapshot',
  test: 'a test',
  unit_test: 'a unit test',
  exposure: 'an exposure',
  export: 'an export',
  analysis: 'an analysis',
  function: 'a function',
}

/**
 * Checks one value against the table of keys. Refused (and a diagnostic) when the key is unknown, of another
 * resource type, without effect in this version, or when the value does not fit.
 */
export function checkConfig(
  resource: ConfigResource,
  input: ConfigInput,
  report: (d: Diagnostic) => void,
): ConfigSetting {
  const key = canonicalConfigKey(input.key)
  const known = Object.hasOwn(CONFIG_KEYS, key) ? CONFIG_KEYS[key] : undefined
  if (known === undefined || !known.resources.includes(resource)) {
    report(unknownConfig(resource, input, known !== undefined))
    return refused(nearestName(input.key, configKeysOf(resource)) ?? key, input.span)
  }
  if (key === 'materialized') return checkMaterialized(resource, input, report)
  const checked = known.check(input.value)
  if (checked.ok) {
    return {
      key,
      value: known.merge === 'hooks' ? placed(checked.value, input.span) : checked.value,
      raw: input.raw,
      span: input.span,
    }
  }
  reportMistake(input, checked, report)
  return refused(key, input.span)
}

function refused(key: string, span: Span): ConfigSetting {
  return { key, value: null, raw: null, span, refused: true }
}

function reportMistake(
  input: ConfigInput,
  mistake: Checked & { readonly ok: false },
  report: (d: Diagnostic) => void,
): void {
  const path = mistake.path ?? []
  const whole = `\`${input.key}\``
  const what = path.length === 0 ? whole : `\`${[input.key, ...path].join('.')}\``
  const span = (part: 'key' | 'value'): Span => input.spanAt?.(path, part) ?? input.span
  if ('unknown' in mistake) {
    const { unknown: key, known } = mistake
    return report(unknownKey({ key, where: whole, known }, { span: span('key') }))
  }
  const value = path.reduce<ConfigValue>(
    (v, part) => (v as { readonly [key: string]: ConfigValue })[part]!,
    input.value,
  )
  if ('allowed' in mistake) {
    const { allowed } = mistake
    return report(wrongValue({ what: `value of ${what}`, value: String(value), allowed }, { span: span('value') }))
  }
  const { expected, hint } = mistake
  return report(wrongType({ what, expected, got: describeValue(value), hint }, { span: span('value') }))
}

/** Hooks run far from where they are written, so each keeps its place. */
function placed(hooks: ConfigValue, span: Span): ConfigValue {
  return (hooks as unknown as readonly Hook[]).map((hook) => ({ ...hook, span })) as unknown as ConfigValue
}

function checkMaterialized(
  resource: ConfigResource,
  input: ConfigInput,
  report: (d: Diagnostic) => void,
): ConfigSetting {
  const allowed = MATERIALIZATIONS[resource]
  if (typeof input.value === 'string' && allowed.includes(input.value))
    return { key: 'materialized', value: input.value, raw: input.raw, span: input.span }
  report(
    typeof input.value === 'string'
      ? wrongValue({ what: 'materialization', value: input.value, allowed }, { span: input.span })
      : wrongType({ what: '`materialized`', expected: 'text', got: describeValue(input.value) }, { span: input.span }),
  )
  return refused('materialized', input.span)
}

function unknownConfig(resource: ConfigResource, input: ConfigInput, elsewhere: boolean): Diagnostic {
  const place = { span: input.keySpan }
  if (Object.hasOwn(CONFIG_WITHOUT_EFFECT, input.key))
    return laterConfig({ key: input.key, reason: CONFIG_WITHOUT_EFFECT[input.key]! }, place)
  if (resource === 'model' && input.key === 'freshness')
    return laterConfig({ key: 'freshness', reason: 'only sources have a freshness' }, place)
  const known = configKeysOf(resource)
  const where = `the configuration of ${WORDS[resource]}`
  const hint = elsewhere
    ? `\`${input.key}\` is a configuration of other resources only`
    : (didYouMean(input.key, known) ?? 'keys of your own belong under `meta`')
  return unknownKey({ key: input.key, where, known, hint }, place)
}

/** Reads the entries of a YAML mapping as configuration. Keys may carry a `+`. Entries with a failing template are refused. */
export function readConfigEntries(
  reader: YamlReader,
  entries: readonly YamlEntry[],
  resource: ConfigResource,
): ConfigLayer {
  const layer: ConfigSetting[] = []
  for (const entry of entries) {
    const key = entry.key.startsWith('+') ? entry.key.slice(1) : entry.key
    const template = CONFIG_KEYS[canonicalConfigKey(key)]?.template === true
    const raw = reader.raw(entry.value)
    const value = template ? raw : reader.value(entry.value)
    if (value === undefined) {
      layer.push(refused(canonicalConfigKey(key), reader.span(entry.value)))
      continue
    }
    const spanAt = (path: readonly (string | number)[], part: 'key' | 'value') => spanWithin(reader, entry, path, part)
    const input = { key, value, raw, keySpan: reader.keySpan(entry), span: reader.span(entry.value), spanAt }
    layer.push(checkConfig(resource, input, (d) => reader.report(d)))
  }
  return layer
}

/** The deepest part of the path that is written out: a template may have made the rest. */
function spanWithin(
  reader: YamlReader,
  entry: YamlEntry,
  path: readonly (string | number)[],
  part: 'key' | 'value',
): Span {
  let node: YamlNode = entry.value
  let key: Span | undefined
  for (const step of path) {
    if (node.kind === 'list' && typeof step === 'number' && node.items[step] !== undefined) {
      node = node.items[step]
      continue
    }
    const next: YamlEntry | undefined = node.kind === 'map' ? entryOf(node, String(step)) : undefined
    if (next === undefined) return reader.span(node)
    key = reader.keySpan(next)
    node = next.value
  }
  return part === 'key' && key !== undefined ? key : reader.span(node)
}
