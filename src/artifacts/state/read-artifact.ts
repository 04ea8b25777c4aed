import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { stateDamaged, stateMissing, stateVersion } from '../errors.ts'
import { isDict, type JsonDict } from './state-entry.ts'

const kinds = {
  'manifest.json': { kind: 'manifest', version: 'v12' },
  'run_results.json': { kind: 'run-results', version: 'v6' },
  'sources.json': { kind: 'sources', version: 'v3' },
} as const

/** An artifact that is read back. */
export type ArtifactName = keyof typeof kinds

/** A folder of artifacts, and how messages call it. */
export interface StateFolder {
  /** Absolute. */
  readonly path: string
  /** As the user wrote it, or relative to the project. */
  readonly shown: string
}

/**
 * The content of an artifact of a state folder. `needs` is what asks for it, for the message. Raises
 * `artifacts/state-missing`, `-damaged` and `-version`.
 */
export function readArtifact(folder: StateFolder, name: ArtifactName, needs: string): JsonDict {
  const shown = `${folder.shown.replace(/\/+$/, '')}/${name}`
  const text = readText(folder, name, shown, needs)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = text.trim() === '' ? 'it is empty' : (error as Error).message
    throw new UserError(stateDamaged({ path: shown, reason }))
  }
  if (!isDict(value)) throw new UserError(stateDamaged({ path: shown, reason: 'it holds no object' }))
  checkVersion(value, name, shown)
  return value
}

function readText(folder: StateFolder, name: ArtifactName, shown: string, needs: string): string {
  try {
    return readFileSync(join(folder.path, name), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new UserError(stateDamaged({ path: shown, reason: code }))
    const isFolder = statSync(folder.path, { throwIfNoEntry: false })?.isDirectory() === true
    if (!isFolder) throw new UserError(stateMissing({ path: folder.shown, what: 'folder', needs }))
    throw new UserError(stateMissing({ path: shown, what: 'file', needs }))
  }
}

function checkVersion(value: JsonDict, name: ArtifactName, shown: string): void {
  const { kind, version } = kinds[name]
  const { metadata } = value
  const url = isDict(metadata) ? metadata['dbt_schema_version'] : undefined
  if (typeof url !== 'string')
    throw new UserError(stateDamaged({ path: shown, reason: 'it has no `metadata.dbt_schema_version`' }))
  const [, foundKind = url, found = ''] = /\/([a-z-]+)\/(v\d+)\.json$/.exec(url) ?? []
  if (foundKind !== kind || found !== version)
    throw new UserError(
      stateVersion({ path: shown, found: `${foundKind} ${found}`.trim(), wanted: `${kind} ${version}` }),
    )
}
