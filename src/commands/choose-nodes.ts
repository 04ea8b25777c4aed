import { type SelectionResult, select } from '../graph/selection/select.ts'
import type { SelectionOptions } from './options.ts'
import type { Workspace } from './workspace.ts'
import { WorkspaceState } from './workspace-state.ts'

export interface Chosen extends SelectionResult {
  /** What the selection was compared with. */
  readonly state: WorkspaceState
}

/** The nodes that a command works on, compared with the state where the selection asks for it; tells when the project's default selector decides. */
export function chooseNodes(workspace: Workspace, options: SelectionOptions): Chosen {
  const state = new WorkspaceState(workspace)
  const chosen = select(workspace.graph, workspace.project, { ...options, earlier: state })
  if (chosen.standard !== undefined)
    workspace.emit({ type: 'message', level: 'info', text: `Using the default selector \`${chosen.standard}\`` })
  const found = [...chosen.diagnostics, ...state.diagnostics, ...state.brokenContracts()]
  return { ...chosen, diagnostics: workspace.warnings.apply(found), state }
}
