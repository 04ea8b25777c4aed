import { isDict, type StateEntry, textAt } from './state/state-entry.ts'

/** `defer_relation` of a manifest: where the state has the node. */
export function deferRelation(entry: StateEntry | undefined): Readonly<Record<string, unknown>> | null {
  if (entry === undefined || textAt(entry, 'relation_name') === null) return null
  const {
    database,
    schema,
    alias,
    relation_name,
    resource_type,
    name,
    description,
    compiled_code,
    meta,
    tags,
    config,
  } = entry
  const told = { database, schema, alias, relation_name, resource_type, name, description: description ?? '' }
  return {
    ...told,
    compiled_code: compiled_code ?? null,
    meta: meta ?? {},
    tags: tags ?? [],
    config: isDict(config) ? config : null,
  }
}
