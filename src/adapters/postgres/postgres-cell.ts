import type { Cell } from '../adapter.ts'
import { knownType } from './postgres-type.ts'

/** How a value of a type is read: by the type itself, or by the one that an array holds. */
export interface CellType {
  readonly oid: number
  /** The type of an array's elements. */
  readonly element?: number | undefined
  readonly delimiter?: string | undefined
}

type Convert = (text: string) => Cell

/** The type of a built-in OID as a cell's; undefined when the server has to be asked. */
export function knownCellType(oid: number): CellType | undefined {
  const type = knownType(oid)
  return type === undefined ? undefined : { oid, element: type.element }
}

/**
 * What turns the server's text into cells of the same form as DuckDB's: integers are numbers up to 2^53 and bigint above,
 * decimals, dates, times and uuids are text, blobs are `\x` and hex digits, times with a zone are in UTC (the session's zone).
 * Types that JavaScript lacks stay the engine's text.
 */
export function cellConverter(type: CellType): Convert {
  if (type.element === undefined) return scalarConverter(type.oid)
  const convert = scalarConverter(type.element)
  const delimiter = type.delimiter ?? ','
  return (text) => readArray(text, delimiter, convert)
}

function scalarConverter(oid: number): Convert {
  switch (oid) {
    case 16:
      return (text) => text === 't'
    case 20:
      return integer
    case 21:
    case 23:
    case 26:
    case 700:
    case 701:
      return Number
    case 114:
    case 3802:
      return (text) => JSON.parse(text) as Cell
    case 1082:
    case 1114:
    case 1184:
      return (text) => text.replace(/ BC$/, ' (BC)')
    case 1186:
      return interval
    case 2278:
      return () => null
    default:
      return (text) => text
  }
}

function integer(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** Postgres writes `-1 mons +1 day` where DuckDB writes `-1 month 1 day`. */
function interval(text: string): string {
  return text.replace(/\+?(-?\d+) (year|mon|day)s?/g, (_, count: string, unit: string) => {
    const name = unit === 'mon' ? 'month' : unit
    return `${count} ${name}${/^-?1$/.test(count) ? '' : 's'}`
  })
}

/** Reads an array's text, `{a,"b, c",NULL,{…}}`, which may begin with its bounds: `[0:1]={…}`. */
function readArray(text: string, delimiter: string, convert: Convert): readonly Cell[] {
  let at = text.indexOf('{')
  const item = (): Cell => {
    if (text[at] === '{') return list()
    if (text[at] === '"') return convert(quoted())
    const start = at
    while (text[at] !== delimiter && text[at] !== '}') at++
    const word = text.slice(start, at)
    return word === 'NULL' ? null : convert(word)
  }
  const quoted = (): string => {
    let value = ''
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === '\\') at++
      value += text[at]
    }
    at++
    return value
  }
  const list = (): Cell[] => {
    const items: Cell[] = []
    at++
    while (text[at] !== '}') {
      items.push(item())
      if (text[at] === delimiter) at++
    }
    at++
    return items
  }
  return list()
}
