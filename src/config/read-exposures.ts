import { badExposureName, metricReference, notAReference, ownerMissing } from './errors.ts'
import type { ExposureEntry } from './property-types.ts'
import { readConfig } from './read-config.ts'
import { readDescription } from './read-description.ts'
import { parseReferenceText } from './reference-text.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { isNothing, type YamlReader } from './yaml-reader.ts'

const KEYS = [
  'name',
  'label',
  'type',
  'url',
  'maturity',
  'description',
  'tags',
  'meta',
  'owner',
  'depends_on',
  'config',
] as const

const TYPES = ['dashboard', 'notebook', 'analysis', 'ml', 'application'] as const
const MATURITIES = ['low', 'medium', 'high'] as const

/** An entry of `exposures:`. */
export function readExposure(reader: YamlReader, node: YamlNode): ExposureEntry | undefined {
  const map = reader.map(node, 'an exposure', KEYS)
  if (map === undefined) return undefined
  const name = reader.requiredText(map, 'name', 'an exposure', 'name: weekly_report')
  if (name === undefined) return undefined
  const nameSpan = reader.span(entryOf(map, 'name')!.value)
  if (!/^\w+$/.test(name)) return reader.report(badExposureName({ name }, { span: nameSpan }))
  const where = `the exposure \`${name}\``
  const type = readType(reader, map, where)
  const owner = readOwner(reader, map, where)
  const dependsOn = readDependsOn(reader, map, where)
  const maturity = entryOf(map, 'maturity')
  if (type === undefined || owner === undefined) return undefined
  return {
    name,
    nameSpan,
    label: reader.optionalText(map, 'label', '`label`') ?? null,
    type,
    url: reader.optionalText(map, 'url', '`url`') ?? null,
    maturity:
      maturity === undefined || isNothing(maturity.value)
        ? null
        : (reader.choice(maturity.value, 'maturity of an exposure', MATURITIES) ?? null),
    description: readDescription(reader, map),
    owner,
    dependsOn,
    config: readConfig(reader, map, { where, resource: 'exposure', beside: ['tags', 'meta'] }),
  }
}

function readType(reader: YamlReader, map: YamlMap, where: string): ExposureEntry['type'] | undefined {
  const entry = entryOf(map, 'type')
  if (entry !== undefined && !isNothing(entry.value)) return reader.choice(entry.value, 'type of an exposure', TYPES)
  reader.requiredText(map, 'type', where, 'type: dashboard')
  return undefined
}

function readOwner(reader: YamlReader, map: YamlMap, where: string): ExposureEntry['owner'] | undefined {
  const entry = entryOf(map, 'owner')
  if (entry === undefined || isNothing(entry.value)) {
    reader.requiredText(map, 'owner', where, 'owner: {name: Marketing, email: marketing@example.com}')
    return undefined
  }
  // As in dbt an owner may have further keys, such as a channel.
  const owner = reader.map(entry.value, `\`owner\` of ${where}`, undefined)
  if (owner === undefined) return undefined
  const name = reader.optionalText(owner, 'name', '`name` of an owner') ?? null
  const email = entryOf(owner, 'email')
  const emails =
    email === undefined || isNothing(email.value) ? null : (reader.texts(email.value, '`email` of an owner') ?? null)
  if (name === null && emails === null) {
    const known = owner.entries.some((e) => e.key === 'name' || e.key === 'email')
    if (!known) reader.report(ownerMissing({ where }, { span: reader.span(entry.value) }))
    return undefined
  }
  const more: Record<string, ExposureEntry['owner']['more'][string]> = {}
  for (const { key, value } of owner.entries)
    if (key !== 'name' && key !== 'email') more[key] = reader.value(value) ?? null
  return { name, email: emails?.length === 1 ? emails[0]! : emails, more }
}

function readDependsOn(reader: YamlReader, map: YamlMap, where: string): ExposureEntry['dependsOn'] {
  const entry = entryOf(map, 'depends_on')
  if (entry === undefined) return []
  return reader.list(entry.value, `\`depends_on\` of ${where}`).flatMap((item) => {
    const text = reader.text(item, `an entry of \`depends_on\` of ${where}`)
    if (text === undefined) return []
    const span = reader.span(item)
    const reference = parseReferenceText(text)
    if (reference !== undefined && reference.kind !== 'this') return [{ reference, span }]
    reader.report(
      /^\s*metric\s*\(/.test(text)
        ? metricReference({ where }, { span })
        : notAReference({ text, where: `\`depends_on\` of ${where}` }, { span }),
    )
    return []
  })
}
