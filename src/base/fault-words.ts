import type { DatabaseFault } from './errors.ts'
import { didYouMean, nearestNames } from './nearest.ts'

/** What a fault is called in tsdbt's own words, and what to do about it. */
export interface FaultWords {
  readonly message: string
  readonly hints: readonly (string | undefined)[]
  readonly notes?: readonly string[] | undefined
}

interface Words {
  readonly message: string
  /** A name that was probably meant. */
  readonly near?: string | undefined
  /** What to do when the engine's adapter has no advice of its own. */
  readonly advice?: string | undefined
}

type Wording = (fault: DatabaseFault) => Words | undefined

/** Forms of SQL that look like functions and that no engine lists among them. */
const FUNCTION_FORMS: readonly string[] = [
  'coalesce',
  'nullif',
  'cast',
  'try_cast',
  'extract',
  'greatest',
  'least',
  'count',
  'exists',
  'position',
  'substring',
  'trim',
  'row_number',
  'dense_rank',
]

/** By kind of fault. A wording that does not apply leaves the engine's own text. */
const WORDINGS: { readonly [kind: string]: Wording } = {
  'column-missing': columnMissing,
  'table-missing': tableMissing,
  'schema-missing': ({ name }) =>
    name === undefined ? undefined : { message: `there is no schema or database ${quoted(name)}` },
  'function-missing': (fault) =>
    fault.name === undefined
      ? undefined
      : {
          message: `there is no function ${quoted(fault.name)}`,
          near: didYouMean(fault.name, [...(fault.candidates ?? []), ...FUNCTION_FORMS]),
        },
  ambiguous,
  grouping,
  syntax,
  type: typeMismatch,
  'lock-timeout': () => ({ message: 'another session holds a lock that this statement needs, and kept it too long' }),
  deadlock: () => ({
    message: 'this statement and another session waited for each other, and the engine ended this one',
  }),
  serialization: () => ({ message: 'another transaction changed the same rows while this one was open' }),
  'statement-timeout': () => ({ message: 'the statement took longer than it may' }),
  'too-many-connections': () => ({ message: 'the server has no free connection' }),
  'read-only': () => ({ message: 'this connection may only read' }),
  interrupted: () => ({ message: 'the statement was cancelled' }),
}

const HINTS: { readonly [kind: string]: string } = {
  deadlock: 'run again; if it comes back, lower `threads` or keep the other job away while tsdbt runs',
  serialization: 'run again',
  'out-of-memory': 'raise `memory_limit` or lower `threads` under `settings` of the target',
  'disk-full': 'free some space, or move the database or its `temp_directory`',
}

/** Words a fault: plain ones for the usual mistakes, the engine's own text for the others. */
export function faultWords(fault: DatabaseFault): FaultWords {
  const words = WORDINGS[fault.kind]?.(fault) ?? { message: fault.message, near: near(fault) }
  return {
    message: words.message,
    hints: [words.near, fault.hint ?? words.advice ?? HINTS[fault.kind]],
    notes: fault.notes,
  }
}

function quoted(name: string): string {
  return `\`${name}\``
}

/** The text at the place of the fault, without quotes around names. */
function tokenOf({ sql, offset, length }: DatabaseFault): string {
  if (sql === undefined || offset === undefined || length === undefined) return ''
  return sql.slice(offset, offset + length).replaceAll('"', '')
}

/** Candidates of an engine are often far from what was meant; only near ones are worth saying. */
function near({ name, candidates = [] }: DatabaseFault): string | undefined {
  return name === undefined ? undefined : didYouMean(name, candidates)
}

function columnMissing(fault: DatabaseFault): Words | undefined {
  if (fault.name === undefined) return undefined
  const plain = fault.name.split('.').at(-1)!
  const parts = [...new Set([tokenOf(fault), fault.name])].map((text) => text.split('.'))
  const owner = parts.find((p) => p.length > 1 && p.at(-1)!.toLowerCase() === plain.toLowerCase())?.at(-2)
  const where = owner === undefined ? 'here' : `in ${quoted(owner)}`
  return { message: `there is no column ${quoted(plain)} ${where}`, near: near({ ...fault, name: plain }) }
}

function tableMissing(fault: DatabaseFault): Words | undefined {
  const { name } = fault
  if (name === undefined) return undefined
  const token = tokenOf(fault).toLowerCase()
  if (token.startsWith(`${name.toLowerCase()}.`)) {
    return { message: `no table here is called ${quoted(name)}`, near: near(fault) }
  }
  const ours = nearestNames(name, fault.candidates ?? [])[0]
  const known = ours !== undefined && !/^(?:pg_|duckdb_|pragma_|sqlite_)/.test(ours.split('.').at(-1)!)
  return {
    message: `there is no table or view ${quoted(name)}`,
    near: known ? `did you mean ${quoted(ours)}?` : undefined,
  }
}

function ambiguous({ name, message }: DatabaseFault): Words | undefined {
  if (name === undefined) return undefined
  const choices = [...message.matchAll(/"([^"]+\.[^"]+)"/g)].map((m) => quoted(m[1]!))
  return {
    message: `${quoted(name)} is a column of more than one table here`,
    advice: choices.length === 0 ? 'write the alias of the table before the column' : `write ${choices.join(' or ')}`,
  }
}

function grouping({ message }: DatabaseFault): Words | undefined {
  const column = /^column "(.+?)" must appear in the GROUP BY clause/.exec(message)?.[1]
  if (column !== undefined) {
    return {
      message: `${quoted(column)} is neither in \`group by\` nor inside an aggregate`,
      advice: `add it to \`group by\`, or take for example \`any_value(${column})\``,
    }
  }
  const clause = /^(\w+(?: \w+)?) clause cannot contain (aggregates|window functions)/.exec(message)
  if (clause === null) return undefined
  return {
    message: `\`${clause[1]!.toLowerCase()}\` cannot contain ${clause[2]}`,
    advice:
      clause[2] === 'aggregates'
        ? 'filter groups with `having`'
        : 'filter by a window function with `qualify`, or in an outer query',
  }
}

function syntax({ message }: DatabaseFault): Words | undefined {
  if (message.startsWith('unterminated quoted string')) {
    return { message: 'this text has no end', advice: "close it with `'`; an apostrophe inside is written `''`" }
  }
  if (message.startsWith('unterminated quoted identifier')) {
    return { message: 'this name in quotes has no end', advice: 'close it with `"`' }
  }
  if (message.startsWith('unterminated /* comment')) {
    return { message: 'this comment has no end', advice: 'close it with `*/`' }
  }
  if (message === 'syntax error at end of input') return { message: 'the statement ends too early' }
  const token = /^syntax error at or near "([\s\S]+)"$/.exec(message)?.[1]
  return token === undefined ? undefined : { message: `syntax error at \`${token}\`` }
}

function typeMismatch(fault: DatabaseFault): Words | undefined {
  const call = /^No function matches the given name and argument types '(.+?)\((.*)\)'/.exec(fault.message)
  if (call === null) return undefined
  const types = call[2]!.replaceAll(/\b(INTEGER|STRING)_LITERAL\b/g, (_, type: string) =>
    type === 'STRING' ? 'VARCHAR' : type,
  )
  return {
    message: `${quoted(call[1]!)} is not defined for ${types === '' ? 'no arguments' : `(${types})`}`,
    advice: 'cast an argument to a type that fits',
  }
}
