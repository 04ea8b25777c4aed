import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeArtifactFile } from '../artifact-file.ts'
import { readArtifact, type StateFolder } from './read-artifact.ts'
import { isDict, type JsonDict, listAt, textAt } from './state-entry.ts'

const FILE = 'sources.json'
const NEEDS = 'the local state'

export function hasFreshness(folder: StateFolder): boolean {
  return existsSync(join(folder.path, FILE))
}

/**
 * Takes what was last measured of some sources over into the local state: their rows have been built on. What is kept of
 * the others stays as it is. Does nothing when nothing was measured.
 */
export async function keepFreshness(
  kept: StateFolder,
  measured: StateFolder,
  built: ReadonlySet<string>,
): Promise<void> {
  if (!hasFreshness(measured)) return
  const now = readArtifact(measured, FILE, NEEDS)
  const before = hasFreshness(kept) ? resultsOf(readArtifact(kept, FILE, NEEDS)) : new Map<string, JsonDict>()
  const results = new Map(before)
  for (const [id, result] of resultsOf(now)) if (built.has(id)) results.set(id, result)
  await writeArtifactFile(join(kept.path, FILE), [JSON.stringify({ ...now, results: [...results.values()] })])
}

function resultsOf(artifact: JsonDict): Map<string, JsonDict> {
  const found = new Map<string, JsonDict>()
  for (const result of listAt(artifact, 'results')) {
    const id = isDict(result) ? textAt(result, 'unique_id') : null
    if (id !== null) found.set(id, result as JsonDict)
  }
  return found
}
