import { UserError } from '../../base/errors.ts'
import { stateDamaged } from '../errors.ts'
import { readArtifact, type StateFolder } from './read-artifact.ts'
import { dictAt, isDict, type JsonDict, textAt } from './state-entry.ts'

/** What a result of an earlier run tells. */
export interface EarlierResult {
  readonly uniqueId: string
  readonly status: string
  /** Of a microbatch model: batches as pairs of start and end, ISO 8601. */
  readonly batches: { readonly successful: readonly Batch[]; readonly failed: readonly Batch[] } | null
}

export type Batch = readonly [start: string, end: string]

/** `run_results.json` (v6) as it is read back. */
export interface EarlierRun {
  readonly results: readonly EarlierResult[]
  /** What the command was told. */
  readonly args: JsonDict
  /** ISO 8601; when the invocation began whose batches and settings count. */
  readonly startedAt: string | null
  readonly invocationId: string | null
}

/** Raises `UserError` when the file is missing, damaged or of another version. */
export function readRunResults(folder: StateFolder, needs: string): EarlierRun {
  const file = readArtifact(folder, 'run_results.json', needs)
  if (!Array.isArray(file['results'])) {
    const path = `${folder.shown.replace(/\/+$/, '')}/run_results.json`
    throw new UserError(stateDamaged({ path, reason: 'it has no `results`' }))
  }
  const metadata = dictAt(file, 'metadata')
  return {
    results: file['results'].filter(isDict).map(resultOf),
    args: dictAt(file, 'args'),
    startedAt: textAt(metadata, 'invocation_started_at'),
    invocationId: textAt(metadata, 'invocation_id'),
  }
}

function resultOf(entry: JsonDict): EarlierResult {
  const batches = entry['batch_results']
  return {
    uniqueId: textAt(entry, 'unique_id') ?? '',
    status: textAt(entry, 'status') ?? '',
    batches: isDict(batches)
      ? { successful: batchesAt(batches, 'successful'), failed: batchesAt(batches, 'failed') }
      : null,
  }
}

function batchesAt(batches: JsonDict, key: string): readonly Batch[] {
  const list = batches[key]
  if (!Array.isArray(list)) return []
  return list.flatMap((pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 ? [[String(pair[0]), String(pair[1])] as const] : [],
  )
}
