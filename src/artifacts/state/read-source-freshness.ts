import { readArtifact, type StateFolder } from './read-artifact.ts'
import { isDict, listAt, textAt } from './state-entry.ts'

/** When each source had its newest row (ISO 8601), by unique id, as `sources.json` (v3) tells; sources that could not be asked are left out. */
export function readSourceFreshness(folder: StateFolder, needs: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const result of listAt(readArtifact(folder, 'sources.json', needs), 'results')) {
    if (!isDict(result)) continue
    const [id, newest] = [textAt(result, 'unique_id'), textAt(result, 'max_loaded_at')]
    if (id !== null && newest !== null) found.set(id, newest)
  }
  return found
}
