import type { Dependant } from '../adapters/adapter.ts'
import type { RecordedRelation } from '../adapters/relation-record.ts'
import type { MadeKind, MadeName, RelationName } from '../sql/relation.ts'

/** A recorded relation that no node makes any more. */
export interface PruneCandidate {
  readonly name: RelationName
  readonly kind: RecordedRelation['kind']
  /** The node that made it last. */
  readonly uniqueId: string
  /** Why it no longer belongs: `no such model`, `disabled` … */
  readonly reason: string
}

/** A candidate that must stay, and why. */
export interface KeptRelation extends PruneCandidate {
  readonly because: string
}

export interface PrunePlan {
  /** In the order in which they can be dropped: readers before what they read. */
  readonly drop: readonly PruneCandidate[]
  readonly keep: readonly KeptRelation[]
  /** Recorded, and no longer there. */
  readonly gone: readonly PruneCandidate[]
}

export interface PruneFacts {
  readonly candidates: readonly PruneCandidate[]
  readonly existing: readonly { readonly name: RelationName; readonly kind: MadeKind }[]
  readonly dependants: readonly Dependant[]
  readonly includeSnapshots: boolean
  /** Makes equal what is the same name to the engine. */
  readonly keyOf: (name: MadeName) => string
}

/** Decides about each candidate. Nothing is dropped that something else reads, that is another thing now, or that holds history. */
export function planPrune({ candidates, existing, dependants, includeSnapshots, keyOf }: PruneFacts): PrunePlan {
  const kinds = new Map(existing.map((e) => [keyOf(madeName(e)), e.kind]))
  const gone = candidates.filter((c) => !kinds.has(keyOf(madeName(c))))
  const readers = new Map<string, MadeName[]>()
  for (const { reader, of } of dependants) readers.set(keyOf(of), [...(readers.get(keyOf(of)) ?? []), reader])
  const keep: KeptRelation[] = []
  let left: PruneCandidate[] = []
  for (const candidate of candidates) {
    const kind = kinds.get(keyOf(madeName(candidate)))
    if (kind === undefined) continue
    const because = untouchable(candidate, kind, includeSnapshots)
    if (because === null) left.push(candidate)
    else keep.push({ ...candidate, because })
  }
  for (let before = -1; before !== left.length; ) {
    before = left.length
    const going = new Set(left.map((c) => keyOf(madeName(c))))
    left = left.filter((candidate) => {
      const staying = (readers.get(keyOf(madeName(candidate))) ?? []).filter((reader) => !going.has(keyOf(reader)))
      if (staying.length === 0) return true
      keep.push({ ...candidate, because: `it is read by ${staying.map(wordsOf).join(', ')}` })
      return false
    })
  }
  return { drop: inOrder(left, readers, keyOf), keep, gone }
}

function untouchable({ kind, uniqueId }: PruneCandidate, now: string, includeSnapshots: boolean): string | null {
  if (now !== kind) return `tsdbt made a ${words(kind)} of that name, and it is a ${words(now)} now`
  if (uniqueId.startsWith('snapshot.') && !includeSnapshots)
    return 'a snapshot holds history that cannot be built again; `--include-snapshots` drops it'
  return null
}

function words(kind: string): string {
  return kind.replaceAll('_', ' ')
}

function wordsOf({ name, kind }: MadeName): string {
  return `${kind === 'function' ? 'the function ' : ''}\`${name.schema}.${name.identifier}\``
}

export function madeName({ name, kind }: { readonly name: RelationName; readonly kind: MadeKind }): MadeName {
  return { name, kind: kind === 'function' ? 'function' : 'relation' }
}

/** Readers first. They cannot read each other in a circle. */
function inOrder(
  candidates: readonly PruneCandidate[],
  readers: ReadonlyMap<string, readonly MadeName[]>,
  keyOf: (name: MadeName) => string,
): readonly PruneCandidate[] {
  const byKey = new Map(candidates.map((c) => [keyOf(madeName(c)), c]))
  const ordered = new Set<PruneCandidate>()
  const visiting = new Set<PruneCandidate>()
  const visit = (candidate: PruneCandidate): void => {
    if (visiting.has(candidate)) return
    visiting.add(candidate)
    for (const reader of readers.get(keyOf(madeName(candidate))) ?? []) {
      const next = byKey.get(keyOf(reader))
      if (next !== undefined) visit(next)
    }
    ordered.add(candidate)
  }
  for (const candidate of candidates) visit(candidate)
  return [...ordered]
}
