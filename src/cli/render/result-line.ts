import type { Event } from '../../base/events.ts'
import { describeNode, nodeInfo } from './node-info.ts'
import type { Level, LogRecord, Tone } from './record.ts'

type Finished = Extract<Event, { type: 'node.finished' }>

/** `3 of 12 START test unique_orders_id .......... [RUN]`, filled with dots up to `width` columns. */
export function progressLine(
  index: number,
  total: number,
  text: string,
  status: string,
  width: number,
  seconds?: number,
): string {
  const time = seconds === undefined ? '' : ` in ${seconds.toFixed(2)}s`
  return `${`${index} of ${total} ${text} `.padEnd(width, '.')} [${status}${time}]`
}

/** dbt's result event of a node: its name depends on the resource type, and readers dispatch on it. */
export function resultRecord(event: Finished, width: number): LogRecord {
  const { node, index, total, status, seconds } = event
  const info = nodeInfo(node, status, event.startedAt, event.finishedAt)
  const said = sayResult(event)
  const msg = progressLine(index, total, said.text, said.status, width, status === 'skipped' ? undefined : seconds)
  const common = { node_info: info, index, total, execution_time: seconds }
  const record = (name: string, code: string, data: Record<string, unknown>): LogRecord => ({
    name,
    code,
    level: said.level,
    tone: said.tone,
    progress: true,
    msg,
    at: event.finishedAt,
    data: { ...common, ...data },
  })
  const dataStatus = status === 'success' ? event.message || 'OK' : status
  if (status === 'skipped') {
    if (event.because === undefined) return record('LogNodeResult', 'Q008', { status, description: describeNode(node) })
    const relation = info['node_relation'] as { schema: string }
    return record('SkippingDetails', 'Q034', {
      resource_type: node.resourceType,
      schema: relation.schema,
      node_name: node.name,
      because: event.because,
    })
  }
  if (status === 'no-op') return record('LogNodeNoOpResult', 'Q019', { status, description: describeNode(node) })
  switch (node.resourceType) {
    case 'test':
    case 'unit_test':
      return record('LogTestResult', 'Q007', {
        name: node.name,
        status,
        num_models: total,
        num_failures: event.failures ?? 0,
        group: node.group ?? null,
        attached_node: node.attachedNode ?? '',
      })
    case 'seed':
      return record('LogSeedResult', 'Q016', {
        status,
        result_message: event.message,
        schema: node.location?.schema ?? '',
        relation: node.location?.identifier ?? node.name,
      })
    case 'snapshot':
      return record('LogSnapshotResult', 'Q015', { status: dataStatus, description: describeNode(node), cfg: {} })
    case 'source':
      return record('LogSourceResult', 'T001', { status: dataStatus, description: describeNode(node) })
    default:
      return record('LogModelResult', 'Q012', {
        status: dataStatus,
        description: describeNode(node),
        group: node.group ?? null,
      })
  }
}

function sayResult(event: Finished): { text: string; status: string; level: Level; tone: Tone } {
  const { node, status, failures } = event
  const described = describeNode(node)
  const isTest = node.resourceType === 'test' || node.resourceType === 'unit_test'
  switch (status) {
    case 'skipped':
      return {
        text: `SKIP ${isTest || node.resourceType === 'exposure' || node.resourceType === 'export' ? described : `relation ${node.relation ?? node.name}`}`,
        status: 'SKIP',
        level: 'info',
        tone: 'odd',
      }
    case 'no-op':
      return { text: `NO-OP ${described}`, status: 'NO-OP', level: 'info', tone: 'odd' }
    case 'pass':
      return { text: `PASS ${node.name}`, status: 'PASS', level: 'info', tone: 'good' }
    case 'warn':
      return {
        text: `WARN ${failures ?? ''} ${node.name}`.replace('  ', ' '),
        status: `WARN ${failures ?? ''}`.trim(),
        level: 'warn',
        tone: 'odd',
      }
    case 'fail':
      return {
        text: `FAIL ${failures ?? ''} ${node.name}`.replace('  ', ' '),
        status: `FAIL ${failures ?? ''}`.trim(),
        level: 'error',
        tone: 'bad',
      }
    case 'error':
      return {
        text: `ERROR ${isTest ? node.name : `${doing(node.resourceType)} ${described}`}`,
        status: 'ERROR',
        level: 'error',
        tone: 'bad',
      }
    case 'partial success':
      return {
        text: `PARTIAL SUCCESS ${doing(node.resourceType)} ${described}`,
        status: 'PARTIAL SUCCESS',
        level: 'error',
        tone: 'bad',
      }
    case 'success': {
      const loaded = node.resourceType === 'seed' || node.resourceType === 'source'
      const isExport = node.resourceType === 'export'
      return {
        text: `OK ${done(node.resourceType)} ${described}`,
        status: (loaded || isExport) && event.message !== '' ? event.message : 'OK',
        level: 'info',
        tone: 'good',
      }
    }
  }
}

function done(resourceType: string): string {
  if (resourceType === 'seed' || resourceType === 'source') return 'loaded'
  if (resourceType === 'export') return 'made'
  return resourceType === 'snapshot' ? 'snapshotted' : 'created'
}

function doing(resourceType: string): string {
  if (resourceType === 'export') return 'making'
  if (resourceType === 'seed' || resourceType === 'source') return 'loading'
  return resourceType === 'snapshot' ? 'snapshotting' : 'creating'
}
