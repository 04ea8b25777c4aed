import { faultDiagnosticKind } from '../adapters/errors.ts'
import { compareDiagnostics, type Diagnostic } from '../base/diagnostic.ts'
import { DatabaseError, UserError } from '../base/errors.ts'
import type { Outcome } from './outcome.ts'
import type { Workspace } from './workspace.ts'

/** The outcome of a command that never began because the project has mistakes. */
export function brokenOutcome(workspace: Workspace): Outcome {
  return { exitCode: 2, diagnostics: workspace.diagnostics, files: workspace.files }
}

/** Diagnostics of the project and of the command together; any error among them gives `failure` as exit code. */
export function outcomeOf(workspace: Workspace, diagnostics: readonly Diagnostic[], failure: 1 | 2 = 2): Outcome {
  const all = [...workspace.diagnostics, ...workspace.warnings.apply(diagnostics)].sort(compareDiagnostics)
  return {
    exitCode: all.some((d) => d.severity === 'error') ? failure : 0,
    diagnostics: all,
    files: workspace.files,
  }
}

/** The diagnostics that an error carries, or what the engine said; raises again what is not the user's to mend. */
export function diagnosticsIn(error: unknown): readonly Diagnostic[] {
  if (error instanceof UserError) return error.diagnostics
  if (error instanceof DatabaseError) return [faultDiagnosticKind(error.fault)(error.fault)]
  throw error
}
