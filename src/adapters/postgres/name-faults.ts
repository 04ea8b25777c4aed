import { significantTokens } from '../../sql/scan-sql.ts'
import { type FaultDetails, plainName, quoted, type RawFault } from './raw-fault.ts'
import { quotedNames } from './server-error.ts'

/** Postgres keeps 63 bytes of a name, so that a longer one is not found or meets another. */
function cutHint(sql: string): string | undefined {
  for (const { kind, start, end } of significantTokens(sql)) {
    if (kind !== 'word' && kind !== 'name') continue
    const name = plainName(sql.slice(start, end))
    if (Buffer.byteLength(name) > 63) return `Postgres cuts names after 63 bytes: ${quoted(name)} is too long`
  }
  return undefined
}

/** A fault whose message names the thing and says all that there is to say. */
export function named({ error }: RawFault): FaultDetails {
  return { name: quotedNames(error.message)[0] }
}

export function columnMissing({ error, token, sql }: RawFault): FaultDetails {
  const dotted = /\S+\.\S+/.exec(error.message)?.[0]
  const written = dotted === undefined || token.toLowerCase() === dotted ? token : dotted
  const name = quotedNames(error.message)[0] ?? plainName(written)
  const offered = quotedNames(error.hint ?? '')
  const elsewhere = offered.filter((o) => o.includes('.') && plainName(o) === name)
  return {
    name,
    candidates: offered.map(plainName).filter((o) => o !== name),
    hint: cutHint(sql) ?? (elsewhere.length > 0 ? `write ${elsewhere.map(quoted).join(' or ')}` : undefined),
  }
}

export function tableMissing({ error, sql }: RawFault): FaultDetails {
  const name = quotedNames(error.message)[0]
  if (error.routine !== 'errorMissingRTE') return { name, hint: cutHint(sql) ?? error.hint }
  const [alias] = quotedNames(error.hint ?? '')
  // Up to version 15 the hint may name the table itself, which is there and cannot be reached.
  return {
    name,
    hint: alias === undefined || alias === name ? error.hint : `write ${quoted(alias)}, the alias that it has here`,
  }
}

export function schemaMissing({ error, token }: RawFault): FaultDetails {
  const name = quotedNames(error.message)[0]
  if (error.code !== '0A000') return { name }
  const database = (name ?? token).split('.')[0]!
  return {
    kind: 'unsupported',
    name: database,
    message: `${quoted(database)} is another database, and a statement sees that of its connection only`,
    hint: 'name a schema and a table alone, or connect to the other database',
  }
}

export function ambiguous({ token }: RawFault): FaultDetails {
  return token === '' ? {} : { name: plainName(token) }
}

export function exists({ error, sql }: RawFault): FaultDetails {
  const name = quotedNames(error.message)[0]
  return name === undefined ? {} : { name, message: `${quoted(name)} exists already`, hint: cutHint(sql) }
}

export function duplicateName({ error, sql }: RawFault): FaultDetails {
  const name = quotedNames(error.message)[0]
  if (name === undefined) return {}
  if (error.routine === 'check_for_column_name_collision') {
    return { kind: 'exists', name, message: `there is a column ${quoted(name)} already` }
  }
  if (error.code !== '42701') {
    return { name, message: `${quoted(name)} stands twice here`, hint: 'give one of them another name' }
  }
  return {
    name,
    message: `two columns are called ${quoted(name)}`,
    hint:
      cutHint(sql) ??
      'leave one out, or give it another name with `as`; `*` over a join takes the columns of both sides',
  }
}

export function viewColumns({ error }: RawFault): FaultDetails {
  const [column, other] = quotedNames(error.message)
  const types = / from (.+) to (.+)$/.exec(error.message)
  const change =
    column === undefined
      ? 'would lose columns that it has now'
      : other !== undefined
        ? `has a column ${quoted(column)}, where ${quoted(other)} would stand`
        : `has a column ${quoted(column)} whose type would change${types === null ? '' : ` from ${types[1]} to ${types[2]}`}`
  return {
    name: column,
    message: `the view ${change}`,
    hint: '`create or replace view` can only add columns at the end: drop the view and what reads it, and make them again',
  }
}
