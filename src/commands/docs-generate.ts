import { type CatalogInput, catalogued } from '../artifacts/catalog.ts'
import { CancelledError } from '../base/errors.ts'
import { select } from '../graph/selection/select.ts'
import type { RelationName } from '../sql/relation.ts'
import { diagnosticsIn, outcomeOf } from './close-outcome.ts'
import { compile } from './compile.ts'
import type { DocsOptions } from './options.ts'
import type { DocsOutcome } from './outcome.ts'
import { saveArtifacts, saveCatalog } from './save-artifacts.ts'
import { connect, type Workspace } from './workspace.ts'

/**
 * Writes `manifest.json` with the compiled SQL of the selected nodes, and `catalog.json` with what the warehouse says of their
 * relations. Changes nothing in the warehouse.
 */
export async function docsGenerate(workspace: Workspace, options: DocsOptions = {}): Promise<DocsOutcome> {
  const nothing = { found: 0, asked: 0 }
  if (workspace.broken) return { ...outcomeOf(workspace, []), ...nothing }
  const { graph, project } = workspace
  const selection = select(graph, project, options)
  const chosen = outcomeOf(workspace, selection.diagnostics)
  if (chosen.exitCode !== 0) return { ...chosen, ...nothing }
  try {
    if (options.compile === false) await saveArtifacts(workspace, { compiled: new Map(), executed: new Map() })
    else {
      const compiled = await compile(workspace, options)
      if (compiled.exitCode !== 0) return { ...compiled, ...nothing }
    }
    const nodes = options.emptyCatalog === true ? [] : catalogued([...selection.ids].map((id) => graph.nodes.get(id)!))
    const relations = nodes.map((node) => node.relation)
    const found = await saveCatalog(workspace, nodes, await detailsOf(workspace, relations))
    return { ...chosen, found, asked: nodes.length }
  } catch (error) {
    if (error instanceof CancelledError) return { ...chosen, exitCode: 130, ...nothing }
    return { ...outcomeOf(workspace, [...selection.diagnostics, ...diagnosticsIn(error)]), ...nothing }
  }
}

async function detailsOf(
  workspace: Workspace,
  relations: readonly RelationName[],
): Promise<Pick<CatalogInput, 'details' | 'ignoresCase'>> {
  if (relations.length === 0) return { details: [], ignoresCase: false }
  const adapter = await connect(workspace)
  const stop = () => adapter.cancel()
  const { signal } = workspace.options
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return { details: await adapter.details(relations), ignoresCase: adapter.capabilities.ignoresCase === true }
  } finally {
    signal?.removeEventListener('abort', stop)
    await adapter.close()
  }
}
