import { breakingContract, noLocalState, stateByDbt } from '../artifacts/errors.ts'
import { ProjectComparison } from '../artifacts/state/compare-project.ts'
import { CurrentProject } from '../artifacts/state/current-project.ts'
import type { EarlierProject } from '../artifacts/state/earlier-project.ts'
import { hasFreshness } from '../artifacts/state/keep-freshness.ts'
import { isLocalState, readForeignState, readLocalState } from '../artifacts/state/local-state.ts'
import type { StateFolder } from '../artifacts/state/read-artifact.ts'
import { readManifest } from '../artifacts/state/read-manifest.ts'
import { type EarlierRun, readRunResults } from '../artifacts/state/read-run-results.ts'
import { readSourceFreshness } from '../artifacts/state/read-source-freshness.ts'
import type { StateEntry } from '../artifacts/state/state-entry.ts'
import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import type { EarlierState } from '../graph/selection/earlier-state.ts'
import { manifestInput, targetFolder } from './save-artifacts.ts'
import { localStateFolder, namedStateFolder, otherStateFolders, statePlace } from './state-folders.ts'
import type { Workspace } from './workspace.ts'

/**
 * What a command compares with: the artifacts behind `--state`, else the local state of the target. Nothing is read
 * before it is asked for.
 */
export class WorkspaceState implements EarlierState {
  /** What was noticed while reading. */
  readonly diagnostics: Diagnostic[] = []
  readonly #workspace: Workspace
  readonly #folder: StateFolder | undefined
  #comparison: ProjectComparison | undefined

  constructor(workspace: Workspace) {
    this.#workspace = workspace
    const { state } = workspace.options
    this.#folder = state === undefined ? undefined : namedStateFolder(state)
  }

  comparison(): ProjectComparison {
    this.#comparison ??= this.#compare()
    return this.#comparison
  }

  statuses(): ReadonlyMap<string, string> {
    return new Map(this.#run('`result:`').results.map((result) => [result.uniqueId, result.status]))
  }

  fresherSources(): ReadonlySet<string> {
    const needs = '`source_status:`'
    const folder = this.#folder ?? localStateFolder(this.#workspace)
    // Before anything was built on a measured source, all of them have something new.
    const nothingKept = this.#folder === undefined && !hasFreshness(folder)
    const before = nothingKept ? new Map<string, string>() : readSourceFreshness(folder, needs)
    const path = targetFolder(this.#workspace)
    const now = readSourceFreshness({ path, shown: this.#workspace.project.targetPath }, needs)
    return new Set(
      [...now].filter(([id, at]) => Date.parse(at) > Date.parse(before.get(id) ?? '0000')).map(([id]) => id),
    )
  }

  #compare(): ProjectComparison {
    const input = manifestInput(this.#workspace, { compiled: new Map(), executed: new Map() })
    const { compareVariables } = this.#workspace.project
    return new ProjectComparison(new CurrentProject(input), this.#project('`state:`'), { compareVariables })
  }

  #project(needs: string): EarlierProject {
    const { project } = this.#workspace
    const earlier =
      this.#folder === undefined
        ? readLocalState(localStateFolder(this.#workspace), statePlace(this.#workspace))
        : readState(this.#folder, project.name, needs)
    if (earlier === undefined) throw this.#nothing(needs)
    if (earlier.byDbt !== null) this.diagnostics.push(stateByDbt({ path: earlier.shown, version: earlier.byDbt }))
    return earlier
  }

  #run(needs: string): EarlierRun {
    if (this.#folder !== undefined) return readRunResults(this.#folder, needs)
    const folder = localStateFolder(this.#workspace)
    try {
      return readRunResults(folder, needs)
    } catch (error) {
      const missing = error instanceof UserError && error.diagnostics.some((d) => d.code === 'artifacts/state-missing')
      throw missing ? this.#nothing(needs) : error
    }
  }

  #nothing(needs: string): UserError {
    const others = otherStateFolders(this.#workspace)
    return new UserError(noLocalState({ target: this.#workspace.targetInfo.name, needs, others }))
  }

  /** Contracts that promise less than before, of the models that were compared. */
  brokenContracts(): readonly Diagnostic[] {
    const comparison = this.#comparison
    if (comparison === undefined) return []
    const { graph } = this.#workspace
    if (comparison.compared.length === 0) return []
    const gone = comparison.removed.flatMap((id) => {
      const entry = comparison.earlierEntry(id)!
      if (!promises(entry)) return []
      const versioned = (entry['version'] ?? null) !== null
      return [breakingContract({ node: id, changes: ['it was deleted or disabled'], versioned })]
    })
    const weaker = comparison.compared.flatMap((id) => {
      const broken = comparison.changes(id).filter((change) => change.breaking === true)
      if (broken.length === 0) return []
      const node = graph.nodes.get(id)!
      const changes = broken.map((change) => change.text)
      const versioned = (comparison.earlierEntry(id)?.['version'] ?? null) !== null
      return [breakingContract({ node: node.name, changes, versioned }, { span: node.span, node: id })]
    })
    return [...gone, ...weaker]
  }
}

function promises(entry: StateEntry): boolean {
  const contract = entry['contract'] as { readonly enforced?: unknown } | undefined
  return contract?.enforced === true
}

/** A folder of artifacts, or the local state of another target. */
export function readState(folder: StateFolder, project: string, needs: string): EarlierProject {
  return isLocalState(folder) ? readForeignState(folder, project) : readManifest(folder, project, needs)
}
