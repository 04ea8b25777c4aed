import { createHash } from 'node:crypto'
import type { Column, Constraint, Node } from '../project/resource.ts'

const none: readonly string[] = []

function constraintEntry(c: Constraint): Record<string, unknown> {
  return {
    type: c.type,
    name: c.name,
    expression: c.expression,
    warn_unenforced: c.warn_unenforced,
    warn_unsupported: c.warn_unsupported,
    to: c.to,
    to_columns: c.to_columns,
  }
}

/** Constraints of a model name their columns, also when there are none; those of a column do not. */
export function constraintEntries(constraints: readonly Constraint[]): readonly Record<string, unknown>[] {
  return constraints.map((c) => ({ ...constraintEntry(c), columns: c.columns }))
}

/** Columns by name, each with every key of dbt. */
export function columnEntries(columns: readonly Column[]): Record<string, unknown> {
  const entries: Record<string, unknown> = {}
  for (const c of columns) {
    entries[c.name] = {
      name: c.name,
      description: c.description,
      meta: c.meta,
      data_type: c.dataType,
      constraints: c.constraints.map(constraintEntry),
      quote: c.quote,
      config: { meta: c.meta, tags: c.tags },
      tags: c.tags,
      granularity: null,
      entity: null,
      dimension: null,
      doc_blocks: c.docBlocks ?? none,
    }
  }
  return entries
}

/** `contract` of a node; the checksum covers names and types, and is null when nothing is enforced. */
export function contractEntry({ config, columns }: Pick<Node, 'config' | 'columns'>): Record<string, unknown> {
  const { enforced, alias_types } = config.contract
  if (!enforced) return { enforced, alias_types, checksum: null }
  const promised = columns
    .map((c) => `${c.name}|${c.dataType ?? ''}`)
    .sort()
    .join('\n')
  return { enforced, alias_types, checksum: createHash('sha256').update(promised).digest('hex') }
}
