import type { Diagnostic } from '../base/diagnostic.ts'
import { DatabaseError } from '../base/errors.ts'
import type { Binding } from '../compile/compiler.ts'
import type { ProjectCompiler } from '../compile/create-compiler.ts'
import type { Node } from '../project/resource.ts'
import { databaseDiagnostic } from '../runner/database-diagnostic.ts'
import { chooseNodes } from './choose-nodes.ts'
import { diagnosticsIn, outcomeOf } from './close-outcome.ts'
import { compileUnitTest } from './compile-unit-test.ts'
import { inlineTemplate } from './inline-template.ts'
import { LazyConnection } from './introspect.ts'
import type { CompileOptions } from './options.ts'
import type { CompileOutcome } from './outcome.ts'
import { readDeferral } from './read-deferral.ts'
import { readTimeOptions } from './read-time-options.ts'
import { saveArtifacts } from './save-artifacts.ts'
import { createCompiler, type Workspace } from './workspace.ts'

/** SQL of the selected models and tests, or of `inline`; goes on after a node that fails. Writes `target/compiled`. */
export async function compile(workspace: Workspace, options: CompileOptions = {}): Promise<CompileOutcome> {
  if (workspace.broken) return { ...outcomeOf(workspace, []), nodes: [] }
  const found: Diagnostic[] = []
  const connection = new LazyConnection(workspace)
  const selection = options.inline === undefined ? chooseNodes(workspace, options) : undefined
  const binding: Binding = {
    relations: new Map(),
    incremental: false,
    introspection: options.introspect === false ? null : connection.introspection,
  }
  const nodes: { uniqueId: string; name: string; sql: string }[] = []
  try {
    const deferred = await readDeferral(workspace, connection, selection?.ids, options.introspect !== false)
    const reading = {
      empty: options.empty ?? false,
      time: readTimeOptions(workspace, options),
      deferred: deferred.relations,
    }
    const compiler = createCompiler(workspace, reading, (d) => found.push(d))
    if (options.inline !== undefined) {
      const template = inlineTemplate(workspace, '--inline', options.inline)
      const sql = await compiler.compileInline(template, workspace.project.name, binding)
      return { ...outcomeOf(workspace, found), nodes: [{ uniqueId: 'inline', name: 'inline', sql: sql.text }] }
    }
    found.push(...selection!.diagnostics)
    const ids = workspace.graph.order.filter((id) => selection!.ids.has(id))
    // Types of given rows come from the warehouse, which compiling a whole project shall not need.
    const onlyTests = ids.every((id) => testKinds.has(workspace.graph.nodes.get(id)!.resourceType))
    for (const id of ids) {
      const node = workspace.graph.nodes.get(id)!
      if (withoutQuery.has(node.resourceType)) continue
      if (node.resourceType === 'unit_test' && (!onlyTests || options.introspect === false)) continue
      const sql = await collecting(node, found, () =>
        node.resourceType === 'unit_test'
          ? compileUnitTest(workspace, compiler, connection, node)
          : compileOne(compiler, node, binding),
      )
      if (sql !== undefined) nodes.push({ uniqueId: id, name: node.name, sql })
    }
    await saveArtifacts(workspace, { compiled: compiler.texts(), executed: new Map(), deferTo: deferred.entries })
  } catch (error) {
    found.push(...diagnosticsIn(error))
    return { ...outcomeOf(workspace, found), nodes }
  } finally {
    await connection.close()
  }
  return { ...outcomeOf(workspace, found, 1), nodes }
}

const withoutQuery: ReadonlySet<Node['resourceType']> = new Set(['source', 'seed', 'exposure', 'export'])
const testKinds: ReadonlySet<Node['resourceType']> = new Set(['test', 'unit_test'])

async function compileOne(compiler: ProjectCompiler, node: Node, binding: Binding): Promise<string> {
  const compiled =
    node.resourceType === 'test'
      ? await compiler.compileTest(node.uniqueId, binding)
      : await compiler.compile(node.uniqueId, binding)
  return compiled.sql.text
}

/** Undefined when it fails; why is then in `found`. */
async function collecting(node: Node, found: Diagnostic[], work: () => Promise<string>): Promise<string | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DatabaseError) found.push(databaseDiagnostic(error, { node, statement: null, see: undefined }))
    else found.push(...diagnosticsIn(error).map((d) => ({ ...d, node: d.node ?? node.uniqueId })))
    return undefined
  }
}
