import type { DuckDbConnection } from './duckdb-connection.ts'

const WHOLE = '[+-]?(0|[1-9][0-9]*)'
const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const TIME = '[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?'
const ZONE = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)'

interface Facts {
  readonly count: number
  readonly isWhole: boolean
  readonly fitsBigint: boolean
  readonly fitsHugeint: boolean
  readonly isFraction: boolean
  readonly digits: number
  readonly scale: number
  readonly isFloat: boolean
  readonly isBoolean: boolean
  readonly isDate: boolean
  readonly isTimestamp: boolean
  readonly isZoned: boolean
}

/**
 * Types for columns of text, from all their values: what no value contradicts, and what keeps every digit. Numbers with
 * leading zeros stay text, whole numbers beyond 64 bits are `HUGEINT` or text, fractions are decimals.
 */
export async function inferTypes(
  connection: DuckDbConnection,
  table: string,
  columns: readonly string[],
): Promise<readonly string[]> {
  if (columns.length === 0) return []
  const facts = columns.map((column, i) => factsSql(column, `f${i}`))
  const { rows } = await connection.query(`select ${facts.join(',\n')} from ${table}`)
  return rows[0]!.map((fact) => typeOf(fact as unknown as Facts))
}

function factsSql(c: string, name: string): string {
  // An empty cell speaks for no type and against none.
  const all = (condition: string) => `coalesce(bool_and(${condition}) filter (where ${c} is not null), false)`
  const matches = (pattern: string) => `regexp_full_match(${c}, '${pattern}')`
  const fields: { readonly [key in keyof Facts]: string } = {
    count: `count(${c})`,
    isWhole: all(matches(WHOLE)),
    fitsBigint: all(`try_cast(${c} as bigint) is not null`),
    fitsHugeint: all(`try_cast(${c} as hugeint) is not null`),
    isFraction: all(matches(`${WHOLE}([.][0-9]+)?`)),
    digits: `coalesce(max(length(regexp_extract(${c}, '^[+-]?([0-9]+)', 1))), 0)`,
    scale: `coalesce(max(length(regexp_extract(${c}, '[.]([0-9]+)$', 1))), 0)`,
    isFloat: all(matches(`${WHOLE}([.][0-9]+)?([eE][+-]?[0-9]+)?`)),
    isBoolean: all(`lower(${c}) in ('true', 'false')`),
    isDate: all(`${matches(DAY)} and try_cast(${c} as date) is not null`),
    isTimestamp: all(`${matches(`${DAY}[ T]${TIME}`)} and try_cast(${c} as timestamp) is not null`),
    isZoned: all(`${matches(`${DAY}[ T]${TIME}${ZONE}`)} and try_cast(${c} as timestamptz) is not null`),
  }
  return `{${Object.entries(fields)
    .map(([key, sql]) => `${key}: ${sql}`)
    .join(', ')}} as ${name}`
}

function typeOf(facts: Facts): string {
  if (facts.count === 0) return 'VARCHAR'
  if (facts.isBoolean) return 'BOOLEAN'
  if (facts.isWhole) return facts.fitsBigint ? 'BIGINT' : facts.fitsHugeint ? 'HUGEINT' : 'VARCHAR'
  if (facts.isFraction) {
    if (facts.digits + facts.scale <= 18) return `DECIMAL(18,${facts.scale})`
    return facts.digits + facts.scale <= 38 ? `DECIMAL(38,${facts.scale})` : 'VARCHAR'
  }
  if (facts.isFloat) return 'DOUBLE'
  if (facts.isDate) return 'DATE'
  if (facts.isTimestamp) return 'TIMESTAMP'
  return facts.isZoned ? 'TIMESTAMP WITH TIME ZONE' : 'VARCHAR'
}
