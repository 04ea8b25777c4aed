import type { RowSet, Session } from '../adapters/adapter.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { CancelledError, DatabaseError, UserError } from '../base/errors.ts'
import type { MappedText } from '../base/source-map.ts'
import type { Binding } from '../compile/compiler.ts'
import { selectionEmpty } from '../graph/errors.ts'
import type { Node } from '../project/resource.ts'
import { databaseDiagnostic, type InlineText } from '../runner/database-diagnostic.ts'
import { chooseNodes } from './choose-nodes.ts'
import { diagnosticsIn, outcomeOf } from './close-outcome.ts'
import { inlineTemplate } from './inline-template.ts'
import { LazyConnection } from './introspect.ts'
import type { ShowOptions } from './options.ts'
import type { ShowOutcome } from './outcome.ts'
import { readDeferral } from './read-deferral.ts'
import { readTimeOptions } from './read-time-options.ts'
import { createCompiler, type Workspace } from './workspace.ts'

const defaultLimit = 5

interface Preview {
  readonly node: Node | InlineText
  readonly uniqueId: string | null
  readonly name: string
  readonly sql: MappedText
}

/** Runs the query of each selected node, or `inline`, and gives its first rows. Writes nothing. */
export async function show(workspace: Workspace, options: ShowOptions): Promise<ShowOutcome> {
  if (workspace.broken) return { ...outcomeOf(workspace, []), tables: [] }
  const found: Diagnostic[] = []
  const tables: { uniqueId: string | null; name: string; rows: RowSet }[] = []
  const connection = new LazyConnection(workspace)
  let began = false
  try {
    for await (const preview of previews(workspace, options, connection, found)) {
      const session = await connection.session()
      began = true
      const limit = options.limit ?? defaultLimit
      try {
        const rows = await query(workspace, session, preview, limit)
        tables.push({ uniqueId: preview.uniqueId, name: preview.name, rows })
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error
        found.push(databaseDiagnostic(error, { node: preview.node, statement: preview.sql, see: undefined }))
      }
    }
  } catch (error) {
    if (error instanceof CancelledError) return { ...outcomeOf(workspace, found), exitCode: 130, tables }
    found.push(...diagnosticsIn(error))
  } finally {
    await connection.close()
  }
  return { ...outcomeOf(workspace, found, began ? 1 : 2), tables }
}

async function query(
  workspace: Workspace,
  session: Session,
  { uniqueId, sql }: Preview,
  limit: number,
): Promise<RowSet> {
  const began = performance.now()
  const rows = await session.query(sql.text, limit < 0 ? undefined : limit)
  const seconds = (performance.now() - began) / 1000
  workspace.emit({ type: 'statement.finished', node: uniqueId, sql: sql.text, seconds, at: new Date().toISOString() })
  return rows
}

/** Kinds that have no rows to show. */
const withoutRows: ReadonlySet<Node['resourceType']> = new Set(['exposure', 'export', 'function', 'unit_test'])

async function* previews(
  workspace: Workspace,
  options: ShowOptions,
  connection: LazyConnection,
  found: Diagnostic[],
): AsyncGenerator<Preview> {
  const { graph, project } = workspace
  const selection = options.inline === undefined ? chooseNodes(workspace, options) : undefined
  const deferred = await readDeferral(workspace, connection, selection?.ids)
  const reading = {
    empty: options.empty ?? false,
    time: readTimeOptions(workspace, options),
    deferred: deferred.relations,
  }
  const compiler = createCompiler(workspace, reading, (d) => found.push(d))
  const binding: Binding = { relations: new Map(), incremental: false, introspection: connection.introspection }
  if (options.inline !== undefined) {
    const template = inlineTemplate(workspace, '--inline', options.inline)
    const sql = await compiler.compileInline(template, project.name, binding)
    const node: InlineText = {
      resourceType: 'inline',
      uniqueId: 'inline',
      originalFilePath: '<--inline>',
      dependsOn: [],
    }
    yield { node, uniqueId: null, name: 'inline', sql }
    return
  }
  const { ids, diagnostics } = selection!
  found.push(...diagnostics)
  // Tests come along with their models by indirect selection; they are shown when they are all that was asked for.
  const onlyTests = [...ids].every((id) => graph.nodes.get(id)!.resourceType === 'test')
  const kinds = new Set([...ids].map((id) => graph.nodes.get(id)!.resourceType))
  if (kinds.size > 0 && [...kinds].every((kind) => withoutRows.has(kind)))
    found.push(
      selectionEmpty({
        found: [...kinds].sort().map((k) => `${k}s`),
        wanted: ['models', 'seeds', 'sources', 'tests', 'analyses'],
      }),
    )
  for (const id of graph.order) {
    if (!ids.has(id)) continue
    const node = graph.nodes.get(id)!
    if (node.resourceType === 'test' && !onlyTests) continue
    if (withoutRows.has(node.resourceType)) continue
    if (node.resourceType === 'seed' || node.resourceType === 'source') {
      yield { node, uniqueId: id, name: node.name, sql: await compiler.compileRows(id, binding) }
      continue
    }
    try {
      const compiled =
        node.resourceType === 'test' ? await compiler.compileTest(id, binding) : await compiler.compile(id, binding)
      yield { node, uniqueId: id, name: node.name, sql: compiled.sql }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      found.push(...error.diagnostics)
    }
  }
}
