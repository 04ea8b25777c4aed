import { entryOf, type YamlMap } from '../yaml-node.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { lookerLoginAlone } from './errors.ts'

export interface LookerOptions {
  /** As a model's `+schema`: the target's schema comes before it unless names are plain. */
  readonly schema: string
  /** Who may read the views and nothing else; null: rights are left as they are. */
  readonly role: string | null
  /** Whether the role is made with the right to log in. It never gets a password here. */
  readonly login: boolean
  /** `Order date` instead of `order_date`. */
  readonly labels: boolean
}

/** `options` of `format: looker`. */
export function readLookerOptions(reader: YamlReader, map: YamlMap, where: string): LookerOptions {
  reader.map(map, `\`options\` of ${where}`, ['schema', 'role', 'login', 'labels'])
  const role = reader.optionalText(map, 'role', '`role`') ?? null
  const login = reader.optionalBoolean(map, 'login', '`login`') ?? false
  if (login && role === null)
    reader.report(lookerLoginAlone({ where }, { span: reader.keySpan(entryOf(map, 'login')!) }))
  return {
    schema: reader.optionalText(map, 'schema', '`schema`') ?? 'looker',
    role,
    login,
    labels: reader.optionalBoolean(map, 'labels', '`labels`') ?? true,
  }
}
