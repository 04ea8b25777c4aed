import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { guardWriting } from '../artifacts/artifact-file.ts'
import { builtNodes } from '../artifacts/state/built-nodes.ts'
import { CurrentProject } from '../artifacts/state/current-project.ts'
import { keepFreshness } from '../artifacts/state/keep-freshness.ts'
import { type BuiltNode, writeLocalState } from '../artifacts/state/local-state.ts'
import { dictAt, listAt } from '../artifacts/state/state-entry.ts'
import { isMicrobatch } from '../project/is-microbatch.ts'
import { manifestInput, type RunToSave, targetFolder } from './save-artifacts.ts'
import { localStateFolder, statePlace } from './state-folders.ts'
import type { Workspace } from './workspace.ts'

/**
 * Keeps what the run did to its target, so that `state:`, `result:` and `retry` need no copied artifacts: the results, and
 * each node that ended well as it is now. Rows of a clone, and of a run with `--empty` or `--sample`, are no build, and a database in memory
 * is gone.
 */
export async function saveLocalState(workspace: Workspace, run: RunToSave): Promise<void> {
  const { graph, target, secrets, runId, startedAt } = workspace
  const folder = localStateFolder(workspace)
  await guardWriting(folder.path, async () => {
    await mkdir(folder.path, { recursive: true })
    await copyFile(join(targetFolder(workspace), 'run_results.json'), join(folder.path, 'run_results.json'))
  })
  if (run.which === 'clone') return
  const { empty, sample, eventTimeStart } = run.options
  if (empty === true || sample !== undefined || !target.engine.keepsData(target.profile)) return
  const ended = builtNodes(graph, run.selected, run.outcome.results)
  const measured = { path: targetFolder(workspace), shown: workspace.project.targetPath }
  await keepFreshness(folder, measured, ended)
  // Batches of a window that was asked for are not all of a model's batches.
  const built = new Set([...ended].filter((id) => eventTimeStart === undefined || !isMicrobatch(graph.nodes.get(id))))
  if (built.size === 0) return
  const current = new CurrentProject(manifestInput(workspace, { compiled: new Map(), executed: new Map() }))
  const nodes = [...built].flatMap((id) => describeNode(current, id) ?? [])
  const exists = (id: string) => graph.nodes.has(id)
  await writeLocalState(folder, statePlace(workspace), { at: startedAt, run: runId, nodes, exists }, (text) =>
    secrets.scrub(text),
  )
}

function describeNode(current: CurrentProject, uniqueId: string): BuiltNode | undefined {
  const entry = current.entry(uniqueId)
  if (entry === undefined) return undefined
  const macros = listAt(dictAt(entry, 'depends_on'), 'macros').map(String)
  return {
    uniqueId,
    entry,
    macros: new Map(macros.map((macro) => [macro, current.macroText(macro)])),
    variables: Object.fromEntries(current.variablesOf(uniqueId)),
  }
}
