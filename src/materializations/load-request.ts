import type { DeclaredColumn, LoadRequest } from '../adapters/load.ts'
import type { FilesSpec } from '../config/files-spec.ts'
import { declarationFingerprint } from '../graph/fingerprint.ts'
import type { Column, Source } from '../project/resource.ts'

/** What every load of a run shares. */
export interface LoadContext {
  readonly projectRoot: string
  readonly runId: string
  /** ISO time, UTC. */
  readonly loadedAt: string
}

export function loadRequest(node: Source, files: FilesSpec, context: LoadContext, fullRefresh: boolean): LoadRequest {
  return {
    ...context,
    uniqueId: node.uniqueId,
    target: node.relation,
    quarantine: node.quarantine,
    files,
    columns: node.columns.map(declaredColumn),
    fullRefresh,
    declaration: declarationFingerprint(node),
  }
}

function declaredColumn(column: Column): DeclaredColumn {
  return {
    name: column.name,
    dataType: column.dataType ?? undefined,
    quote: column.quote === true,
    required: column.required,
    span: column.span,
  }
}
