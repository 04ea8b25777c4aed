import { diagnosticsIn, outcomeOf } from './close-outcome.ts'
import type { Outcome } from './outcome.ts'
import { saveArtifacts } from './save-artifacts.ts'
import type { Workspace } from './workspace.ts'

/** Reports every mistake of the project and writes the manifest when there is none. Asks no database. */
export async function parse(workspace: Workspace): Promise<Outcome> {
  if (workspace.broken) return outcomeOf(workspace, [])
  try {
    await saveArtifacts(workspace, { compiled: new Map(), executed: new Map() })
  } catch (error) {
    return outcomeOf(workspace, diagnosticsIn(error))
  }
  return outcomeOf(workspace, [])
}
