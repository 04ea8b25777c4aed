import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Session } from '../adapters/adapter.ts'
import type { Dialect } from '../adapters/dialect.ts'
import type { LiveConnection } from '../adapters/live-connection.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, UserError } from '../base/errors.ts'
import { type ExportFormat, formats } from '../config/exports/format-options.ts'
import type { Graph } from '../graph/graph.ts'
import type { Export, NodeRelation, RelationNode } from '../project/resource.ts'
import { asWriteError } from './as-write-error.ts'
import { checkPromisedTypes, checkSchemaChange } from './check-columns.ts'
import { placeTaken } from './errors.ts'
import type { ExportJob, ExportTable, ExportWriter, WrittenExport } from './export-job.ts'
import { describeFiles, type ExportManifest, manifestPath, readManifest, writeManifest } from './export-manifest.ts'
import { type ExportPlace, findPlace } from './export-place.ts'
import { readTables } from './export-tables.ts'
import { writers } from './formats.ts'
import type { HyperService } from './hyper/hyper-service.ts'
import { publicationWords, publishedFacts } from './publication-words.ts'
import type { Published, Publisher } from './publisher.ts'
import { WorkPlace } from './work-place.ts'

/** What the exports of a run share. */
export interface ExportContext {
  readonly projectRoot: string
  readonly project: string
  readonly graph: Graph
  readonly dialect: Dialect
  readonly engine: string
  readonly live: LiveConnection | null
  readonly hyper: HyperService
  /** Null: nothing is published. */
  readonly publisher: Publisher | null
  /** Whether plans say what would be published. */
  readonly publishes: boolean
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
}

/** An export that is to be made now. */
export interface Task {
  readonly node: Export
  readonly inputs: readonly { readonly node: RelationNode; readonly relation: NodeRelation }[]
  readonly session: Session
  readonly signal: AbortSignal
}

interface Made {
  readonly message: string
  readonly adapterResponse: Readonly<Record<string, number | string>>
  readonly diagnostics: readonly Diagnostic[]
}

/** Makes the exports of a project: reads what is published, writes beside the old file, takes its place. */
export class ProjectExporter {
  readonly #context: ExportContext
  /** Who writes where, links resolved. */
  readonly #writers = new Map<string, Export>()
  /** unique ids of exports whose file is new, whatever became of their publication. */
  readonly #renewed = new Set<string>()

  constructor(context: ExportContext) {
    this.#context = context
  }

