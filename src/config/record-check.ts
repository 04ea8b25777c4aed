import type { Checked, ValueCheck } from './config-value-check.ts'
import type { ConfigValue } from './node-config.ts'

/**
 * A mapping with known keys, each with its own check; `required` keys must be there. Unlike `shape`, a mistake carries the
 * path to the smallest part that is wrong.
 */
export function record(fields: Readonly<Record<string, ValueCheck>>, required: readonly string[] = []): ValueCheck {
  const known = Object.keys(fields)
  const expected = `a mapping with ${known.map((key) => `\`${key}\``).join(', ')}`
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, expected }
    const out: Record<string, ConfigValue> = {}
    for (const [key, part] of Object.entries(value as { readonly [key: string]: ConfigValue })) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (check === undefined) return { ok: false, unknown: key, known, path: [key] }
      const checked = check(part)
      if (!checked.ok) return below(key, checked)
      out[key] = checked.value
    }
    const missing = required.find((key) => !Object.hasOwn(out, key))
    if (missing !== undefined) return { ok: false, expected: `a mapping with \`${missing}\`` }
    return { ok: true, value: out }
  }
}

/** A list whose items pass the check. */
export function listOf(check: ValueCheck, expected: string): ValueCheck {
  return (value) => {
    if (!Array.isArray(value)) return { ok: false, expected }
    const out: ConfigValue[] = []
    for (const [at, item] of (value as readonly ConfigValue[]).entries()) {
      const checked = check(item)
      if (!checked.ok) return below(at, checked)
      out.push(checked.value)
    }
    return { ok: true, value: out }
  }
}

function below(part: string | number, failed: Checked & { readonly ok: false }): Checked {
  return { ...failed, path: [part, ...(failed.path ?? [])] }
}
