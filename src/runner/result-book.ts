import type { Diagnostic } from '../base/diagnostic.ts'
import type { Emit, NodeInfo, NodeLocation, NodeStatus } from '../base/events.ts'
import { isRelationNode, relationOf } from '../project/relation-of.ts'
import type { Node, NodeRelation, Operation } from '../project/resource.ts'
import type { BatchResults, NodeResult } from './node-result.ts'

/** How a node ended, without the times. */
export interface Ending {
  readonly status: NodeStatus
  readonly message: string
  readonly failures?: number | null
  readonly diagnostics?: readonly Diagnostic[]
  readonly because?: string | null
  readonly adapterResponse?: Readonly<Record<string, number | string>>
  readonly compiledSql?: string | null
  readonly batchResults?: BatchResults | null
}

type Phase = 'compile' | 'execute'

/** A node at work: collects its times. */
export class OpenNode {
  readonly info: NodeInfo
  readonly index: number
  readonly threadId: string
  readonly startedAt = new Date().toISOString()
  readonly timing: { name: Phase; startedAt: string; completedAt: string }[] = []
  readonly #emit: Emit
  seconds = 0

  constructor(info: NodeInfo, index: number, threadId: string, emit: Emit) {
    this.info = info
    this.index = index
    this.threadId = threadId
    this.#emit = emit
  }

  /** Times a piece of work; pieces of one phase are added up, so that waiting for others does not count. */
  async during<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    const startedAt = new Date().toISOString()
    const began = performance.now()
    const known = this.timing.find((t) => t.name === phase)
    const entry = known ?? { name: phase, startedAt, completedAt: startedAt }
    if (known === undefined) {
      this.timing.push(entry)
      const type = phase === 'compile' ? 'node.compiling' : 'node.executing'
      this.#emit({ type, node: this.info, at: startedAt })
    }
    try {
      return await work()
    } finally {
      this.seconds += (performance.now() - began) / 1000
      entry.completedAt = new Date().toISOString()
    }
  }

  /** Readers of the artifacts look for both phases; seeds and sources have nothing to compile. */
  fillTiming(): void {
    const first = this.timing[0]
    if (first === undefined || first.name === 'compile') return
    this.timing.unshift({ name: 'compile', startedAt: this.startedAt, completedAt: this.startedAt })
  }

  /** Takes over the time of work that another node did for both. */
  shareWork(other: OpenNode): void {
    const done = other.timing.find((t) => t.name === 'execute')
    if (done === undefined) return
    this.timing.push({ ...done })
    this.seconds += (Date.parse(done.completedAt) - Date.parse(done.startedAt)) / 1000
    this.#emit({ type: 'node.executing', node: this.info, at: done.startedAt })
  }
}

/** The results of a run, in the order in which the nodes ended. */
export class ResultBook {
  readonly #emit: Emit
  readonly #total: number
  readonly #results: NodeResult[] = []
  readonly #ended = new Set<string>()
  readonly #quote: Quote
  #index = 0

  constructor(emit: Emit, total: number, quote: Quote) {
    this.#emit = emit
    this.#total = total
    this.#quote = quote
  }

  get results(): readonly NodeResult[] {
    return this.#results
  }

  has(uniqueId: string): boolean {
    return this.#ended.has(uniqueId)
  }

  open(node: Node, threadId: string): OpenNode {
    const open = new OpenNode(nodeInfo(node, this.#quote), ++this.#index, threadId, this.#emit)
    this.#emit({ type: 'node.started', node: open.info, index: open.index, total: this.#total, at: open.startedAt })
    return open
  }

  close(open: OpenNode, ending: Ending): NodeResult {
    open.fillTiming()
    const result: NodeResult = {
      uniqueId: open.info.uniqueId,
      status: ending.status,
      message: ending.message,
      failures: ending.failures ?? null,
      executionTime: open.seconds,
      threadId: open.threadId,
      timing: open.timing,
      adapterResponse: ending.adapterResponse ?? {},
      compiledSql: ending.compiledSql ?? null,
      diagnostics: ending.diagnostics ?? [],
      batchResults: ending.batchResults ?? null,
      because: ending.because ?? null,
    }
    this.#results.push(result)
    this.#ended.add(result.uniqueId)
    this.#emit({
      type: 'node.finished',
      node: open.info,
      index: open.index,
      total: this.#total,
      status: result.status,
      message: result.message,
      failures: result.failures,
      seconds: result.executionTime,
      startedAt: open.startedAt,
      finishedAt: new Date().toISOString(),
      diagnostics: result.diagnostics,
      ...(result.because === null ? {} : { because: result.because }),
    })
    return result
  }

  /** A node that never began. */
  skip(node: Node, message: string, because: string | null): NodeResult {
    const open = new OpenNode(nodeInfo(node, this.#quote), ++this.#index, 'main', this.#emit)
    return this.close(open, { status: 'skipped', message, because })
  }

  /** Operations stand outside the count of nodes. */
  addOperation(operation: Operation, ending: Ending, open: OpenNode): void {
    this.#results.push({
      uniqueId: operation.uniqueId,
      status: ending.status,
      message: ending.message,
      failures: ending.failures ?? null,
      executionTime: open.seconds,
      threadId: open.threadId,
      timing: open.timing,
      adapterResponse: ending.adapterResponse ?? {},
      compiledSql: ending.compiledSql ?? null,
      diagnostics: ending.diagnostics ?? [],
      batchResults: null,
      because: null,
    })
  }
}

type Quote = (relation: NodeRelation) => string

/** What listeners are told of a node. `quote` gives a relation's whole name as SQL. */
export function nodeInfo(node: Node, quote: Quote): NodeInfo {
  const makes = isRelationNode(node) && node.config.materialized !== 'ephemeral'
  const place = relationOf(node) ?? { database: '', schema: '', identifier: node.name }
  return {
    ...identity(node),
    relation: isRelationNode(node) ? `${place.schema}.${place.identifier}` : null,
    location: { ...place, quoted: makes ? quote(node.relation) : null },
    attachedNode: node.resourceType === 'test' ? node.attachedNode : null,
  }
}

/** The same of an operation; `place` is the database and schema of the target. */
export function operationInfo(operation: Operation, place: Pick<NodeLocation, 'database' | 'schema'>): NodeInfo {
  const { database, schema } = place
  const location = { database, schema, identifier: operation.name, quoted: null }
  return { ...identity(operation), relation: null, location }
}

function identity(node: Node | Operation): NodeInfo {
  const { uniqueId, name, resourceType, config, originalFilePath: path, path: localPath, meta, checksum } = node
  const { materialized, group } = config
  return { uniqueId, name, resourceType, materialized, path, relation: null, localPath, meta, checksum, group }
}
