import { canonicalConfigKey } from '../../config/config-keys.ts'
import { stableJson } from '../../graph/stable-json.ts'
import { type Change, valueChange } from './change.ts'
import { dictAt, type JsonDict, listAt, type StateEntry, textAt, withoutNothing } from './state-entry.ts'

/** Keys that say where a node stands or how it is grouped. */
const noConfig: ReadonlySet<string> = new Set(['database', 'schema', 'alias', 'tags', 'group'])

/** Keys of the configuration as it is written, before templates are evaluated: two targets give the same. */
export function compareConfig(now: StateEntry, before: StateEntry): readonly Change[] {
  const [mine, theirs] = [writtenConfig(now), writtenConfig(before)]
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])].filter((key) => !noConfig.has(key)).sort()
  return keys.flatMap((key) => {
    if (stableJson(withoutNothing(mine[key])) === stableJson(withoutNothing(theirs[key]))) return []
    return [valueChange('configs', key, theirs[key], mine[key])]
  })
}

function writtenConfig(entry: StateEntry): JsonDict {
  const written = dictAt(entry, 'unrendered_config')
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [canonicalConfigKey(key), value]))
}

/**
 * Where the node stands, as it is written: what a target or a naming macro makes of it does not count. `sameTarget`: the
 * earlier node stood on this target, so that its name there counts as well.
 */
export function compareRelation(now: StateEntry, before: StateEntry, sameTarget: boolean): readonly Change[] {
  const written = now['resource_type'] === 'source' ? compareSourcePlace(now, before) : compareWrittenPlace(now, before)
  if (written.length > 0 || !sameTarget) return written
  const [place, earlier] = [textAt(now, 'relation_name'), textAt(before, 'relation_name')]
  if (place === null || earlier === null || place === earlier) return []
  return [valueChange('relation', 'stands at', earlier, place)]
}

function compareWrittenPlace(now: StateEntry, before: StateEntry): readonly Change[] {
  const [mine, theirs] = [dictAt(now, 'unrendered_config'), dictAt(before, 'unrendered_config')]
  return ['database', 'schema', 'alias'].flatMap((key) =>
    stableJson(mine[key]) === stableJson(theirs[key]) ? [] : [valueChange('relation', key, theirs[key], mine[key])],
  )
}

function compareSourcePlace(now: StateEntry, before: StateEntry): readonly Change[] {
  const changes: Change[] = []
  for (const key of ['database', 'schema'] as const) {
    const [mine, theirs] = [now[`unrendered_${key}`] ?? null, before[`unrendered_${key}`] ?? null]
    if (mine !== theirs) changes.push(valueChange('relation', key, theirs, mine))
  }
  if (now['identifier'] !== before['identifier'])
    changes.push(valueChange('relation', 'identifier', before['identifier'], now['identifier']))
  return changes
}

/** Descriptions that the database is told of. */
export function compareDescriptions(now: StateEntry, before: StateEntry): readonly Change[] {
  const persist = dictAt(dictAt(now, 'config'), 'persist_docs')
  const changes: Change[] = []
  if (persist['relation'] === true && (textAt(now, 'description') ?? '') !== (textAt(before, 'description') ?? ''))
    changes.push(valueChange('persisted_descriptions', 'description', before['description'], now['description']))
  if (persist['columns'] !== true) return changes
  const [mine, theirs] = [dictAt(now, 'columns'), dictAt(before, 'columns')]
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [text, earlier] = [dictAt(mine, name)['description'] ?? '', dictAt(theirs, name)['description'] ?? '']
    if (text !== earlier) changes.push(valueChange('persisted_descriptions', `column ${name}`, earlier, text))
  }
  return changes
}

/** The folders and the name by which a node is selected and configured. */
export function compareFqn(now: StateEntry, before: StateEntry): readonly Change[] {
  const [mine, theirs] = [listAt(now, 'fqn').join('.'), listAt(before, 'fqn').join('.')]
  return mine === theirs ? [] : [valueChange('fqn', 'moved', theirs, mine)]
}
