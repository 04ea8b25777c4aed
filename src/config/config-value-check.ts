import type { ConfigValue, Hook } from './node-config.ts'

/** What a check says: the value in its normal form, or what would have been right. */
export type Checked =
  | { readonly ok: true; readonly value: ConfigValue }
  | ({ readonly ok: false; readonly expected: string; readonly hint?: string | undefined } & Place)
  | ({ readonly ok: false; readonly allowed: readonly string[] } & Place)
  | ({ readonly ok: false; readonly unknown: string; readonly known: readonly string[] } & Place)

/** The way from the whole value to the part that is wrong. */
interface Place {
  readonly path?: readonly (string | number)[]
}

export type ValueCheck = (value: ConfigValue) => Checked

const ok = (value: ConfigValue): Checked => ({ ok: true, value })
const no = (expected: string, hint?: string): Checked => ({ ok: false, expected, hint })

type Dictionary = { readonly [key: string]: ConfigValue }

function isDictionary(value: ConfigValue): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: ConfigValue): value is readonly string[] {
  return Array.isArray(value) && value.every((v) => typeof v === 'string')
}

export const boolean: ValueCheck = (value) => {
  if (typeof value === 'boolean') return ok(value)
  return no('`true` or `false`', value === 'true' || value === 'false' ? 'write it without quotes' : undefined)
}

export const text: ValueCheck = (value) => (typeof value === 'string' ? ok(value) : no('text'))

/** Null clears what an outer layer set. */
export function orNull(check: ValueCheck): ValueCheck {
  return (value) => (value === null ? ok(null) : check(value))
}

export const nonNegativeInteger: ValueCheck = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? ok(value)
    : no('a whole number that is not negative')

export function oneOf(allowed: readonly string[]): ValueCheck {
  return (value) => {
    if (typeof value !== 'string') return no(`one of ${allowed.map((a) => `\`${a}\``).join(', ')}`)
    return allowed.includes(value) ? ok(value) : { ok: false, allowed }
  }
}

export const textList: ValueCheck = (value) => {
  if (typeof value === 'string') return ok([value])
  return isTexts(value) ? ok(value) : no('text or a list of texts')
}

/** One name or several; `""` and `[]` mean none, as in dbt. */
export const names: ValueCheck = (value) => {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return ok(null)
  if (typeof value === 'string' || isTexts(value)) return ok(value)
  return no('a column name or a list of column names')
}

export const dictionary: ValueCheck = (value) => (isDictionary(value) ? ok(value) : no('a mapping'))

export const textDictionary: ValueCheck = (value) =>
  isDictionary(value) && Object.values(value).every((v) => typeof v === 'string')
    ? ok(value)
    : no('a mapping of names to text')

/** A mapping with known keys, each with its own check. */
export function shape(fields: Readonly<Record<string, ValueCheck>>): ValueCheck {
  const allowed = Object.keys(fields)
  return (value) => {
    if (!isDictionary(value)) return no(`a mapping with ${allowed.map((a) => `\`${a}\``).join(', ')}`)
    const out: Record<string, ConfigValue> = {}
    for (const [key, part] of Object.entries(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (check === undefined)
        return no(`a mapping with ${allowed.map((a) => `\`${a}\``).join(', ')} only`, `\`${key}\` is unknown`)
      const checked = check(part)
      if (!checked.ok) {
        if ('unknown' in checked) return checked
        return no(
          'expected' in checked
            ? `a mapping in which \`${key}\` is ${checked.expected}`
            : `a mapping in which \`${key}\` is one of ${checked.allowed.join(', ')}`,
        )
      }
      out[key] = checked.value
    }
    return ok(out)
  }
}

/** `"sql"`, `{sql, transaction}` or a list of them -> a list of `Hook`. */
export const hooks: ValueCheck = (value) => {
  const expected = 'a statement, a mapping with `sql` and `transaction`, or a list of those'
  const list = Array.isArray(value) ? (value as readonly ConfigValue[]) : value === null ? [] : [value]
  const out: Hook[] = []
  for (const item of list) {
    if (typeof item === 'string') {
      if (item.trim() !== '') out.push({ sql: item, transaction: true })
      continue
    }
    if (!isDictionary(item)) return no(expected)
    const { sql, transaction = true, ...others } = item
    if (typeof sql !== 'string' || typeof transaction !== 'boolean' || Object.keys(others).length > 0)
      return no(expected)
    out.push({ sql, transaction })
  }
  return ok(out as unknown as ConfigValue)
}

/** A threshold of `warn_if` and `error_if`: `!= 0`, `> 10`, `>= 0.5%`. */
export const threshold: ValueCheck = (value) => {
  if (typeof value === 'string' && /^\s*(=|==|!=|<>|<|<=|>|>=)\s*\d+(\.\d+)?\s*%?\s*$/.test(value))
    return ok(value.trim())
  return no('a comparison such as `!= 0`, `> 10` or `>= 0.5%`')
}

export const severity: ValueCheck = (value) => {
  const allowed = ['error', 'warn']
  if (typeof value !== 'string') return no('`error` or `warn`')
  const lower = value.toLowerCase()
  return allowed.includes(lower) ? ok(lower) : { ok: false, allowed }
}

/** Privilege -> grantee or grantees. */
export const grants: ValueCheck = (value) => {
  if (!isDictionary(value)) return no('a mapping of privileges to names')
  const out: Record<string, ConfigValue> = {}
  for (const [privilege, grantees] of Object.entries(value)) {
    const checked = textList(grantees)
    if (!checked.ok) return no('a mapping of privileges to a name or a list of names')
    out[privilege] = checked.value
  }
  return ok(out)
}

/** A single character, such as a delimiter. */
export const character: ValueCheck = (value) =>
  typeof value === 'string' && [...value].length === 1 ? ok(value) : no('a single character')
