import { UserError } from '../../base/errors.ts'
import { stateDamaged, stateOfAnotherProject } from '../errors.ts'
import type { EarlierProject } from './earlier-project.ts'
import { readArtifact, type StateFolder } from './read-artifact.ts'
import { dictAt, isDict, type JsonDict, type StateEntry, textAt } from './state-entry.ts'
import { variablesKey } from './variables-key.ts'

/** The maps of a manifest whose entries can be compared. */
const sections = ['nodes', 'sources', 'exposures', 'unit_tests', 'functions'] as const

/** Reads `manifest.json` v12, written by tsdbt or by dbt. Raises `UserError` for what cannot be compared with `project`. */
export function readManifest(folder: StateFolder, project: string, needs: string): EarlierProject {
  const manifest = readArtifact(folder, 'manifest.json', needs)
  const shown = `${folder.shown.replace(/\/+$/, '')}/manifest.json`
  const metadata = dictAt(manifest, 'metadata')
  const name = textAt(metadata, 'project_name')
  if (name !== null && name !== project)
    throw new UserError(stateOfAnotherProject({ path: shown, found: name, project }))
  const entries = new Map<string, StateEntry>()
  for (const section of sections) {
    if (section === 'nodes' && !isDict(manifest[section]))
      throw new UserError(stateDamaged({ path: shown, reason: 'it has no `nodes`' }))
    for (const [id, entry] of Object.entries(dictAt(manifest, section))) if (isDict(entry)) entries.set(id, entry)
  }
  const macros = dictAt(manifest, 'macros')
  const env = dictAt(metadata, 'env')
  const vars = readVariables(env)
  const byDbt = textAt(env, 'TSDBT_VERSION') === null
  return {
    shown,
    entries,
    macroText: (_, macro) => (isDict(macros[macro]) ? (textAt(macros[macro], 'macro_sql') ?? '') : undefined),
    variables: () => vars,
    byDbt: byDbt ? (textAt(metadata, 'dbt_version') ?? 'of an unknown version') : null,
    sameTarget: false,
    adapterType: textAt(metadata, 'adapter_type'),
    macrosAreComplete: !byDbt,
  }
}

function readVariables(env: JsonDict): JsonDict | undefined {
  const text = textAt(env, variablesKey)
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isDict(value) ? value : undefined
  } catch {
    return undefined
  }
}
