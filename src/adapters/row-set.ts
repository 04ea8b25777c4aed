/** One value of a result. Decimals, dates, times and uuids are text in ISO form; integers above 2^53 are bigint. */
export type Cell = null | boolean | number | bigint | string | readonly Cell[] | { readonly [key: string]: Cell }

export interface ResultColumn {
  readonly name: string
  /** The engine's own name of the type, for example `DECIMAL(18,2)`. */
  readonly type: string
}

export interface RowSet {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly (readonly Cell[])[]
}
