import type { Span } from '../../base/span.ts'
import type { ConfigValue } from '../../config/node-config.ts'
import type { YamlNode } from '../../config/yaml-node.ts'

/**
 * A value as a YAML tree, so that a `YamlReader` can check it. Places are those of `written`, the text that it was read
 * from, as far as the two have the same shape; elsewhere that of the nearest node above, or of `whole`.
 */
export function placedValue(value: ConfigValue, written: YamlNode | undefined, whole: Span): YamlNode {
  const { start, end } = written ?? whole
  const here = { start, end }
  const place: Span = { path: whole.path, ...here }
  if (Array.isArray(value)) {
    const items = written?.kind === 'list' ? written.items : []
    return { kind: 'list', items: value.map((item: ConfigValue, i) => placedValue(item, items[i], place)), ...here }
  }
  if (typeof value === 'object' && value !== null) {
    const known = new Map(written?.kind === 'map' ? written.entries.map((entry) => [entry.key, entry]) : [])
    const entries = Object.entries(value).map(([key, item]) => {
      const entry = known.get(key)
      return {
        key,
        keyStart: entry?.keyStart ?? start,
        keyEnd: entry?.keyEnd ?? end,
        value: placedValue(item, entry?.value, place),
      }
    })
    return { kind: 'map', entries, ...here }
  }
  const same = written?.kind === 'scalar' && written.value === value
  return {
    kind: 'scalar',
    value: value as null | boolean | number | string,
    exact: same && written.exact,
    textStart: same ? written.textStart : start,
    ...here,
  }
}
