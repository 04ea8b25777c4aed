import { type FaultDetails, quoted, type RawFault } from './raw-fault.ts'
import { quotedNames } from './server-error.ts'

/** Why the server ended a connection; without a state it only fell silent. */
const ENDINGS: { readonly [state: string]: string } = {
  '25P03': 'the server ended the connection, because its transaction was idle for too long',
  '25P04': 'the server ended the connection, because its transaction took too long',
  '57P01': 'the server ended the connection: it shuts down, or an administrator did it',
  '57P02': 'the server ended the connection, because another of its processes crashed',
  '57P03': 'the server accepts no connections now: it starts or shuts down',
  '57P04': 'the database was dropped',
  '57P05': 'the server ended the connection, because it was idle for too long',
}

/** A timeout and a cancel both come as 57014 and differ in their text alone: a timeout in the server's languages. */
const TIMEOUT =
  /time-?out|Zeitüberschreitung|délai|tiempo de espera|tempo limite|тайм|таймаут|タイムアウト|시간 ?초과|超时|czasu|zaman aşımı/i

export function connectionFault({ error }: RawFault): FaultDetails {
  return {
    message: ENDINGS[error.code ?? ''] ?? 'the connection to the server was lost',
    hint: 'look whether the server runs, and into its log; then run again',
  }
}

export function timeoutOrCancel({ error }: RawFault): FaultDetails {
  if (!TIMEOUT.test(error.message))
    return { hint: 'another session cancelled it on the server; run again, or ask who did' }
  return {
    kind: 'statement-timeout',
    hint: 'raise `statement_timeout` of the target, or make the statement cheaper',
  }
}

export function constraintFault({ error }: RawFault): FaultDetails {
  const { code = '', table, column, constraint } = error
  const name = constraint ?? column
  if (table === undefined) return { name }
  const by = constraint === undefined ? '' : ` ${quoted(constraint)}`
  const words: { readonly [state: string]: string } = {
    '23502': `a row of ${quoted(table)} has no value for ${quoted(column ?? '')}, which must have one`,
    '23503': `a row breaks the foreign key${by} of ${quoted(table)}`,
    '23505': `two rows of ${quoted(table)} have the same key, which${by} wants to be unique`,
    '23514': `a row of ${quoted(table)} breaks the check${by}`,
    '23P01': `two rows of ${quoted(table)} exclude each other by${by}`,
  }
  return { name, message: words[code] }
}

/** What a role needs, by the kind of thing that it was refused. */
function rightOn(kind: string, name: string, sql: string): string {
  const verb = /^\s*(insert|update|delete|truncate|lock)\b/i.exec(sql)?.[1]?.toLowerCase() ?? 'select'
  const rights: { readonly [kind: string]: string } = {
    schema: `grant usage, create on schema ${name}`,
    database: `grant create on database ${name}`,
    function: `grant execute on function ${name}`,
    sequence: `grant usage on sequence ${name}`,
  }
  // Locks are taken before rows are replaced.
  return rights[kind] ?? `grant ${verb === 'lock' ? 'select, insert, delete' : verb} on ${name}`
}

export function permissionFault({ error, sql }: RawFault): FaultDetails {
  const owned = /^must be owner of (.+) "?([^" ]+)"?$/.exec(error.message)
  if (owned !== null) {
    return {
      name: owned[2],
      message: `only the owner of the ${owned[1]} ${quoted(owned[2]!)} may do this`,
      hint: 'set `role` of the target to its owner, or give it to the role of the connection',
    }
  }
  const denied = /^permission denied for (.+) "?([^" ]+)"?$/.exec(error.message)
  if (denied === null) {
    const hint = 'ask an administrator for the right, or set `role` of the target to a role that has it'
    return { name: quotedNames(error.message)[0], hint }
  }
  const [, kind = '', name = ''] = denied
  return {
    name,
    message: `the role of the connection lacks a right on the ${kind} ${quoted(name)}`,
    hint: `its owner can give it, for example with \`${rightOn(kind, name, sql)} to …\`; or set \`role\` of the target`,
  }
}
