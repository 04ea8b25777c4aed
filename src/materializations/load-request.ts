import { createHash } from 'node:crypto'
import type { DeclaredColumn, LoadRequest } from '../adapters/load.ts'
import type { FilesSpec } from '../config/files-spec.ts'
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
    declaration: declarationFingerprint(node, files),
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

/**
 * SHA-256 over what decides the rows of a load. Descriptions, tests and places in YAML are left out, so that editing
 * them reloads nothing; so are limits, which judge a load but do not change its rows.
 */
function declarationFingerprint(node: Source, files: FilesSpec): string {
  const { locationSpan, span, location, maxBadRows, onBadRows, onRemovedFiles, outsideProject, ...reading } = files
  const columns = node.columns.map((c) => [c.name, c.dataType, c.quote === true, c.required])
  const entries = Object.entries(reading).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([entries, columns]))
    .digest('hex')
}
