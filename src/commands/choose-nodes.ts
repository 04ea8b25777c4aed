import { type SelectionRequest, type SelectionResult, select } from '../graph/selection/select.ts'
import type { Workspace } from './workspace.ts'

/** The nodes that a command works on; tells when the project's default selector decides. */
export function chooseNodes(workspace: Workspace, request: SelectionRequest): SelectionResult {
  const chosen = select(workspace.graph, workspace.project, request)
  if (chosen.standard !== undefined)
    workspace.emit({ type: 'message', level: 'info', text: `Using the default selector \`${chosen.standard}\`` })
  return chosen
}
