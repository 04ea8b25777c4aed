import type { Event, FreshnessStatus } from '../../base/events.ts'
import { nodeInfo } from './node-info.ts'
import type { Level, LogRecord, Tone } from './record.ts'
import { progressLine } from './result-line.ts'

type Started = Extract<Event, { type: 'freshness.started' }>
type Finished = Extract<Event, { type: 'freshness.finished' }>

const said: Readonly<Record<FreshnessStatus, { readonly word: string; readonly level: Level; readonly tone: Tone }>> = {
  pass: { word: 'PASS', level: 'info', tone: 'good' },
  warn: { word: 'WARN', level: 'warn', tone: 'odd' },
  error: { word: 'ERROR STALE', level: 'error', tone: 'bad' },
  'runtime error': { word: 'ERROR', level: 'error', tone: 'bad' },
}

export function freshnessStart({ node, name, index, total, at }: Started, width: number): LogRecord {
  const description = `freshness of ${name}`
  return {
    name: 'LogStartLine',
    code: 'Q011',
    level: 'info',
    at,
    msg: progressLine(index, total, `START ${description}`, 'RUN', width),
    data: { node_info: nodeInfo(node, 'started', at, ''), description, index, total },
  }
}

/** `2 of 3 WARN freshness of crm.contacts ........ [5d 2h, warn after 1 day]`; orchestrators look for its first words. */
export function freshnessRecord(event: Finished, startedAt: string, width: number): LogRecord {
  const { node, name, index, total, status, message, seconds, finishedAt } = event
  const { word, level, tone } = said[status]
  const [source_name, table_name] = name.split('.')
  return {
    name: 'LogFreshnessResult',
    code: 'Q018',
    level,
    tone,
    at: finishedAt,
    msg: progressLine(index, total, `${word} freshness of ${name}`, status === 'runtime error' ? word : message, width),
    data: {
      status,
      index,
      total,
      execution_time: seconds,
      source_name,
      table_name,
      node_info: nodeInfo(node, status, startedAt, finishedAt),
    },
  }
}
