import { quoteString } from '../../../sql/quote.ts'
import type { PostgresConnection } from '../postgres-connection.ts'

interface Column {
  readonly name: string
  readonly type: string
}

/** Types as the catalog writes them: `decimal(18, 2)` is `numeric(18,2)`. What the server does not know stays as it is. */
export async function normalTypes(
  connection: PostgresConnection,
  columns: readonly Column[],
): Promise<readonly Column[]> {
  if (columns.length === 0) return []
  const parts = columns.map(({ type }) => splitType(type))
  const asked = parts.map(({ base }) => `format_type(to_regtype(${quoteString(base)}), null)`).join(', ')
  const row = (await connection.query(`select ${asked}`)).rows[0]!
  return columns.map(({ name, type }, i) => {
    const known = row[i]
    const { modifier, array } = parts[i]!
    return typeof known === 'string' ? { name, type: joinType(known, modifier) + array } : { name, type }
  })
}

/** The modifier may stand in the middle: `timestamp(3) with time zone`. */
function splitType(type: string): { readonly base: string; readonly modifier: string | null; readonly array: string } {
  const array = /(?:\s*\[\d*\])+$/.exec(type)?.[0] ?? ''
  const single = type.slice(0, type.length - array.length)
  const modifier = /\(([^()]*)\)/.exec(single)
  if (modifier === null) return { base: single.trim(), modifier: null, array: array === '' ? '' : '[]' }
  const base = `${single.slice(0, modifier.index)} ${single.slice(modifier.index + modifier[0].length)}`
  return { base: base.trim(), modifier: modifier[1]!.replaceAll(/\s/g, ''), array: array === '' ? '' : '[]' }
}

function joinType(base: string, modifier: string | null): string {
  if (modifier === null) return base === 'character' || base === 'bit' ? `${base}(1)` : base
  const full = base === 'numeric' && !modifier.includes(',') ? `${modifier},0` : modifier
  const time = /^(time|timestamp)( with.*)$/.exec(base)
  return time === null ? `${base}(${full})` : `${time[1]}(${full})${time[2]}`
}
