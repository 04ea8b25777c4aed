import { durationMs } from '../base/duration.ts'
import type { ValueCheck } from './config-value-check.ts'
import type { RetriesConfig } from './node-config.ts'

const EXAMPLES = 'a time such as `90s`, `30m` or `1h30m`'

function timeMs(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? durationMs(String(value)) : undefined
}

/** A time above zero; a bare number counts seconds. */
export const timeLimit: ValueCheck = (value) => {
  const ms = timeMs(value)
  if (ms !== undefined && ms > 0) return { ok: true, value }
  const hint = ms === 0 ? 'take the key away for no limit' : undefined
  return { ok: false, expected: EXAMPLES, hint }
}

const KEYS = ['attempts', 'delay', 'on']

/** A number of further attempts, or `{attempts, delay, on}` -> the latter. */
export const retries: ValueCheck = (value) => {
  if (typeof value === 'number') return withAll({ attempts: value })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, expected: 'a number of attempts, or a mapping with `attempts`, `delay` and `on`' }
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) return { ok: false, unknown, known: KEYS, path: [unknown] }
  return withAll(value as Partial<RetriesConfig>)
}

function withAll({ attempts, delay = 0, on = 'transient' }: Partial<RetriesConfig>): ReturnType<ValueCheck> {
  if (typeof attempts !== 'number' || !Number.isInteger(attempts) || attempts < 0)
    return { ok: false, expected: 'a whole number of further attempts that is not negative' }
  if (timeMs(delay) === undefined) return { ok: false, expected: `a mapping in which \`delay\` is ${EXAMPLES}` }
  if (on !== 'transient' && on !== 'any')
    return { ok: false, expected: 'a mapping in which `on` is `transient` or `any`' }
  return { ok: true, value: { attempts, delay, on } }
}
