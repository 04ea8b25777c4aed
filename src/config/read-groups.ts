import { badName } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import type { GroupEntry } from './property-types.ts'
import { readDescription } from './read-description.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

const GROUP_KEYS = ['name', 'owner', 'description', 'config', 'meta'] as const
const OWNER_KEYS = ['name', 'email'] as const

/** One entry of `groups:`; undefined after a report. */
export function readGroup(reader: YamlReader, node: YamlNode): GroupEntry | undefined {
  const map = reader.map(node, 'a group', GROUP_KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'a group', 'name: finance')
  if (name === undefined) return undefined
  const nameSpan = reader.span(entryOf(map, 'name')!.value)
  if (/\s/.test(name)) return reader.report(badName({ what: 'a group', name }, { span: nameSpan }))
  return {
    name,
    nameSpan,
    description: readDescription(reader, map),
    owner: readOwner(reader, map, name),
    meta: readMeta(reader, map),
  }
}

/** Without `owner` dbt refuses a group; here it only has none. */
function readOwner(reader: YamlReader, map: YamlMap, group: string): GroupEntry['owner'] {
  const entry = entryOf(map, 'owner')
  const where = `\`owner\` of the group \`${group}\``
  const owner = entry === undefined || isNothing(entry.value) ? undefined : reader.map(entry.value, where, OWNER_KEYS)
  if (owner === undefined) return { name: null, email: null }
  const email = entryOf(owner, 'email')
  const emails = email === undefined || isNothing(email.value) ? undefined : reader.texts(email.value, '`email`')
  return {
    name: reader.optionalText(owner, 'name', '`name`') ?? null,
    email: emails === undefined ? null : email!.value.kind === 'list' ? emails : (emails[0] ?? null),
  }
}

/** `meta` stands at the group or in its `config:`; they add up. */
function readMeta(reader: YamlReader, map: YamlMap): GroupEntry['meta'] {
  const config = entryOf(map, 'config')
  const inner =
    config === undefined || isNothing(config.value)
      ? undefined
      : reader.map(config.value, '`config` of a group', ['meta'])
  let meta: { readonly [key: string]: ConfigValue } = {}
  for (const place of inner === undefined ? [map] : [map, inner]) {
    const entry = entryOf(place, 'meta')
    if (entry === undefined || isNothing(entry.value)) continue
    if (reader.map(entry.value, '`meta`', undefined) === undefined) continue
    meta = { ...meta, ...(reader.value(entry.value) as GroupEntry['meta'] | undefined) }
  }
  return meta
}
