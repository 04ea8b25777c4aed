import { readTime } from '../base/event-time.ts'
import type { ValueCheck } from './config-value-check.ts'

/** A date, or a date and a time of day. */
export const time: ValueCheck = (value) =>
  typeof value === 'string' && readTime(value) !== undefined
    ? { ok: true, value }
    : { ok: false, expected: 'a date or a time such as `2026-01-31` or `2026-01-31 06:00:00`' }
