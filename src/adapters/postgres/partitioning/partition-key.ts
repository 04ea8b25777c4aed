import { createHash } from 'node:crypto'
import { UserError } from '../../../base/errors.ts'
import { quoteIdentifier, quoteString } from '../../../sql/quote.ts'
import type { ResultColumn } from '../../adapter.ts'
import type { PartitionSpec } from '../../replacement.ts'
import { shortened } from '../replacement/shortened.ts'
import { unfitPartitionColumn } from './errors.ts'

/** One partition that rows ask for. */
export interface PartitionKey {
  /** What stands behind the table's name in that of the partition. */
  readonly label: string
  /** `for values …`. */
  readonly bound: string
  /** Which rows belong to it. */
  readonly condition: string
}

/** Beyond, planning a query and locking take their toll. */
export const MAX_PARTITIONS = 2000

/** Types that cannot be compared, and those that cannot be hashed. */
const UNORDERED = /^(?:json|xml|point|line|lseg|box|path|polygon|circle)$/
const UNHASHED = /^(?:money|bit(?: varying)?(?:\(\d+\))?|tsvector|tsquery)$/

/** How the rows of a column are spread over partitions. */
export class PartitionKeys {
  readonly spec: PartitionSpec
  readonly #column: string
  readonly #type: string

  /** Raises `UserError` when the column's type does not fit. */
  constructor(spec: PartitionSpec, columns: readonly ResultColumn[]) {
    const { type } = columns.find((column) => column.name === spec.column)!
    this.spec = spec
    this.#column = quoteIdentifier(spec.column)
    this.#type = type.replace(/^(timestamp)\(\d\)/, '$1')
    const wanted = this.#wanted()
    if (wanted !== null) throw new UserError(unfitPartitionColumn({ column: spec.column, type, wanted }))
  }

  #wanted(): string | null {
    const { kind } = this.spec
    if (kind === 'range') return /^(?:date$|timestamp with)/.test(this.#type) ? null : 'a date or a timestamp'
    if (UNORDERED.test(this.#type)) return 'a type whose values can be compared'
    return kind === 'hash' && UNHASHED.test(this.#type) ? 'a type whose values can be hashed' : null
  }

  /** `range ("day")`: as `partition by` takes it, and as the catalog tells it but for quotes. */
  get clause(): string {
    return `${this.spec.kind} (${this.#column})`
  }

  /** One row for every key, but those that `known` holds, which is about the columns of the rows. */
  query(rows: string, known: string | null): string {
    const unknown = known === null ? '' : ` and not (${known})`
    const limit = `limit ${MAX_PARTITIONS + 1}`
    if (this.spec.kind === 'list')
      return `select k::text from (select distinct ${this.#column} as k from ${rows} where ${this.#column} is not null${unknown}) x order by 1 ${limit}`
    const step = `interval '1 ${this.#granularity}'`
    return `select to_char(k, 'YYYY-MM-DD'), to_char(k + ${step}, 'YYYY-MM-DD')
from (select distinct date_trunc('${this.#granularity}', ${this.#utc()}) as k from ${rows}
  where ${this.#column} >= ${this.#literal('0001-01-01')} and ${this.#column} < ${this.#literal('9999-01-01')}) x
where true${unknown} order by 1 ${limit}`
  }

  /** Keys of a range that overlap with partitions of the given bounds, as a condition on `k`. */
  overlap(bounds: readonly (readonly [string, string])[]): string | null {
    if (bounds.length === 0) return null
    const step = `interval '1 ${this.#granularity}'`
    const values = bounds.map(([from, to]) => `(${this.#instant(from)}, ${this.#instant(to)})`)
    return `exists (select from (values ${values.join(', ')}) b (f, t) where b.f < k + ${step} and b.t > k)`
  }

  /** A row of `query` as a partition. */
  keyOf(row: readonly unknown[]): PartitionKey {
    const first = String(row[0])
    if (this.spec.kind === 'list') {
      const value = quoteString(first)
      const condition = `${this.#column} = ${value}::${this.#type}`
      return { label: `_${listLabel(first)}`, bound: `for values in (${value})`, condition }
    }
    const [from, to] = [this.#literal(first), this.#literal(String(row[1]))]
    return {
      label: first.slice(0, { day: 10, month: 7, year: 4 }[this.#granularity]).replaceAll('-', '_'),
      bound: `for values from (${from}) to (${to})`,
      condition: `${this.#column} >= ${from} and ${this.#column} < ${to}`,
    }
  }

  /** All partitions of a hash. */
  remainders(count: number): readonly PartitionKey[] {
    return Array.from({ length: count }, (_, at) => ({
      label: String(at),
      bound: `for values with (modulus ${count}, remainder ${at})`,
      condition: 'false',
    }))
  }

  get granularity(): 'day' | 'month' | 'year' | null {
    return this.spec.kind === 'range' ? this.spec.granularity : null
  }

  get #granularity(): 'day' | 'month' | 'year' {
    return this.granularity!
  }

  /** Timestamps with a time zone are cut at midnight of UTC, whatever the session's zone. */
  #utc(): string {
    if (this.#type === 'timestamp with time zone') return `${this.#column} at time zone 'UTC'`
    return `${this.#column}::timestamp`
  }

  #literal(day: string): string {
    if (this.#type === 'date') return quoteString(day)
    return quoteString(`${day} 00:00:00${this.#type === 'timestamp with time zone' ? '+00' : ''}`)
  }

  /** A bound as the catalog writes it, as a timestamp without a zone in UTC. */
  #instant(bound: string): string {
    if (bound === 'MINVALUE' || bound === 'MAXVALUE') return `'${bound === 'MINVALUE' ? '-' : ''}infinity'::timestamp`
    return this.#type === 'timestamp with time zone'
      ? `${bound}::timestamptz at time zone 'UTC'`
      : `${bound}::timestamp`
  }
}

/** Values that are words stay as they are; a hash keeps the others apart. */
function listLabel(value: string): string {
  if (/^\w{1,40}$/.test(value)) return value
  return `${value.replaceAll(/\W/gu, '_').slice(0, 31)}_${hash(value)}`
}

/** `orders_p2024_01`; where that is too long, the table's part is cut and a hash keeps two of them apart. */
export function partitionName(table: string, label: string): string {
  const whole = `${table}_p${label}`
  if (Buffer.byteLength(whole) <= 63) return whole
  return shortened(table, `_${hash(table)}_p${label}`)
}

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
