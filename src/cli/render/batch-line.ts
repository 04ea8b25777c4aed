import type { BatchInfo, Event, NodeInfo } from '../../base/events.ts'
import { nodeInfo } from './node-info.ts'
import type { LogRecord } from './record.ts'
import { progressLine } from './result-line.ts'

const describe = (batch: BatchInfo, node: NodeInfo): string => `batch ${batch.name} of ${node.relation ?? node.name}`

/** dbt's event of a batch that begins. */
export function batchStartRecord(event: Extract<Event, { type: 'batch.started' }>, width: number): LogRecord {
  const { node, batch, index, total, at } = event
  const description = describe(batch, node)
  return {
    name: 'LogStartBatch',
    code: 'Q045',
    level: 'debug',
    always: true,
    at,
    msg: `Batch ${progressLine(index, total, `START ${description}`, 'RUN', width)}`,
    data: {
      node_info: nodeInfo(node, 'executing', at, ''),
      description,
      batch_index: index,
      total_batches: total,
      batch,
    },
  }
}

/** dbt's event of a batch that ended. What it gave is published with the others of its node. */
export function batchRecord(event: Extract<Event, { type: 'batch.finished' }>, width: number): LogRecord {
  const { node, batch, index, total, status, rows, seconds, startedAt, finishedAt } = event
  const good = status === 'success'
  const description = describe(batch, node)
  const text = good ? `OK built ${description}` : `ERROR building ${description}`
  return {
    name: 'LogBatchResult',
    code: 'Q046',
    level: good ? 'info' : 'error',
    tone: good ? 'good' : 'bad',
    progress: true,
    at: finishedAt,
    msg: `Batch ${progressLine(index, total, text, good ? `OK ${rows}` : 'ERROR', width, seconds)}`,
    data: {
      node_info: nodeInfo(node, good ? 'executing' : 'error', startedAt, finishedAt),
      description,
      status,
      batch_index: index,
      total_batches: total,
      execution_time: seconds,
      group: node.group ?? null,
      rows,
      batch,
    },
  }
}
