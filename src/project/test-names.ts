import { createHash } from 'node:crypto'
import type { ConfigValue } from '../config/node-config.ts'
import { pythonRepr, pythonText } from './python-text.ts'

type Dictionary = { readonly [key: string]: ConfigValue }

export interface GenericTestNames {
  readonly name: string
  /** The name, or at 64 characters and more its beginning and an MD5: for files and stored failures. */
  readonly shortName: string
}

export interface TestedNode {
  readonly kind: 'model' | 'source'
  /** Model or seed name, or `<source>_<table>`. */
  readonly name: string
  /** `ref('orders')` or `source('shop', 'orders')`. */
  readonly reference: string
}

/** dbt's name of a generic test: `{test}_{model}_{arguments}`, arguments in the order of their names. */
export function genericTestNames(
  test: string,
  namespace: string | null,
  tested: TestedNode,
  kwargs: Dictionary,
): GenericTestNames {
  const withSource = tested.kind === 'source' ? `source_${test}` : test
  const type = namespace === null ? withSource : `${namespace}_${withSource}`
  const parts: string[] = []
  for (const key of Object.keys(kwargs).sort()) {
    if (key === 'model') continue
    const value = kwargs[key]!
    const values = Array.isArray(value)
      ? (value as readonly ConfigValue[])
      : typeof value === 'object' && value !== null
        ? Object.values(value)
        : [value]
    for (const one of values) parts.push(pythonText(one).replace(/[^0-9a-zA-Z_]+/g, '_'))
  }
  const identifier = `${type}_${tested.name}`
  const name = `${identifier}_${parts.join('__')}`
  return { name, shortName: name.length < 64 ? name : `${identifier.slice(0, 30)}_${md5(name)}` }
}

/** The ten hex digits at the end of a generic test's unique id, as dbt computes them. */
export function genericTestHash(name: string, test: string, namespace: string | null, kwargs: Dictionary): string {
  const metadata = `{'kwargs': ${hashText(kwargs)}, 'name': ${pythonRepr(test)}, 'namespace': ${pythonRepr(namespace ?? 'None')}}`
  return md5(name + metadata).slice(-10)
}

/** What dbt writes for the tested node in `kwargs.model`. */
export function testedNodeText(tested: TestedNode): string {
  return `{{ get_where_subquery(${tested.reference}) }}`
}

/** Python's `repr` of a value whose leaves are all made text and whose keys are in order. */
function hashText(value: ConfigValue): string {
  if (Array.isArray(value)) return `[${(value as readonly ConfigValue[]).map(hashText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return pythonRepr(pythonText(value))
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${pythonRepr(key)}: ${hashText((value as Dictionary)[key]!)}`).join(', ')}}`
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
