import { type DatabaseError, UserError } from '../../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { RelationName } from '../../../sql/relation.ts'
import type { DuplicateRule } from '../../duckdb/deduplicate.ts'
import type { Vanished } from '../../duckdb/load-site.ts'
import { keptRowsUnfit } from '../../load/load-errors.ts'
import type { LoadRequest } from '../../load.ts'
import type { PostgresConnection } from '../postgres-connection.ts'
import { postgresDialect } from '../postgres-dialect.ts'
import { removeDuplicates } from './deduplicate.ts'
import { isBadValue } from './find-unfit.ts'
import { tableTypes } from './table-types.ts'
import { takesText } from './type-map.ts'

/**
 * Takes the rows of files that vanished over into a staged table. Returns how many new rows are duplicates of them and went.
 * Raises `UserError` when their values do not fit the types of today.
 */
export async function keepVanished(
  connection: PostgresConnection,
  load: { readonly request: LoadRequest; readonly staged: RelationName },
  { files, target }: Vanished,
  rule: DuplicateRule | undefined,
): Promise<number> {
  const { request, staged } = load
  const shared = [...((await tableTypes(connection, staged)) ?? [])].filter(([name]) => target.has(name))
  const names = shared.map(([name]) => quoteIdentifier(name)).join(', ')
  const values = shared.map(([name, type]) => converted(quoteIdentifier(name), target.get(name)!, type)).join(', ')
  const listed = files.map(quoteString).join(', ')
  try {
    await connection.execute(`insert into ${postgresDialect.relation(staged)} (${names})
select ${values} from ${postgresDialect.relation(request.target)} where _file in (${listed})`)
  } catch (error) {
    if (!isBadValue(error)) throw error
    const { locationSpan: span } = request.files
    throw new UserError(keptRowsUnfit({ files, reason: (error as DatabaseError).fault.message }, { span }))
  }
  if (rule === undefined) return 0
  const gone = await removeDuplicates(connection, staged, rule)
  return [...gone].reduce((sum, [file, count]) => (files.includes(file) ? sum : sum + count), 0)
}

/** By way of the text, because a cast would cut, round or not be there. */
function converted(column: string, from: string, to: string): string {
  if (from === to) return column
  return takesText(to) ? `${column}::text` : `${column}::text::${to}`
}
