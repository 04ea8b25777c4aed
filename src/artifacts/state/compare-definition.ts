import { stableJson } from '../../graph/stable-json.ts'
import { type Change, valueChange } from './change.ts'
import { dictAt, type StateEntry, withoutNothing } from './state-entry.ts'

/** What a resource without a text says of itself, by its type. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  // Which version an unpinned reference means changes what readers of all of them see.
  model: ['latest_version'],
  source: ['loader', 'freshness', 'loaded_at_field', 'loaded_at_query', 'quoting', 'external'],
  exposure: ['type', 'owner', 'maturity', 'url', 'description', 'label', 'depends_on'],
  unit_test: ['model', 'given', 'expect', 'overrides'],
  function: ['arguments', 'returns'],
}

/** Keys inside of these that are not compared: they follow from others, or only tell of them. */
const derived: ReadonlySet<string> = new Set(['macros', 'description'])

/** What a source, an exposure, a unit test or a function declares, apart from its configuration. */
export function compareDefinition(now: StateEntry, before: StateEntry): readonly Change[] {
  const type = String(now['resource_type'])
  const changes = (keysOf[type] ?? []).flatMap((key) => compareKey(key, now[key], before[key]))
  if (type === 'exposure') return [...changes, ...compareKey('export', exportOf(now), exportOf(before))]
  return type === 'source' ? [...changes, ...compareFiles(now, before)] : changes
}

function compareKey(key: string, now: unknown, before: unknown): readonly Change[] {
  const [mine, theirs] = [withoutNothing(now, derived), withoutNothing(before, derived)]
  return stableJson(mine) === stableJson(theirs) ? [] : [valueChange('definition', key, theirs, mine)]
}

/**
 * How tsdbt loads the files of a source: it stands under `meta`, where artifacts have room for keys of our own. The types of
 * the columns belong to it, because files are loaded as what is declared.
 */
function compareFiles(now: StateEntry, before: StateEntry): readonly Change[] {
  const [mine, theirs] = [filesOf(now), filesOf(before)]
  const files = namesIn(mine, theirs).flatMap((key) => compareKey(`files.${key}`, mine[key], theirs[key]))
  if (namesIn(mine, theirs).length === 0) return files
  const [types, typesBefore] = [typesOf(now), typesOf(before)]
  const columns = namesIn(types, typesBefore).flatMap((name) =>
    compareKey(`columns.${name}.data_type`, types[name], typesBefore[name]),
  )
  return [...files, ...columns]
}

function namesIn(...dicts: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(dicts.flatMap((dict) => Object.keys(dict)))].sort()
}

/** Of the columns that have one. */
function typesOf(entry: StateEntry): Readonly<Record<string, unknown>> {
  const columns = dictAt(entry, 'columns')
  return Object.fromEntries(
    Object.keys(columns).flatMap((name) => {
      const type = dictAt(columns, name)['data_type']
      return typeof type === 'string' ? [[name, type]] : []
    }),
  )
}

/** What an export is made of; an exposure has none. */
function exportOf(entry: StateEntry): Readonly<Record<string, unknown>> {
  return dictAt(dictAt(dictAt(entry, 'meta'), 'tsdbt'), 'export')
}

function filesOf(entry: StateEntry): Readonly<Record<string, unknown>> {
  return dictAt(dictAt(dictAt(entry, 'meta'), 'tsdbt'), 'files')
}
