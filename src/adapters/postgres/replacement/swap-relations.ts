import type { PostgresConnection } from '../postgres-connection.ts'
import { compareColumns } from './compare-shape.ts'
import type { DeclaredIndex } from './declared-index.ts'
import type { ExclusiveLocks } from './exclusive-locks.ts'
import { shelve } from './leave-rebuilt.ts'
import type { CatalogFacts, RelationFacts } from './relation-facts.ts'
import { repointReaders } from './repoint-readers.ts'
import { beforeDrop, finalNames, rename, restoreTable } from './restore-statements.ts'
import { runBatch } from './run-batch.ts'
import { asideName } from './shortened.ts'
import { kindWord, qualified } from './sql-words.ts'

/** The views above a relation, those first that read others of them: the order in which a reader locks them. */
export function readersAbove(
  old: RelationFacts,
  catalog: CatalogFacts,
  follows: (reader: RelationFacts, columns: readonly string[]) => boolean,
): readonly RelationFacts[] {
  const order: RelationFacts[] = []
  const seen = new Set<number>([old.oid])
  const visit = (relation: RelationFacts, deep: boolean): void => {
    for (const { oid, columns } of relation.readers) {
      const reader = catalog.relations.find((r) => r.oid === oid)
      if (reader === undefined || seen.has(oid)) continue
      seen.add(oid)
      if (deep || follows(reader, columns)) visit(reader, true)
      order.push(reader)
    }
  }
  visit(old, false)
  return order.sort((a, b) => heightOf(b, catalog) - heightOf(a, catalog))
}

function heightOf(relation: RelationFacts, catalog: CatalogFacts): number {
  const below = catalog.relations.filter((r) => r.readers.some((reader) => reader.oid === relation.oid))
  return Math.max(0, ...below.map((r) => 1 + heightOf(r, catalog)))
}

/** Puts a dressed relation into the place of the old one. Readers are locked out from here to the commit. */
export async function swapRelations(
  connection: PostgresConnection,
  locks: ExclusiveLocks,
  pair: { readonly old: RelationFacts; readonly staged: RelationFacts; readonly isKept: boolean },
  catalog: CatalogFacts,
  declared: readonly DeclaredIndex[],
): Promise<void> {
  const { old, staged, isKept } = pair
  const { retyped } = compareColumns(old, staged.columns)
  const follows = (_: RelationFacts, columns: readonly string[]) => retyped.some(({ name }) => columns.includes(name))
  await locks.take([...readersAbove(old, catalog, follows), old], 'access exclusive')
  const now = { ...staged, name: old.name }
  const aside = asideName(old.oid)
  await runBatch(connection, [rename(old, aside), rename(staged, old.name)])
  await repointReaders(connection, old, catalog)
  const sameKind = (old.kind === 'r' || old.kind === 'p') && (now.kind === 'r' || now.kind === 'p')
  await runBatch(connection, [
    ...(sameKind ? beforeDrop(old, now) : []),
    ...(isKept
      ? shelve(old, aside, staged.name)
      : [`drop ${kindWord(old.kind)} ${qualified({ schema: old.schema, name: aside })}`]),
    ...finalNames(old, staged, now, declared),
    ...(sameKind ? restoreTable(old, now) : []),
  ])
}
