import { durationMs } from '../base/duration.ts'
import type { Flag, FlagValue } from './flag.ts'

/** The value, or in words what the text should have been. */
export type FlagReading =
  | { readonly value: FlagValue }
  | { readonly expected: string; readonly known?: readonly string[] }

const truths = new Map([
  ...['1', 'true', 't', 'yes', 'y', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'f', 'no', 'n', 'off', ''].map((word) => [word, false] as const),
])

/** Reads one text as the flag's kind wants it. */
export function readFlag(flag: Flag, text: string): FlagReading {
  const { kind } = flag
  switch (kind.is) {
    case 'text':
      return { value: text }
    case 'list':
      return { value: text.split(/\s+/).filter((part) => part !== '') }
    case 'switch': {
      const value = truths.get(text.trim().toLowerCase())
      return value === undefined ? { expected: '`true` or `false`' } : { value }
    }
    case 'integer': {
      const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
      if (Number.isSafeInteger(value) && value >= kind.from) return { value }
      return { expected: kind.from === -1 ? 'a whole number, or -1 for all' : `a whole number from ${kind.from}` }
    }
    case 'choice': {
      const value = text.trim().toLowerCase()
      if (kind.choices.includes(value)) return { value }
      return { expected: `one of ${kind.choices.map((c) => `\`${c}\``).join(', ')}`, known: kind.choices }
    }
    case 'duration': {
      const value = durationMs(text)
      return value === undefined ? { expected: 'a time such as `30s`, `10m` or `1h30m`' } : { value }
    }
  }
}
