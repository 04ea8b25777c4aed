import type { Event, NodeInfo } from '../../base/events.ts'
import { dbtVersion, version } from '../../base/version.ts'
import { batchRecord, batchStartRecord } from './batch-line.ts'
import { freshnessRecord, freshnessStart } from './freshness-line.ts'
import { countKinds, describeNode, nodeInfo } from './node-info.ts'
import type { LogRecord } from './record.ts'
import { progressLine, resultRecord } from './result-line.ts'

const artifactTypes: Readonly<Record<string, string>> = {
  manifest: 'WritableManifest',
  run_results: 'RunExecutionResult',
  catalog: 'CatalogArtifact',
  sources: 'FreshnessExecutionResultArtifact',
}

/** Turns events into what is said of them. Keeps the nodes it heard of, by unique id. */
export class Narrator {
  readonly nodes = new Map<string, NodeInfo>()
  readonly #startedAt = new Map<string, string>()
  readonly #width: number

  /** `width`: columns of a progress line before its outcome. */
  constructor(width: number) {
    this.#width = width
  }

  describe(event: Event): readonly LogRecord[] {
    switch (event.type) {
      case 'project.loaded':
        return [foundRecord(event.counts)]
      case 'run.started':
        return [concurrencyRecord(event)]
      case 'node.started':
        return this.#started(event)
      case 'node.compiling':
        return [this.#phase(event.node, event.at, 'NodeCompiling', 'Q030', 'compiling')]
      case 'node.executing':
        return [this.#phase(event.node, event.at, 'NodeExecuting', 'Q031', 'executing')]
      case 'node.finished':
        return this.#finished(event)
      case 'batch.started':
        return [batchStartRecord(event, this.#width)]
      case 'batch.finished':
        return [batchRecord(event, this.#width)]
      case 'node.retried':
        return [retryRecord(event, this.infoOf(event.node, 'executing'))]
      case 'hook.started':
        return [hookStartRecord(event, this.#width)]
      case 'hook.finished':
        return [hookRecord(event, this.#width)]
      case 'freshness.started':
        return this.#freshnessStarted(event)
      case 'freshness.finished':
        return this.#freshnessFinished(event)
      case 'statement.finished':
        return this.#statement(event)
      case 'unit.published':
      case 'unit.withheld':
        return [unitRecord(event)]
      case 'artifact.written':
        return [artifactRecord(event)]
      case 'message':
        return [messageRecord(event)]
      case 'command.started':
      case 'run.finished':
      case 'diagnostic':
      case 'selection.empty':
        return []
    }
  }

  /** `node_info` of a node that was heard of, or an empty object. */
  infoOf(uniqueId: string | null | undefined, status: string): Record<string, unknown> {
    const node = uniqueId == null ? undefined : this.nodes.get(uniqueId)
    return node === undefined ? {} : nodeInfo(node, status, this.#startedAt.get(node.uniqueId) ?? '', '')
  }

  #started(event: Extract<Event, { type: 'node.started' }>): LogRecord[] {
    const { node, index, total, at } = event
    this.nodes.set(node.uniqueId, node)
    this.#startedAt.set(node.uniqueId, at)
    const info = nodeInfo(node, 'started', at, '')
    const text = `START ${describeNode(node)}`
    return [
      {
        name: 'LogStartLine',
        code: 'Q011',
        level: 'info',
        at,
        msg: progressLine(index, total, text, 'RUN', this.#width),
        data: { node_info: info, description: describeNode(node), index, total },
      },
      this.#phase(node, at, 'NodeStart', 'Q024', 'started'),
    ]
  }

  #freshnessStarted(event: Extract<Event, { type: 'freshness.started' }>): LogRecord[] {
    const { node, at } = event
    this.nodes.set(node.uniqueId, node)
    this.#startedAt.set(node.uniqueId, at)
    return [freshnessStart(event, this.#width), this.#phase(node, at, 'NodeStart', 'Q024', 'started')]
  }

  /** The result itself is the answer of the command: see `freshnessRecord`. */
  #freshnessFinished(event: Extract<Event, { type: 'freshness.finished' }>): LogRecord[] {
    const { node, status, message, seconds, finishedAt } = event
    const info = nodeInfo(node, status, this.#startedAt.get(node.uniqueId) ?? '', finishedAt)
    const result = { status, message, thread: '', execution_time: seconds, num_failures: null, adapter_response: {} }
    return [finishedRecord(node, finishedAt, { node_info: info, run_result: { ...result, timing_info: [] } })]
  }

  /** What a freshness gave, as a line of the answer. */
  freshness(event: Extract<Event, { type: 'freshness.finished' }>): LogRecord {
    return freshnessRecord(event, this.#startedAt.get(event.node.uniqueId) ?? '', this.#width)
  }

  #phase(node: NodeInfo, at: string, name: string, code: string, status: string): LogRecord {
    const verb = { started: 'running', compiling: 'compiling', executing: 'executing' }[status]
    const data = { node_info: nodeInfo(node, status, this.#startedAt.get(node.uniqueId) ?? at, '') }
    return { name, code, level: 'debug', always: true, at, msg: `Began ${verb} node ${node.uniqueId}`, data }
  }

  #finished(event: Extract<Event, { type: 'node.finished' }>): LogRecord[] {
    const { node, status } = event
    this.nodes.set(node.uniqueId, node)
    const info = nodeInfo(node, status, event.startedAt, event.finishedAt)
    const result = {
      status,
      message: event.message,
      thread: '',
      execution_time: event.seconds,
      num_failures: event.failures,
      timing_info: [{ name: 'execute', started_at: event.startedAt, completed_at: event.finishedAt }],
      adapter_response: {},
    }
    return [
      resultRecord(event, this.#width),
      finishedRecord(node, event.finishedAt, { node_info: info, run_result: result }),
    ]
  }

  #statement(event: Extract<Event, { type: 'statement.finished' }>): LogRecord[] {
    const name = event.node ?? 'master'
    const info = this.infoOf(event.node, 'executing')
    return [
      {
        name: 'SQLQuery',
        code: 'E016',
        level: 'debug',
        at: event.at,
        msg: `On ${name}: ${event.sql}`,
        data: { conn_name: name, sql: event.sql, node_info: info },
      },
      {
        name: 'SQLQueryStatus',
        code: 'E017',
        level: 'debug',
        at: event.at,
        msg: `SQL status: OK in ${event.seconds.toFixed(3)} seconds`,
        data: { status: 'OK', elapsed: event.seconds, query_id: '', node_info: info },
      },
    ]
  }
}

function finishedRecord(node: NodeInfo, at: string, data: Record<string, unknown>): LogRecord {
  const msg = `Finished running node ${node.uniqueId}`
  return { name: 'NodeFinished', code: 'Q025', level: 'debug', always: true, at, msg, data }
}

/** The first record of a log. */
export const versionRecord: LogRecord = {
  name: 'MainReportVersion',
  code: 'A001',
  level: 'info',
  msg: `Running with tsdbt=${version}`,
  // Readers take it for the version of dbt, and cut the first character off.
  data: { version: `=${dbtVersion}`, log_version: 3 },
}

function foundRecord(counts: Readonly<Record<string, number>>): LogRecord {
  const line = countKinds(Object.entries(counts)) || 'nothing'
  return { name: 'FoundStats', code: 'W006', level: 'info', msg: `Found ${line}`, data: { stat_line: line } }
}

function concurrencyRecord(event: Extract<Event, { type: 'run.started' }>): LogRecord {
  const threads = `${event.threads} thread${event.threads === 1 ? '' : 's'}`
  return {
    name: 'ConcurrencyLine',
    code: 'Q027',
    level: 'info',
    at: event.at,
    msg: `Concurrency: ${threads} (target='${event.target}')`,
    data: { num_threads: event.threads, target_name: event.target, node_count: event.nodes },
  }
}

function hookStartRecord(event: Extract<Event, { type: 'hook.started' }>, width: number): LogRecord {
  const { node, name, index, total, at } = event
  return {
    name: 'LogHookStartLine',
    code: 'Q032',
    level: 'info',
    at,
    msg: progressLine(index, total, `START hook: ${name}`, 'RUN', width),
    data: { node_info: nodeInfo(node, 'started', at, ''), statement: name, index, total },
  }
}

function hookRecord(event: Extract<Event, { type: 'hook.finished' }>, width: number): LogRecord {
  const { node, name, index, total, status, seconds, startedAt, finishedAt } = event
  const good = status === 'success'
  const word = good ? 'OK' : 'ERROR'
  return {
    name: 'LogHookEndLine',
    code: 'Q033',
    level: good ? 'info' : 'error',
    tone: good ? 'good' : 'bad',
    at: finishedAt,
    msg: progressLine(index, total, `${word} hook: ${name}`, word, width, seconds),
    data: {
      node_info: nodeInfo(node, status, startedAt, finishedAt),
      statement: name,
      status,
      index,
      total,
      execution_time: seconds,
    },
  }
}

/** The first time and now and then after it, so that a long wait is no silence and no flood. */
function retryRecord(event: Extract<Event, { type: 'node.retried' }>, info: object): LogRecord {
  const { name, attempt, reason, wait } = event
  return {
    name: 'NodeRetried',
    code: 'T005',
    level: attempt === 1 || attempt % 5 === 0 ? 'info' : 'debug',
    msg: `\`${name}\` is tried again in ${wait.toFixed(1)} s: ${reason}`,
    data: { node_info: info, attempt, reason, wait },
  }
}

function unitRecord(event: Extract<Event, { type: 'unit.published' | 'unit.withheld' }>): LogRecord {
  const members = event.members.join(', ')
  if (event.type === 'unit.published') {
    return {
      name: 'UnitPublished',
      code: 'T002',
      level: 'debug',
      msg: `Published ${members}`,
      data: { members: event.members },
    }
  }
  return {
    name: 'UnitWithheld',
    code: 'T003',
    level: 'debug',
    msg: `Withheld ${members} because of ${event.because.join(', ')}`,
    data: { members: event.members, because: event.because },
  }
}

function artifactRecord(event: Extract<Event, { type: 'artifact.written' }>): LogRecord {
  const type = artifactTypes[event.artifact] ?? event.artifact
  return {
    name: 'ArtifactWritten',
    code: 'P001',
    level: 'debug',
    always: true,
    msg: `Wrote artifact ${type} to ${event.path}`,
    data: { artifact_type: type, artifact_path: event.path },
  }
}

function messageRecord(event: Extract<Event, { type: 'message' }>): LogRecord {
  const info = event.level === 'info'
  return {
    name: info ? 'JinjaLogInfo' : 'JinjaLogDebug',
    code: info ? 'I062' : 'I063',
    level: event.level,
    msg: event.text,
    data: { msg: event.text, node_info: {} },
  }
}
