import { didYouMean } from '../../base/nearest.ts'
import { CONFIG_KEYS, canonicalConfigKey } from '../../config/config-keys.ts'
import { compareVersions } from '../../config/version-order.ts'
import type { Model, Node } from '../../project/resource.ts'
import type { SelectionMethod, ValueFault } from './method.ts'
import type { Criterion } from './selection-tree.ts'

function oneOf(values: readonly string[]): (criterion: Criterion) => ValueFault | undefined {
  return ({ method, value }) =>
    values.includes(value)
      ? undefined
      : {
          message: `\`${method}:\` does not know \`${value}\``,
          hint: didYouMean(value, values) ?? `one of ${values.map((v) => `\`${v}\``).join(', ')}`,
        }
}

/** dbt's words; kinds that a project cannot have yet match nothing. */
export const resourceTypes: readonly string[] = [
  'model',
  'seed',
  'source',
  'test',
  'snapshot',
  'analysis',
  'exposure',
  'export',
  'metric',
  'semantic_model',
  'saved_query',
  'unit_test',
  'function',
]

export const resourceType: SelectionMethod = {
  check: oneOf(resourceTypes),
  match: ({ value }, index) => index.all.filter((node) => node.resourceType === value),
}

export const access: SelectionMethod = {
  check: oneOf(['private', 'protected', 'public']),
  match: ({ value }, index) =>
    index.all.filter((node) => node.resourceType === 'model' && node.config.access === value),
}

export const testType: SelectionMethod = {
  check: oneOf(['generic', 'schema', 'singular', 'data', 'unit']),
  match({ value }, index) {
    if (value === 'unit') return index.all.filter((node) => node.resourceType === 'unit_test')
    if (value === 'data') return index.tests
    return index.tests.filter((test) => (test.generic === null) === (value === 'singular'))
  },
}

/** How versions of models stand to the latest one; models without versions are `none`. */
export const version: SelectionMethod = {
  check: oneOf(['latest', 'prerelease', 'old', 'none']),
  match: ({ value }, index) => index.all.filter((node) => node.resourceType === 'model' && versionKind(node) === value),
}

function versionKind({ version: own }: Model): 'latest' | 'prerelease' | 'old' | 'none' {
  if (own === null) return 'none'
  const order = compareVersions(own.id, own.latest)
  return order === 0 ? 'latest' : order > 0 ? 'prerelease' : 'old'
}

/** A kind of resource that a project cannot have. */
export function noResource(kinds: string): SelectionMethod {
  return {
    match: () => [],
    hint: `there are no ${kinds} in this version; name models, or the exposures that show them`,
  }
}

/** The value of a key that nodes of this kind may have: a model has no severity, although its configuration names one. */
function configAt(node: Node, keys: readonly string[]): unknown {
  const first = canonicalConfigKey(keys[0] ?? '')
  const known = Object.hasOwn(CONFIG_KEYS, first) ? CONFIG_KEYS[first] : undefined
  if (known?.resources.includes(node.resourceType) !== true) return undefined
  let value: unknown = node.config
  for (const key of [first, ...keys.slice(1)]) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** Equal text, member of a list, or key of a dict. Booleans and severities are matched without regard to case. */
function configMatches(actual: unknown, wanted: string, ignoreCase: boolean): boolean {
  if (actual === null || actual === undefined) return false
  if (Array.isArray(actual))
    return actual.some((item) => typeof item !== 'object' && configMatches(item, wanted, ignoreCase))
  if (typeof actual === 'object') return Object.hasOwn(actual, wanted)
  if (ignoreCase || typeof actual === 'boolean') return String(actual).toLowerCase() === wanted.toLowerCase()
  return String(actual) === wanted
}

export const config: SelectionMethod = {
  takesArguments: true,
  check: (criterion) =>
    criterion.arguments.length > 0
      ? undefined
      : {
          message: '`config:` needs the name of a configuration key',
          hint: 'write for example `config.materialized:table`',
        },
  match(criterion, index) {
    const keys = criterion.arguments
    const ignoreCase = keys[0] === 'severity'
    return index.all.filter((node) => configMatches(configAt(node, keys), criterion.value, ignoreCase))
  },
  candidates(criterion, index) {
    const values = new Set<string>()
    for (const node of index.all) {
      const value = configAt(node, criterion.arguments)
      if (typeof value === 'string') values.add(value)
      else if (Array.isArray(value)) for (const item of value) values.add(String(item))
      else if (typeof value === 'object' && value !== null) for (const key of Object.keys(value)) values.add(key)
    }
    return values
  },
}