  /** Raises `UserError`, `DatabaseError` or `CancelledError`; then what was there before is as it was. */
  async make(task: Task): Promise<Made> {
    const { node, session } = task
    const { dialect, graph } = this.#context
    const tables = await readTables({ session, dialect, graph }, node, task.inputs)
    await checkPromisedTypes({ session, dialect }, node, tables)
    if (node.to === null) return this.#withoutFile(task, tables)
    const place = await this.#place(node)
    this.#claim(place, node)
    const earlier = place.exists ? await readManifest(place.target) : null
    checkSchemaChange(node, tables, { earlier, engine: this.#context.engine })
    try {
      return await this.#makeFile(task, tables, place)
    } catch (error) {
      throw asWriteError(error, node, place.shown)
    }
  }

  async plan({ node, inputs, session }: Task): Promise<{
    readonly uniqueId: string
    readonly name: string
    readonly format: string
    readonly to: string | null
    readonly replaces: boolean
    readonly tables: readonly { readonly name: string; readonly columns: readonly string[] | null }[]
    readonly notes: readonly string[]
  }> {
    const place = node.to === null ? null : await this.#place(node)
    const tables: { name: string; columns: readonly string[] | null }[] = []
    for (const input of inputs) {
      const columns = await session.columnsOf(input.relation)
      const promised = node.promised?.map((c) => c.name)
      tables.push({
        name: input.node.name,
        columns: columns.length === 0 ? null : (promised ?? columns.map((c) => c.name)),
      })
    }
    return {
      uniqueId: node.uniqueId,
      name: node.name,
      format: node.choice.format,
      to: place?.shown ?? null,
      replaces: place?.exists ?? false,
      tables,
      notes: [
        ...notesOf(node, inputs),
        ...(this.#context.publishes && node.publish !== null ? [`publish ${publicationWords(node)}`] : []),
      ],
    }
  }

  /** What readers keep when the export is not made. */
  async standing(node: Export): Promise<{ readonly shown: string; readonly since: string | null } | null> {
    if (node.to === null || this.#renewed.has(node.uniqueId)) return null
    try {
      const place = await this.#place(node)
      if (!place.exists) return null
      const manifest = await readManifest(place.target)
      return { shown: place.shown, since: manifest?.generated_at ?? null }
    } catch {
      // Why it has no place was told when it was to be made.
      return null
    }
  }

  /** That two exports name one place is known before anything runs, unless links lead them there. */
  #claim({ target }: ExportPlace, node: Export): void {
    const other = this.#writers.get(target) ?? node
    this.#writers.set(target, other)
    if (other.uniqueId === node.uniqueId) return
    const label = { span: other.toSpan, text: 'the other one' }
    const place = { span: node.toSpan, node: node.uniqueId, labels: [label] }
    throw new UserError(placeTaken({ to: node.to!, other: other.name, target }, place))
  }

  #place(node: Export): Promise<ExportPlace> {
    return findPlace(
      this.#context.projectRoot,
      node,
      formats[node.choice.format].suffixes.length === 0 ? 'folder' : 'file',
    )
  }

  async #makeFile(task: Task, tables: readonly ExportTable[], place: ExportPlace): Promise<Made> {
    const { runId } = this.#context
    const work = await WorkPlace.open(place.target, runId)
    try {
      const warnings: Diagnostic[] = []
      const written = await this.#write(task, tables, {
        output: work.output,
        target: place.target,
        scratch: work.scratch,
        warn: (diagnostic) => warnings.push(diagnostic),
      })
      if (task.signal.aborted) throw new CancelledError()
      const files = await describeFiles(work.output, basename(place.target))
      const manifest = this.#manifest(task.node, tables, { written, files })
      const aside = join(work.scratch, '.manifest.json')
      // Before the file takes its place: a full disk must not part the two.
      await writeManifest(aside, manifest)
      await work.publish()
      this.#renewed.add(task.node.uniqueId)
      await rename(aside, manifestPath(place.target))
      const published = await this.#publish(task, place)
      if (published !== null) {
        await writeManifest(aside, { ...manifest, published })
        await rename(aside, manifestPath(place.target))
      }
      const rows = sum(Object.values(written.rows))
      const told = published === null ? '' : `, published ${publicationWords(task.node)}`
      return {
        message: `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'} to ${place.shown}${told}`,
        adapterResponse: {
          rows_exported: rows,
          bytes: sum(files.map((f) => f.bytes)),
          path: place.shown,
          ...(published === null ? {} : publishedFacts(published)),
        },
        diagnostics: warnings,
      }
    } finally {
      await work.clear()
    }
  }

  /** Only when the new file is in its place: what is published is what lies there. */
  async #publish({ node, signal }: Task, place: ExportPlace): Promise<Published | null> {
    const { publisher } = this.#context
    if (publisher === null || node.publish === null) return null
    const { format } = node.choice
    const file = { path: place.target, shown: place.shown, format }
    return await publisher.publish({ node: node.uniqueId, entry: node.publish, signal, ...file })
  }

  async #withoutFile(task: Task, tables: readonly ExportTable[]): Promise<Made> {
    const warnings: Diagnostic[] = []
    const none = { output: '', target: '', scratch: '', warn: (d: Diagnostic) => void warnings.push(d) }
    const written = await this.#write(task, tables, none)
    const rows = sum(Object.values(written.rows))
    return {
      message: `${tables.length} ${tables.length === 1 ? 'relation' : 'relations'} exported`,
      adapterResponse: { rows_exported: rows },
      diagnostics: warnings,
    }
  }

  async #write(
    { node, session, signal }: Task,
    tables: readonly ExportTable[],
    place: Pick<ExportJob, 'output' | 'target' | 'scratch' | 'warn'>,
  ): Promise<WrittenExport> {
    const { format, options } = node.choice
    const writer = (await writers[format]()) as ExportWriter<ExportFormat>
    const { projectRoot, project, runId, startedAt, live, dialect, hyper } = this.#context
    const run = { projectRoot, project, runId, startedAt, live, dialect, hyper }
    return writer.write({ export: node, options, tables, session, signal, ...run, ...place })
  }

  #manifest(
    node: Export,
    tables: readonly ExportTable[],
    { written, files }: { readonly written: WrittenExport; readonly files: ExportManifest['files'] },
  ): ExportManifest {
    const { project, runId, startedAt, engine, dialect } = this.#context
    return {
      export: node.uniqueId,
      project,
      format: node.choice.format,
      run_id: runId,
      generated_at: startedAt,
      engine,
      tables: tables.map((table) => ({
        name: table.name,
        node: table.node.uniqueId,
        relation: dialect.relation(table.relation),
        rows: written.rows[table.name] ?? 0,
        columns: table.columns.map((c) => ({ name: c.name, type: c.engineType, logical_type: c.type })),
      })),
      files,
      facts: written.facts,
    }
  }
}

/** What an export does besides writing its file. */
function notesOf({ shelf, choice }: Export, inputs: Task['inputs']): readonly string[] {
  if (shelf === null || choice.format !== 'looker') return []
  const { role } = choice.options
  return [
    `views in ${shelf.schema}: ${inputs.map((input) => input.node.name).join(', ')}`,
    ...(role === null ? [] : [`role ${role} may read them and nothing else`]),
  ]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
