import { nearestNames } from '../../base/nearest.ts'
import { functionHint, operatorHint, typeHint } from './foreign-sql.ts'
import { KNOWN_FUNCTIONS } from './known-functions.ts'
import { type FaultDetails, plainName, quoted, type RawFault } from './raw-fault.ts'
import { quotedNames, type ServerError } from './server-error.ts'

/** Where the server wanted one type and had another: a cast is what is missing. */
const CAST_HELPS: readonly string[] = [
  'coerce_to_boolean',
  'coerce_to_specific_type_typmod',
  'select_common_type',
  'transformAssignedExpr',
]

/** `lower(integer, integer)` in a message of any language. */
function signatureOf(message: string): { name: string; types: string } | undefined {
  const found = /((?:[\p{L}\p{N}_$]+\.|"[^"]+"\.)*(?:[\p{L}\p{N}_$]+|"[^"]+"))\((.*)\)/u.exec(message)
  return found === null ? undefined : { name: found[1]!, types: found[2]! }
}

function notDefined(name: string, types: string): string {
  return `${quoted(name)} is not defined for ${types === '' ? 'no arguments' : `(${types})`}`
}

/** The same state says that there is no such function and that there is one for other arguments. */
export function functionMissing({ error, token }: RawFault): FaultDetails {
  const signature = signatureOf(error.message)
  const builtIn = signature?.name.startsWith('pg_catalog.') === true
  const name = plainName(builtIn && token !== '' ? token : (signature?.name ?? token))
  const types = signature?.types ?? ''
  if (builtIn || KNOWN_FUNCTIONS.includes(name)) {
    const double = name === 'round' && types.startsWith('double precision,')
    const hint = double ? 'cast the first argument: `round(x::numeric, 2)`' : 'cast an argument to a type that fits'
    return { kind: 'type', name, message: notDefined(name, types), hint }
  }
  const instead = functionHint(name)
  if (instead !== undefined) return { name, hint: instead }
  const near = nearestNames(name, KNOWN_FUNCTIONS).length > 0
  const elsewhere = 'if there is one, it takes other arguments, or its schema is not on the `search_path`'
  return { name, candidates: KNOWN_FUNCTIONS, hint: near ? undefined : elsewhere }
}

export function typeFault({ error, token }: RawFault): FaultDetails {
  const { message, routine = '', code } = error
  if (code === '42725') return severalFunctions(error, token)
  if (code === '42704') {
    const name = quotedNames(message)[0] ?? plainName(token)
    return { name, message: `there is no type ${quoted(name)}`, hint: typeHint(name) }
  }
  if (routine === 'op_error') return operator(message)
  if (routine === 'get_sort_group_operators') {
    return { hint: 'cast it to a type that can be compared, for example `jsonb`' }
  }
  return CAST_HELPS.includes(routine) ? { hint: 'cast the value to the type that is wanted' } : {}
}

/** `operator does not exist: text = integer`, in any language. */
function operator(message: string): FaultDetails {
  const found = /: (?:(.+?) )?([-+*/<>=~!@#%^&|`?]+) (.+)$/.exec(message)
  if (found === null) return {}
  const [, left, symbol = '', right = ''] = found
  const types = left === undefined ? right : `${left}, ${right}`
  return {
    message: notDefined(asWritten(symbol), types),
    hint: operatorHint(symbol) ?? 'cast one side to the type of the other',
  }
}

/** `like` is an operator of its own name inside the server. */
function asWritten(symbol: string): string {
  const like = /^(!?)~~(\*?)$/.exec(symbol)
  return like === null ? symbol : `${like[1] === '' ? '' : 'not '}${like[2] === '' ? 'like' : 'ilike'}`
}

function severalFunctions({ message }: ServerError, token: string): FaultDetails {
  const types = signatureOf(message)?.types
  const hint = 'cast the arguments, so that one fits'
  if (types === undefined || token === '') return { hint }
  return {
    name: plainName(token),
    message: `${quoted(plainName(token))} could mean several functions for (${types})`,
    hint,
  }
}
