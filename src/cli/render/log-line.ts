import type { Style } from '../console.ts'
import type { LogRecord, Tone } from './record.ts'

/** `11:30:25  1 of 3 OK created … [OK in 0.05s]` in local time. Later lines of a message follow without a time. */
export function textLine(record: LogRecord, style: Style): string {
  return `${clock(record.at)}  ${paint(record.msg, record.tone, style)}\n`
}

/** dbt's debug form: milliseconds, level and thread as well. */
export function debugLine(record: LogRecord, style: Style): string {
  const at = new Date(record.at ?? Date.now())
  const level = `[${record.level}]`.padEnd(7)
  return `${clock(at)}.${String(at.getMilliseconds()).padStart(3, '0')} ${level} [MainThread]: ${paint(record.msg, record.tone, style)}\n`
}

/** dbt's JSON line: `info` about the event, `data` of the event; both are always objects. */
export function jsonLine(record: LogRecord, invocationId: string): Record<string, unknown> {
  return {
    info: {
      category: '',
      code: record.code,
      extra: {},
      invocation_id: invocationId,
      level: record.level,
      msg: record.msg,
      name: record.name,
      pid: process.pid,
      thread: 'MainThread',
      // dbt writes microseconds, and some readers parse exactly six digits.
      ts: new Date(record.at ?? Date.now()).toISOString().replace('Z', '000Z'),
    },
    data: record.data,
  }
}

export function clock(at: string | Date | undefined): string {
  const date = at === undefined ? new Date() : new Date(at)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

function paint(text: string, tone: Tone | undefined, style: Style): string {
  if (tone === undefined) return text
  const color = tone === 'good' ? style.green : tone === 'bad' ? style.red : style.yellow
  const outcome = /\[[^[\]]*\]$/.exec(text)
  return outcome === null ? color(text) : text.slice(0, outcome.index) + color(outcome[0])
}
