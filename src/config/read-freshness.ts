import type { FreshnessEntry, FreshnessRule } from './property-types.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

const NO_RULE: FreshnessRule = { count: null, period: null }

/** `freshness:` of a source or a table. */
export function readFreshness(reader: YamlReader, node: YamlNode, where: string): FreshnessEntry | undefined {
  const map = reader.map(node, `\`freshness\` of ${where}`, ['warn_after', 'error_after', 'filter'])
  if (map === undefined) return undefined
  return {
    warn_after: readRule(reader, map, 'warn_after'),
    error_after: readRule(reader, map, 'error_after'),
    filter: reader.optionalText(map, 'filter', '`filter`') ?? null,
  }
}

function readRule(reader: YamlReader, map: YamlMap, key: string): FreshnessRule {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return NO_RULE
  const rule = reader.map(entry.value, `\`${key}\``, ['count', 'period'])
  if (rule === undefined) return NO_RULE
  const count = entryOf(rule, 'count')
  const period = entryOf(rule, 'period')
  if (count === undefined || period === undefined) {
    reader.requiredText(
      rule,
      count === undefined ? 'count' : 'period',
      `\`${key}\``,
      'warn_after: {count: 1, period: day}',
    )
    return NO_RULE
  }
  return {
    count: reader.integer(count.value, '`count`', 0) ?? null,
    period: reader.choice(period.value, 'period', ['minute', 'hour', 'day']) ?? null,
  }
}
