import { quoteString } from '../../sql/quote.ts'
import { type CellType, knownCellType } from './postgres-cell.ts'
import type { WireColumn } from './postgres-query.ts'
import { typeName } from './postgres-type.ts'

export interface ResultType {
  readonly name: string
  readonly cell: CellType
}

type Ask = (sql: string) => Promise<readonly (readonly (string | null)[])[]>

/** The types of a connection's results. Built-in ones are known; the server is asked once for each other. */
export class ResultTypes {
  readonly #asked = new Map<string, ResultType>()

  async of(columns: readonly WireColumn[], ask: Ask): Promise<readonly ResultType[]> {
    const found = columns.map((column) => this.#known(column))
    const missing = columns.filter((_, i) => found[i] === undefined)
    if (missing.length > 0) await this.#ask(missing, ask)
    return columns.map((column, i) => found[i] ?? this.#asked.get(keyOf(column))!)
  }

  #known(column: WireColumn): ResultType | undefined {
    const name = typeName(column.typeOid, column.modifier)
    const cell = knownCellType(column.typeOid)
    return name === undefined || cell === undefined ? this.#asked.get(keyOf(column)) : { name, cell }
  }

  async #ask(columns: readonly WireColumn[], ask: Ask): Promise<void> {
    const values = columns.map((c) => `(${c.typeOid}::oid, ${c.modifier}, ${quoteString(keyOf(c))})`).join(', ')
    const rows = await ask(
      `select v.key, pg_catalog.format_type(v.oid, v.modifier),
  case when e.typarray = t.oid then coalesce(nullif(e.typbasetype, 0), e.oid) end, e.typdelim
from (values ${values}) v (oid, modifier, key)
left join pg_catalog.pg_type t on t.oid = v.oid
left join pg_catalog.pg_type e on e.oid = t.typelem`,
    )
    for (const column of columns) {
      const [, name, element, delimiter] = rows.find((row) => row[0] === keyOf(column)) ?? []
      this.#asked.set(keyOf(column), {
        name: name ?? 'unknown',
        cell: {
          oid: column.typeOid,
          element: element == null ? undefined : Number(element),
          delimiter: delimiter ?? undefined,
        },
      })
    }
  }
}

function keyOf(column: WireColumn): string {
  return `${column.typeOid}/${column.modifier}`
}
