import type { Diagnostic } from '../../base/diagnostic.ts'
import type { NodeStatus } from '../../base/events.ts'
import { plainStyle } from '../console.ts'
import type { Sources } from './diagnostic.ts'
import { renderDiagnostic } from './diagnostic.ts'
import type { LogRecord } from './record.ts'

/** The node that a diagnostic belongs to, as the log knows it. */
export interface Affected {
  readonly status: NodeStatus
  readonly info: Record<string, unknown>
}

/** A diagnostic as dbt's event for its kind; `msg` is the whole text that a terminal would show. */
export function diagnosticRecord(diagnostic: Diagnostic, sources: Sources, affected: Affected | undefined): LogRecord {
  const { code, severity, message, span, data, hints } = diagnostic
  const position = span === undefined ? undefined : sources.get(span.path)?.position(span.start)
  return {
    ...eventOf(severity, affected?.status),
    level: severity === 'error' ? 'error' : 'warn',
    msg: renderDiagnostic(diagnostic, sources, plainStyle).trimEnd(),
    data: {
      node_info: affected?.info ?? {},
      node_name: affected?.info['node_name'] ?? '',
      resource_type: affected?.info['resource_type'] ?? '',
      code,
      message,
      path: span?.path ?? data?.path ?? null,
      line: position?.line ?? data?.line ?? null,
      column: position?.column ?? data?.column ?? null,
      hints: hints ?? [],
    },
  }
}

function eventOf(severity: Diagnostic['severity'], status: NodeStatus | undefined): { name: string; code: string } {
  if (severity === 'warning') {
    return status === undefined ? { name: 'Note', code: 'Z050' } : { name: 'RunResultWarning', code: 'Z021' }
  }
  if (status === undefined) return { name: 'MainEncounteredError', code: 'Z002' }
  return status === 'fail' ? { name: 'RunResultFailure', code: 'Z022' } : { name: 'RunResultError', code: 'Z024' }
}
