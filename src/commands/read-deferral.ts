import { type Deferral, deferral, noDeferral } from './deferral.ts'
import type { LazyConnection } from './introspect.ts'
import type { Workspace } from './workspace.ts'

/** The deferral of a command that only reads; it connects only where something is deferred and the warehouse may be asked. */
export async function readDeferral(
  workspace: Workspace,
  connection: LazyConnection,
  selected: ReadonlySet<string> = new Set(),
  introspect = true,
): Promise<Deferral> {
  if (workspace.options.defer !== true) return noDeferral
  const adapter = introspect ? await connection.adapter() : undefined
  return deferral(workspace, { selected, built: new Set(), adapter })
}
