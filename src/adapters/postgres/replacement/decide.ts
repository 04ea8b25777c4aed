import { UserError } from '../../../base/errors.ts'
import type { ReplaceMethod, Replacement, ReplaceRequest } from '../../replacement.ts'
import { compareColumns, describeChange, describeStorage } from './compare-shape.ts'
import { cannotReplaceInPlace, dependantsWouldBreak, type Loss } from './errors.ts'
import { inPlaceLosses, swapLosses } from './find-losses.ts'
import type { CatalogFacts, RelationFacts } from './relation-facts.ts'

/**
 * Up to this size rows are deleted and inserted, because a swap locks readers out for a moment and gives old snapshots an
 * empty table. It costs more the more indexes there are: 8 MB with two of them took 1.3 s where making the indexes anew took
 * 0.3 s, 64 MB took 19 s against 2 s; and as many dead rows are left as there were rows.
 */
export const IN_PLACE_BYTES = 16 * 1024 * 1024

export interface Decision {
  readonly how: Replacement['how']
  readonly why: string
}

/** The way in which `staged` takes the place of `old`. Raises `UserError` when there is none. */
export function decide(
  request: ReplaceRequest,
  old: RelationFacts,
  staged: RelationFacts,
  catalog: CatalogFacts,
): Decision {
  const relation = `${request.target.schema}.${request.target.identifier}`
  const change =
    otherKind(old, staged.kind === 'm') ??
    describeChange(compareColumns(old, staged.columns)) ??
    describeStorage(old, request.storage, staged)
  const swap = swapLosses(old, staged, catalog)
  const refuse = (losses: readonly Loss[], hint?: string) =>
    new UserError(dependantsWouldBreak({ relation, losses, hint }))
  if (request.method === 'in_place') {
    const losses = change === null ? inPlaceLosses(old, staged) : [{ what: `\`${relation}\``, why: change }]
    if (losses.length > 0) throw new UserError(cannotReplaceInPlace({ relation, losses }))
    return { how: 'in_place', why: 'forced by `replace: in_place`' }
  }
  if (request.method === 'swap' || change !== null) {
    if (swap.length > 0) throw refuse(swap, request.method === 'swap' && change === null ? inPlaceHint(old) : undefined)
    return { how: 'swap', why: change ?? 'forced by `replace: swap`' }
  }
  return decideBySize(old, staged, swap, refuse)
}

function inPlaceHint(old: RelationFacts): string | undefined {
  return inPlaceLosses(old, null).length === 0
    ? 'use `replace: auto` or `replace: in_place`, which keeps the table'
    : undefined
}

function decideBySize(
  old: RelationFacts,
  staged: RelationFacts,
  swap: readonly Loss[],
  refuse: (losses: readonly Loss[], hint?: string) => UserError,
): Decision {
  const inPlace = inPlaceLosses(old, staged)
  const bytes = Math.max(old.bytes, staged.bytes)
  if (inPlace.length > 0) {
    if (swap.length > 0) throw refuse([...swap, ...inPlace], 'change or drop what is listed, then build again')
    return { how: 'swap', why: `${inPlace[0]!.what}: ${inPlace[0]!.why}` }
  }
  if (swap.length > 0) return { how: 'in_place', why: `same columns, keeps ${swap[0]!.what}` }
  // Rows of one table in the partitions of another may have no place there.
  if (old.kind === 'p') return { how: 'swap', why: 'partitioned' }
  if (old.publications.length > 0)
    return { how: 'in_place', why: `same columns, published by ${old.publications[0]!.name}` }
  return { how: bytes <= IN_PLACE_BYTES ? 'in_place' : 'swap', why: `same columns, ${size(bytes)}` }
}

/** The same decision for a dry run, where the new columns may be known and the new rows are not. */
export function predict(
  { method, storage, kind }: Pick<ReplaceRequest, 'method' | 'storage' | 'kind'>,
  old: RelationFacts,
  columns: readonly { readonly name: string; readonly type: string }[] | null,
  catalog: CatalogFacts,
): { readonly how: Replacement['how'] | null; readonly why: string } {
  const other = otherKind(old, kind === 'materialized_view')
  const change =
    other ??
    (columns === null ? null : describeChange(compareColumns(old, columns))) ??
    describeStorage(old, storage, null)
  if (method === 'in_place') return { how: method, why: forced(method, change) }
  const swap = swapLosses(old, expected(old, kind, columns), catalog)
  const swapped = (why: string) => ({ how: 'swap', why: [why, ...refused(swap)].join('; ') }) as const
  if (method === 'swap') return swapped(change ?? forced(method, null))
  if (change !== null) return swapped(change)
  if (columns === null) return { how: null, why: `by its columns, ${size(old.bytes)}` }
  const inPlace = inPlaceLosses(old, null)
  if (inPlace.length > 0) return swapped(`${inPlace[0]!.what}: ${inPlace[0]!.why}`)
  if (swap.length > 0) return { how: 'in_place', why: `same columns, keeps ${swap[0]!.what}` }
  if (old.kind === 'p') return { how: 'swap', why: 'partitioned' }
  const stays = old.publications.length > 0 || old.bytes <= IN_PLACE_BYTES
  return { how: stays ? 'in_place' : 'swap', why: `same columns, ${size(old.bytes)}` }
}

/** What a new relation with these columns would be; those that are not known stay as they are. */
function expected(
  old: RelationFacts,
  kind: ReplaceRequest['kind'],
  columns: readonly { readonly name: string; readonly type: string }[] | null,
): RelationFacts {
  const letter = kind === 'materialized_view' ? 'm' : old.kind === 'p' ? 'p' : 'r'
  const given = columns?.map(({ name, type }) => ({ ...BARE_COLUMN, name, type }))
  return { ...old, kind: letter, columns: given ?? old.columns.filter((c) => c.generated === '') }
}

const BARE_COLUMN = {
  ...{ notNull: false, default: null, identity: '', sequence: null, generated: '', statistics: null, storage: '' },
  ...{ typeStorage: '', compression: '', options: null, rights: null, comment: null, labels: [] },
} as const

function refused(losses: readonly Loss[]): readonly string[] {
  return losses.length === 0 ? [] : [`would be refused: ${losses.map(({ what, why }) => `${what}: ${why}`).join('; ')}`]
}

function forced(method: ReplaceMethod, change: string | null): string {
  const impossible = method === 'in_place' && change !== null
  return impossible ? `forced by \`replace: ${method}\`, but impossible: ${change}` : `forced by \`replace: ${method}\``
}

/** Null when a table takes the place of a table; only then its rows can be changed where they are. */
function otherKind(old: RelationFacts, materialized: boolean): string | null {
  if (old.kind === 'm') return materialized ? 'a new definition' : 'a materialized view stands there'
  if (old.kind === 'v') return 'a view stands there'
  return materialized ? 'a table stands there' : null
}

/** `820 MB`, for people. */
export function size(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} kB`
  const megabytes = bytes / (1024 * 1024)
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`
}
